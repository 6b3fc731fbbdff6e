import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { problemsOf } from '../../bench/faults/check-swipes.js';
import { killsOn } from '../../bench/faults/kills.js';
import type { SentSwipe } from '../../bench/faults/stubborn-reader.js';
import { answersOf, requestOf } from '../../bench/faults/swipe-client.js';
import { Taps } from '../../bench/faults/taps.js';
import { fillDemo } from '../../bench/support/demo-database.js';
import { startServer } from '../../bench/support/server-process.js';
import { openDatabase } from '../../ormconfig.js';
import { emptyDatabase, engine } from '../support/test-database.js';

/** Its server, its readers and the file that runs beside it share two cores. */
const patienceMs = 180_000;

let folder: string;
let database: Awaited<ReturnType<typeof emptyDatabase>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yinling-kill-'));
  database = await emptyDatabase();
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

it(
  'kill -9 while readers swipe, twice: each swipe is there once, answered once',
  async () => {
    const report = await killsOn(
      { engine, databaseUrl: database.url, folder },
      {
        target: 'server',
        kills: 2,
        secondsBetween: 0.8,
        interrupted: new AbortController().signal,
        progress: false,
      },
    );
    expect(report.problems).toEqual([]);
    // A machine that is busy with something else sends few; each of them is struck all the same.
    expect(report.swipes_sent).toBeGreaterThan(100);
    expect(report.answers).toBeGreaterThan(report.swipes_sent);
    expect(report.voids_sent + report.decisions_sent).toBeGreaterThan(0);
    expect(report.errors_seen).not.toBe('');
  },
  patienceMs,
);

it('SIGTERM under load: every request under way is answered, and the process leaves with 0', async () => {
  const elders = 1000;
  const { readers } = await fillDemo({ databaseUrl: database.url, folder }, elders);
  const server = await startServer(database.url);
  const taps = new Taps(elders, new Date());
  const requests = readers.slice(0, 120).map(({ token }, index) => {
    const inputs = taps.next(index % 4 === 0 ? 20 : 1, 1);
    return { ...begin(server.origin, token, requestOf(inputs)), inputs };
  });
  // The server has seen every request and none of the bodies, so all of them are under way.
  await Promise.all(requests.map(({ begun }) => begun));
  const answers = requests.map(({ finish }) => finish());
  const askedMs = performance.now();
  await server.kill('SIGTERM');
  expect(performance.now() - askedMs).toBeLessThan(10_000);
  expect(server.process.exitCode).toBe(0);

  const given = await Promise.all(answers);
  const sent = requests.flatMap(({ inputs }, index): SentSwipe[] =>
    inputs.map((input, place) => ({
      input,
      times: 1,
      answers: (given[index] ?? []).slice(place, place + 1),
    })),
  );
  expect(sent).toHaveLength(30 * 20 + 90);
  const opened = await openDatabase(database.url);
  expect(await problemsOf(opened.database, sent)).toEqual([]);
  await opened.database.close();
});

/** A request whose head the server has read when `begun` resolves; `finish` sends its body. */
function begin(origin: string, token: string, body: string) {
  const sent = request(`${origin}/graphql`, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
      expect: '100-continue',
    },
  });
  const begun = once(sent, 'continue');
  sent.flushHeaders();
  const finish = async () => {
    const responded = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(body);
    const [response] = await responded;
    return answersOf(response.statusCode ?? 0, await text(response));
  };
  return { begun, finish };
}
