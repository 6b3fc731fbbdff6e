import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTown(server.database);
});
afterAll(() => server.close());

const record = 'mutation Record($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { outcome } }';

/** The value of one series, as Prometheus would read it. */
async function valueOfSeries(series: string): Promise<number> {
  const response = await server.app.inject({ url: '/metrics' });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const line = response.body.split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

it('counts swipes by outcome, and how many shared a transaction', async () => {
  const { uid } = await addDiner(town);
  const token = await server.readerToken(town.canteenIds[0]);
  const input = (swipeId: string, cardUid: string) => {
    return { swipeId, sequence: 1, cardUid, swipedAt: noon.toISOString(), grossFen: 1200 };
  };
  const inputs = [
    input('7d444840-9dc0-11d1-b245-5ffdce74fad2', uid),
    input('7d444840-9dc0-11d1-b245-5ffdce74fad3', 'FFFFFFFF'),
  ];
  await server.post(record, { inputs }, token);
  await server.post(record, { inputs: inputs.slice(0, 1) }, token);
  expect(await valueOfSeries('yinling_swipes_total{outcome="ACCEPTED",replayed="false"}')).toBe(1);
  expect(await valueOfSeries('yinling_swipes_total{outcome="ACCEPTED",replayed="true"}')).toBe(1);
  expect(await valueOfSeries('yinling_swipes_total{outcome="CARD_UNKNOWN",replayed="false"}')).toBe(1);
  expect(await valueOfSeries('yinling_swipe_batch_size_sum')).toBe(3);
  expect(await valueOfSeries('yinling_swipe_batch_size_count')).toBe(2);
});

it('times requests by route and status', async () => {
  const series = (route: string, status: number) =>
    `yinling_http_request_duration_seconds_count{route="${route}",status="${status}"}`;
  const before = await valueOfSeries(series('/graphql', 200));
  await server.post('{ viewer { id } }');
  await server.app.inject({ url: '/somewhere/else' });
  expect(await valueOfSeries(series('/graphql', 200))).toBe(before + 1);
  expect(await valueOfSeries(series('none', 404))).toBe(1);
});

it('has the usual figures of the process', async () => {
  expect(await valueOfSeries('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(await valueOfSeries('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
});
