import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApp } from '../../src/server/app.js';
import { Metrics } from '../../src/server/metrics.js';
import { systemClock } from '../../src/shared/clock.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown } from '../support/town.js';

const setClock = 'mutation Set($at: DateTime, $rate: Float! = 1) { setClock(at: $at, rate: $rate) }';
const noon = '2026-03-10T12:00:00+08:00';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer();
  token = await server.adminToken();
});
afterAll(() => server.close());

it('stands still at the instant it is set to', async () => {
  const { body } = await server.post(setClock, { at: noon, rate: 0 }, token);
  expect(body).toEqual({ data: { setClock: '2026-03-10T04:00:00.000Z' } });
  expect(server.clock.now()).toEqual(new Date(noon));
});

it('runs as many times faster as it is told', async () => {
  await server.post(setClock, { at: noon, rate: 86_400 }, token);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const passed = server.clock.now().getTime() - new Date(noon).getTime();
  expect(passed).toBeGreaterThanOrEqual(19 * 86_400);
});

it('goes back to the real time, which a caller can ask for whatever the clock shows', async () => {
  await server.post(setClock, { at: '1969-01-01T00:00:00Z', rate: 0 }, token);
  const { body } = await server.post<{ setClock: string }>(setClock, { at: null }, token);
  expect(Math.abs(new Date(body.data.setClock).getTime() - Date.now())).toBeLessThan(5000);
});

it.each([-1, 100_001])('a rate of %d is refused by name', async (rate) => {
  const before = server.clock.now();
  const { body } = await server.post(setClock, { at: noon, rate }, token);
  expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: ['rate'] } }]);
  expect(server.clock.now().getTime() - before.getTime()).toBeLessThan(5000);
});

it('is for administrators: a manager of the whole city and a reader are refused, and it stays as it was', async () => {
  const town = await buildTown(server.database);
  const manager = await server.managerToken(town.cityId);
  const reader = await server.readerToken(town.canteenIds[0]);
  await server.post(setClock, { at: noon, rate: 0 }, token);
  const code = async (other?: string) => {
    const { body } = await server.post(setClock, { at: '2020-01-01T00:00:00Z', rate: 0 }, other);
    return body.errors?.[0]?.extensions.code;
  };
  expect([await code(), await code(manager), await code(reader)]).toEqual([
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
  ]);
  expect(server.clock.now()).toEqual(new Date(noon));
});

it('cannot be set in production, where the clock is the real one', async () => {
  const services = { ...server.services, clock: systemClock };
  const settings = { ...server.settings, nodeEnv: 'production' as const };
  const app = await buildApp({ settings, services, metrics: new Metrics() });
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    payload: { query: setClock, variables: { at: noon } },
  });
  expect(response.json().errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  await app.close();
});
