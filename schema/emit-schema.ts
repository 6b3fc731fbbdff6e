import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isIntrospectionType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printType,
} from 'graphql';
import { buildYinlingSchema } from './build-schema.js';

const path = 'schema/schema.graphql';
const header = '# Emitted by `npm run schema`; do not edit.\n\n';

/** Without arguments writes the schema; with --check compares it with what is committed. */
async function main(): Promise<void> {
  const emitted = header + printSorted(await buildYinlingSchema());
  if (!process.argv.includes('--check')) {
    writeFileSync(path, emitted);
    return;
  }
  const difference = firstDifference(readFileSync(path, 'utf8'), emitted);
  if (!difference) return;
  console.error(`${path} is not what the code emits: run \`npm run schema\` and commit it.\n${difference}`);
  process.exitCode = 1;
}

/**
 * Types, fields and arguments in the order of their names, so that a change shows as itself. Enum values keep
 * the order of the code: the order of SwipeOutcome is its order of precedence.
 */
function printSorted(schema: GraphQLSchema): string {
  const types = Object.values(lexicographicSortSchema(schema).getTypeMap()).filter(isOurs);
  const shown = types.map((type) => (isEnumType(type) ? (schema.getType(type.name) ?? type) : type));
  return `${shown.map(printType).join('\n\n')}\n`;
}

function isOurs(type: GraphQLNamedType): boolean {
  return !isIntrospectionType(type) && !isSpecifiedScalarType(type);
}

/** The first line in which the two differ, both ways; undefined when they are the same. */
function firstDifference(committed: string, emitted: string): string | undefined {
  const theirs = committed.split('\n');
  const ours = emitted.split('\n');
  const line = ours.findIndex((text, index) => text !== theirs[index]);
  if (line < 0 && ours.length === theirs.length) return undefined;
  const at = line < 0 ? ours.length : line;
  return `line ${at + 1}\n  committed: ${theirs[at] ?? '(the file ends)'}\n  emitted:   ${ours[at] ?? '(the schema ends)'}`;
}

await main();
