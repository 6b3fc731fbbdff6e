import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { resolvedEdges } from '../../schema/guard.js';
import { policy, rolesFor } from '../../src/access/policy.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildYinlingSchema();
});

/** What the guard asks the policy about: every operation, and every field with a resolver of its own. */
function guarded(): string[] {
  const operations = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (root) => Object.keys(root?.getFields() ?? {}),
  );
  const edges = resolvedEdges().map(({ typeName, fieldName }) => `${typeName}.${fieldName}`);
  return [...operations, ...edges];
}

it('every operation and every resolved edge has a line in the access policy', () => {
  expect(guarded().length).toBeGreaterThan(50);
  expect(guarded().filter((name) => policy[name] === undefined)).toEqual([]);
});

it('every line of the access policy is about an operation or a resolved edge that exists', () => {
  const known = new Set(guarded());
  expect(Object.keys(policy).filter((name) => !known.has(name))).toEqual([]);
});

it('no operation of one name is of two kinds, for they would share a line', () => {
  const names = guarded();
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** The words by which descriptions name roles; all roles that a word stands for are let in, or the word misleads. */
const roleOf: Readonly<Record<string, Role>> = {
  admin: 'ADMIN',
  administrator: 'ADMIN',
  auditor: 'AUDITOR',
  caregiver: 'CAREGIVER',
  courier: 'COURIER',
  family: 'FAMILY',
  finance: 'FINANCE',
  manager: 'MANAGER',
  reader: 'READER',
};

it('a description names no role that the policy refuses', () => {
  const named = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .flatMap((root) => Object.values(root?.getFields() ?? {}))
    .flatMap(({ name, description }) => {
      const [, words = ''] = /^\[([a-z, ]+)\]/.exec(description ?? '') ?? [];
      return words.split(', ').map((word) => ({ name, word, role: roleOf[word] }));
    });
  expect(named.filter(({ role }) => role !== undefined).length).toBeGreaterThan(200);
  const refused = named.filter(
    ({ name, role }) =>
      role !== undefined && typeof policy[name] !== 'string' && !rolesFor(name).includes(role),
  );
  expect(refused).toEqual([]);
});
