import 'reflect-metadata';
import { expect, it } from 'vitest';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { limitedObjects } from '../../src/access/object-limits.js';

it('every limited object is named by an argument that its operation has', async () => {
  const schema = await buildYinlingSchema();
  const roots = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
  expect(Object.keys(limitedObjects).length).toBeGreaterThan(0);
  for (const [operation, { argument }] of Object.entries(limitedObjects)) {
    expect(roots[operation]?.args.map(({ name }) => name)).toContain(argument);
  }
});

it('a swipe is never limited by its card, and a lost card can always be reported', () => {
  for (const operation of ['recordSwipe', 'recordSwipes', 'reportCardLost']) {
    expect(limitedObjects[operation]).toBeUndefined();
  }
});
