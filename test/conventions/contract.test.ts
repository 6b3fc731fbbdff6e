import { readFileSync } from 'node:fs';
import {
  buildSchema,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { missingFrom, undescribed } from './schema-rules.js';

const contract = buildSchema(readFileSync('docs/contract.graphql', 'utf8'));
let emitted: GraphQLSchema;
beforeAll(async () => {
  emitted = await buildYinlingSchema();
});

/** What the contract lets the schema add freely. */
const free = new Set<string>([
  DangerousChangeType.VALUE_ADDED_TO_ENUM,
  DangerousChangeType.OPTIONAL_ARG_ADDED,
  DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED,
]);

describe('the schema', () => {
  it('contains the contract: the same names, nullability, argument types and defaults', () => {
    expect(missingFrom(emitted, contract)).toEqual([]);
  });

  it('breaks no program that was written against the contract', () => {
    const changes = [...findBreakingChanges(contract, emitted), ...findDangerousChanges(contract, emitted)];
    expect(changes.filter(({ type }) => !free.has(type))).toEqual([]);
  });

  it('describes every type, field, argument, input field and enum value', () => {
    expect(undescribed(emitted)).toEqual([]);
  });

  it('is the one that is committed', () => {
    const committed = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
    expect([...missingFrom(emitted, committed), ...missingFrom(committed, emitted)]).toEqual([]);
  });
});

describe('the checkers see', () => {
  const text = `
    type Query { a(b: Int = 1, c: E! = X): String! }
    enum E { X Y }
    union U = T
    type T { d: Int }
    input I { e: Int! = 2 }
  `;

  it.each([
    ['a missing field', 'a(b: Int = 1, c: E! = X): String!', 'z: Int', 'Query.a: String!'],
    ['another nullability', 'X): String!', 'X): String', 'Query.a: String!'],
    ['another type of an argument', 'b: Int = 1', 'b: Float = 1', 'Query.a(b: Int = 1)'],
    ['another default', 'b: Int = 1', 'b: Int = 2', 'Query.a(b: Int = 1)'],
    ['a missing default', 'c: E! = X', 'c: E!', 'Query.a(c: E! = X)'],
    ['a missing enum value', 'X Y', 'X', 'E.Y'],
    ['a missing member of a union', 'U = T', 'U = Query', 'U = T'],
    ['another default of an input', 'Int! = 2', 'Int! = 3', 'I.e: Int! = 2'],
    ['an input that became a type', 'input I { e: Int! = 2 }', 'type I { e: Int! }', 'I'],
  ])('%s', (_name, part, instead, missing) => {
    expect(missingFrom(buildSchema(text.replace(part, instead)), buildSchema(text))).toContain(missing);
  });

  it('nothing missing when more is there', () => {
    const more = text.replace('= X)', '= X, more: Int)').replace('X Y', 'X Y Z').replace('= 2', '= 2 f: Int');
    expect(missingFrom(buildSchema(more), buildSchema(text))).toEqual([]);
  });

  it('what is not described', () => {
    const bare = buildSchema('"d" type Query { a(b: Int, "d" c: E): Int } enum E { X } input I { f: Int }');
    expect(undescribed(bare)).toEqual(['Query.a', 'Query.a(b)', 'E', 'E.X', 'I', 'I.f']);
  });
});
