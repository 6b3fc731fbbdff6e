import { describe, expect, it } from 'vitest';
import { brokenFileRules, linesMax } from './file-rules.js';
import { ourFiles } from './source-files.js';

it('files are short, named by what they hold, and finished', () => {
  const files = ourFiles();
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(brokenFileRules)).toEqual([]);
});

const entity = (name: string) => `@Entity('x')\nexport class ${name} {}\n`;

describe('the checker sees', () => {
  const broken: [string, string, string][] = [
    ['a file that is too long', 'src/meals/a.ts', '\n'.repeat(linesMax + 1)],
    ['a service in the boundary', 'schema/meals/swipe.service.ts', ''],
    ['a helper beside the boundary', 'schema/helpers.ts', ''],
    ['a table under another name', 'entities/meals/card.entity.ts', entity('MealCard')],
    ['two tables in a file', 'entities/meals/card.entity.ts', entity('Card') + entity('Card')],
    ['a table elsewhere', 'src/meals/card.ts', entity('Card')],
    ['a name in camel case', 'src/meals/recordSwipe.ts', ''],
    ['a migration without its time', 'migrations/beds.ts', ''],
    ['a test left alone', 'test/meals/a.test.ts', `it.on${'ly'}('x', () => {});`],
    ['a test left out', 'test/meals/a.test.ts', `describe.sk${'ip'}('x', () => {});`],
    ['work left for later', 'src/meals/a.ts', `// TO${'DO'}: settle`],
    ['a check switched off', 'src/meals/a.ts', `// @ts-ig${'nore'}`],
    ['a type given up', 'src/meals/a.ts', `const a = b as a${'ny'};`],
  ];

  it.each(broken)('%s', (_name, path, text) => {
    expect(brokenFileRules({ path, text })).toHaveLength(1);
  });

  const allowed: [string, string, string][] = [
    ['a file that is just short enough', 'src/meals/a.ts', '\n'.repeat(linesMax)],
    ['a table under its name', 'entities/meals/meal-card.entity.ts', entity('MealCard')],
    ['rules', 'src/meals/subsidy.rules.ts', 'export const ageMin = 60;\n'],
    ['a resolver', 'schema/meals/record-swipe.resolver.ts', ''],
    ['what the tables share', 'entities/columns.ts', ''],
  ];

  it.each(allowed)('nothing wrong in %s', (_name, path, text) => {
    expect(brokenFileRules({ path, text })).toEqual([]);
  });
});
