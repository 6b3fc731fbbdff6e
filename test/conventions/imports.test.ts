import { describe, expect, it } from 'vitest';
import { brokenImportRules } from './import-rules.js';
import { importsOf, ourCode } from './source-files.js';

it('imports run one way, and every layer keeps to itself', () => {
  const code = ourCode();
  expect(code.length).toBeGreaterThan(50);
  expect(code.flatMap(brokenImportRules)).toEqual([]);
});

describe('the checker sees', () => {
  const broken: [string, string, string][] = [
    [
      'a table that knows another layer',
      'entities/a.entity.ts',
      "import { x } from '../src/shared/text.js';",
    ],
    ['a table that knows GraphQL', 'entities/a.entity.ts', "import { Field } from 'type-graphql';"],
    ['an area that leans sideways', 'src/meals/a.ts', "import { x } from '../beds/b.js';"],
    ['an area that leans upwards', 'src/network/a.ts', "import type { X } from '../meals/b.js';"],
    [
      'what lies beneath the areas leaning on one',
      'src/rule-versions/a.ts',
      "import { x } from '../meals/b.js';",
    ],
    [
      'an area that leans on what is not beneath it',
      'src/beds/a.ts',
      "import { x } from '../rule-versions/b.js';",
    ],
    ['an area that knows the boundary', 'src/meals/a.ts', "import { x } from '../../schema/context.js';"],
    ['an area that knows the server', 'src/meals/a.ts', "export { x } from '../server/b.js';"],
    ['an area that knows the settings', 'src/meals/a.ts', "import { x } from '../config/settings.js';"],
    ['an area that knows GraphQL', 'src/meals/a.ts', "import { GraphQLError } from 'graphql';"],
    ['an area that opens the database', 'src/meals/a.ts', 'const source = new DataSource(options);'],
    ['an area that asks the clock', 'src/meals/a.ts', 'const now = Date.now();'],
    ['an area that asks the clock otherwise', 'src/meals/a.ts', 'const now = new Date();'],
    ['what is shared leaning on an area', 'src/shared/a.ts', "import { x } from '../meals/b.js';"],
    ['an import over several lines', 'src/shared/a.ts', "import {\n  a,\n  type B,\n} from '../meals/b.js';"],
    ['an import for its effect', 'src/shared/a.ts', "import '../meals/b.js';"],
    ['an import at run time', 'src/shared/a.ts', "const b = await import('../meals/b.js');"],
    ['the boundary knowing the server', 'schema/a.ts', "import { x } from '../src/server/b.js';"],
    ['the boundary knowing the settings', 'schema/a.ts', "import { x } from '../src/config/b.js';"],
    ['SQL in the boundary', 'schema/meals/a.resolver.ts', "return manager.query('SELECT 1');"],
    ['settings read elsewhere', 'src/server/a.ts', 'const port = process.env.PORT;'],
    ['rules that know TypeORM', 'src/meals/a.rules.ts', "import type { EntityManager } from 'typeorm';"],
    [
      'rules that know a table',
      'src/meals/a.rules.ts',
      "import { Swipe } from '../../entities/swipe.entity.js';",
    ],
    ['rules that roll dice', 'src/meals/a.rules.ts', 'const luck = Math.random();'],
    [
      'a reader that knows a table',
      'reader/a.ts',
      "import { Swipe } from '../entities/meals/swipe.entity.js';",
    ],
    [
      'a reader that does the server’s work',
      'reader/a.ts',
      "import { record } from '../src/meals/record.js';",
    ],
    ['a reader that knows the boundary', 'reader/a.ts', "import type { X } from '../schema/context.js';"],
    ['a reader that knows an area of elders', 'reader/a.ts', "import type { X } from '../src/elders/a.js';"],
    ['a reader that knows TypeORM', 'reader/a.ts', "import { DataSource } from 'typeorm';"],
    ['a file of no layer', 'src/misc/a.ts', 'export const a = 1;'],
  ];

  it.each(broken)('%s', (_name, path, text) => {
    expect(brokenImportRules({ path, text })).toHaveLength(1);
  });

  const allowed: [string, string, string][] = [
    ['an area leaning on network', 'src/meals/a.ts', "import { covers } from '../network/scope.js';"],
    [
      'types and lists in rules',
      'src/meals/a.rules.ts',
      "import { meals, type Meal } from '../../entities/m.js';",
    ],
    ['an instant that was handed in', 'src/meals/a.ts', 'const later = new Date(now.getTime() + 1);'],
    ['a comment about the clock', 'src/meals/a.ts', '// Never Date.now() here.\n/* nor new Date() */'],
    ['a reader that takes rules', 'reader/a.ts', "import { decide } from '../src/meals/decide.rules.js';"],
    [
      'a reader that names types',
      'reader/a.ts',
      "import type { Meal } from '../entities/meals/meal.entity.js';",
    ],
    ['settings read by their reader', 'src/config/a.ts', 'const port = process.env.PORT;'],
  ];

  it.each(allowed)('nothing wrong in %s', (_name, path, text) => {
    expect(brokenImportRules({ path, text })).toEqual([]);
  });
});

it('an import statement is read whole', () => {
  const text = "import a, { b, type C } from '@apollo/server/errors';\nimport type { D } from './d.js';\n";
  expect(importsOf({ path: 'src/server/x.ts', text })).toEqual([
    { target: '@apollo/server', own: false, values: ['a', 'b'] },
    { target: 'src/server/d.ts', own: true, values: [] },
  ]);
});
