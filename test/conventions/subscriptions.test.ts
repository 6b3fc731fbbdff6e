import 'reflect-metadata';
import { type GraphQLField, type GraphQLSchema, isNonNullType } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { limitedObjects } from '../../src/access/object-limits.js';
import { policy } from '../../src/access/policy.js';

let fields: GraphQLField<unknown, unknown>[];
beforeAll(async () => {
  const schema: GraphQLSchema = await buildYinlingSchema();
  fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
});

it('every subscription has a feed, a line in the policy and a description of who may listen', () => {
  expect(fields.length).toBeGreaterThanOrEqual(2);
  expect(fields.filter(({ subscribe }) => !subscribe).map(({ name }) => name)).toEqual([]);
  expect(fields.filter(({ name }) => policy[name] === undefined).map(({ name }) => name)).toEqual([]);
  expect(fields.filter(({ description }) => !description?.startsWith('[')).map(({ name }) => name)).toEqual(
    [],
  );
});

it('no subscription is open without a token: its connection would not be either', () => {
  expect(fields.filter(({ name }) => policy[name] === 'ANYONE').map(({ name }) => name)).toEqual([]);
});

it('every subscription answers something, so that a refusal ends it: a null would look like an answer', () => {
  expect(fields.filter(({ type }) => !isNonNullType(type)).map(({ name }) => name)).toEqual([]);
});

it('no subscription is of an object that may be asked about only so often: each change asks again', () => {
  expect(fields.filter(({ name }) => limitedObjects[name]).map(({ name }) => name)).toEqual([]);
});
