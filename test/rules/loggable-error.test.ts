import { QueryFailedError } from 'typeorm';
import { expect, it } from 'vitest';
import { loggableError, loggableOperation, withoutValues } from '../../src/server/loggable-error.js';

it.each([
  ["Duplicate entry '11010519491231002X' for key 'uq_elder'", "Duplicate entry '…' for key 'uq_elder'"],
  ['no elder 11010519491231002x here', 'no elder … here'],
  ['card 04A1B2C3D4 is unknown', 'card … is unknown'],
  ['card 04a1b2c3d4e5f6 is unknown', 'card … is unknown'],
  ['token 8HNsgj50S5B2pzTsLYOJEFzTOZKB7-t2nbcWzGVUKQQ refused', 'token … refused'],
  ['Unknown column \'facilityId\' in "field list"', 'Unknown column \'facilityId\' in "field list"'],
  ['connect ECONNREFUSED 127.0.0.1:3306', 'connect ECONNREFUSED 127.0.0.1:3306'],
  ['the database defaced a decade', 'the database defaced a decade'],
])('%s', (text, logged) => {
  expect(withoutValues(text)).toBe(logged);
});

it("a driver's error keeps its number and its statement, and loses its values", () => {
  const driverError = Object.assign(new Error("Duplicate entry '440524188001010014' for key 'uq_elder'"), {
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sql: "INSERT INTO elder VALUES ('440524188001010014')",
  });
  const error = new QueryFailedError('INSERT INTO elder VALUES (?)', ['440524188001010014'], driverError);
  const logged = loggableError(error);
  expect(logged).toMatchObject({
    type: 'QueryFailedError',
    code: 'ER_DUP_ENTRY',
    query: 'INSERT INTO elder VALUES (?)',
  });
  expect(logged.stack).toContain('loggable-error.test.ts');
  expect(JSON.stringify(logged)).not.toContain('440524188001010014');
});

it('a cause is told too, and what is no error at all', () => {
  const error = new Error('outside', { cause: new Error('inside') });
  expect(loggableError(error)).toMatchObject({ message: 'outside', cause: { message: 'inside' } });
  expect(loggableError('broken')).toEqual({ type: 'string', message: 'broken', stack: '' });
});

it.each([
  ['WhoAmI', 'WhoAmI'],
  ['Lunch2026', 'Lunch2026'],
  ['A11010519491231002X', undefined],
  ['A110105_1949_1231_002X', undefined],
  ['A0000001', undefined],
  ['DEADBEEFA1', undefined],
  ['HNsgj_S_B_pzTsLYOJEFzTOZKB_t_nbcWzGVUKQQx', undefined],
])('the operation %s is logged as %s', (name, logged) => {
  expect(loggableOperation(name)).toBe(logged);
});
