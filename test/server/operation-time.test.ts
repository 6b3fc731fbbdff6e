import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ settings: { operationSecondsMax: 1 } });
  town = await buildTown(server.database);
  token = await server.managerToken(town.streetId);
});
afterAll(() => server.close());

it('an operation over its time is answered, and begins nothing more', async () => {
  const { database } = server;
  const read = database.read.bind(database);
  const slow = vi.spyOn(database, 'read').mockImplementation(async (work) => {
    await new Promise((resolve) => setTimeout(resolve, slow.mock.calls.length === 2 ? 1_300 : 0));
    return read(work);
  });
  const started = performance.now();
  const query = '{ facilities(first: 5) { nodes { parent { name } } totalCount } }';
  const { status, body } = await server.post(query, {}, token, { 'x-request-id': 'slow-1' });
  expect(performance.now() - started).toBeLessThan(1_250);
  expect(status).toBe(503);
  expect(body).toEqual({
    errors: [
      {
        message: 'The operation took too long and was stopped; ask whether what it was to write was written',
        extensions: { code: 'OPERATION_TOO_LONG', requestId: 'slow-1' },
      },
    ],
  });
  // The caller and the page were read; the parents, whose turn came after the time, were not.
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(slow.mock.calls.length).toBe(3);
  slow.mockRestore();
});

it('an operation within its time is not touched', async () => {
  const { status, body } = await server.post('{ viewer { grants { facility { id } } } }', {}, token);
  expect([status, body]).toEqual([
    200,
    { data: { viewer: { grants: [{ facility: { id: String(town.streetId) } }] } } },
  ]);
});
