import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../support/card-reader.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { startReaderProcess } from '../support/reader-process.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let folder: string;
let keyFile: string;
let common: string[];

beforeAll(async () => {
  server = await startListeningServer({
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  server.clock.set(noon, 1);
  town = await buildTown(server.database);
  folder = mkdtempSync(join(tmpdir(), 'yinling-reader-program-'));
  keyFile = join(folder, 'key');
  writeFileSync(keyFile, `${await server.readerToken(town.canteenIds[0])}\n`);
  chmodSync(keyFile, 0o600);
  common = ['--key-file', keyFile, '--price', '12', '--patience-ms', '10000'];
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const graph = () => `${server.origin}/graphql`;
/** Where nobody listens. */
const nowhere = 'http://127.0.0.1:9/graphql';

it('a pipe of cards online, then offline, then online again: a line each, all recorded once', async () => {
  const [first, second, third] = [await addDiner(town), await addDiner(town), await addDiner(town)];
  const store = join(folder, 'piped', 'store.sqlite');
  const run = async (url: string, ...lines: string[]) => {
    // Long enough for an upload on a busy machine, and short where nobody answers.
    const drain = ['--drain-seconds', url === nowhere ? '1' : '20'];
    const reader = startReaderProcess([...common, '--url', url, '--store', store, ...drain]);
    for (const line of lines) reader.type(line);
    reader.child.stdin?.end();
    const { code, said } = await reader.ended;
    return {
      code,
      said,
      shown: reader.results.map(({ sequence, verdict, by, grossFen }) => [sequence, verdict, by, grossFen]),
    };
  };

  expect(
    await run(graph(), `;${first.uid}?`, 'what is this', first.uid, `${second.uid} 10.50`),
  ).toMatchObject({
    code: 0,
    shown: [
      [1, 'TAKEN', 'SERVER', 1200],
      [1, 'TAKEN', 'SERVER', 1200],
      [2, 'TAKEN', 'SERVER', 1050],
    ],
    said: expect.stringContaining('Everything is uploaded'),
  });
  expect(await run(nowhere, third.uid, '0BADCAFE')).toMatchObject({
    code: 0,
    shown: [
      [3, 'TAKEN', 'READER', 1200],
      [null, 'REFUSED', 'READER', 1200],
    ],
    said: expect.stringContaining('1 taps wait for upload'),
  });
  expect(await run(graph(), '10')).toMatchObject({
    code: 0,
    shown: [],
    said: expect.stringContaining('uploaded 3 ACCEPTED'),
  });
  const rows: { sequence: number; outcome: string }[] = await server.database.read((manager) =>
    manager.query('SELECT sequence, outcome FROM swipe ORDER BY sequence'),
  );
  expect(rows.map(({ sequence, outcome }) => [Number(sequence), outcome])).toEqual([
    [1, 'ACCEPTED'],
    [2, 'ACCEPTED'],
    [3, 'ACCEPTED'],
  ]);
});

it('a full disk: a line for every card, what was taken is on the disk, and what is not was not taken', async () => {
  const cards: string[] = [];
  while (cards.length < 60) cards.push((await addDiner(town)).uid);
  const store = join(folder, 'full', 'store.sqlite');
  const run = async (url: string, uids: readonly string[], drainSeconds: number, kibibytesMax?: number) => {
    const flags = [...common, '--url', url, '--store', store, '--drain-seconds', String(drainSeconds)];
    const reader = startReaderProcess(flags, kibibytesMax);
    for (const uid of uids) reader.type(uid);
    reader.child.stdin?.end();
    const { code, said } = await reader.ended;
    expect(code).toBe(0);
    return { results: reader.results, said };
  };
  const [first = '', ...others] = cards;
  await run(graph(), [first], 1);
  const { results, said } = await run(nowhere, others, 0, 800);
  const cardsOf = (code: string) =>
    results.filter((result) => result.code === code).map(({ cardUid }) => cardUid);
  const [taken, refused] = [cardsOf('ACCEPTED'), cardsOf('NOT_STORED')];
  expect([...taken, ...refused].sort()).toEqual([...others].sort());
  expect(Math.min(taken.length, refused.length)).toBeGreaterThan(5);
  expect(said).toContain('It could not be stored');
  await run(graph(), [], 10);
  const rows: { cardUid: string }[] = await server.database.read((manager) =>
    manager.query(`SELECT cardUid FROM swipe WHERE outcome = 'ACCEPTED' AND offline = 1`),
  );
  const uploaded = rows.map(({ cardUid }) => cardUid).filter((uid) => others.includes(uid));
  expect(uploaded.sort()).toEqual(taken.sort());
});

it('a second reader on the same store is turned away, and the first leaves well when it is asked to', async () => {
  const store = join(folder, 'held.sqlite');
  const first = startReaderProcess([...common, '--url', graph(), '--store', store]);
  await waitFor(() => first.said().includes('ONLINE'), 'the first reader');
  const second = startReaderProcess([...common, '--url', graph(), '--store', store]);
  expect(await second.ended).toMatchObject({ code: 4, said: expect.stringContaining('Another reader') });
  first.child.kill('SIGTERM');
  expect(await first.ended).toMatchObject({
    code: 0,
    said: expect.stringContaining('Everything is uploaded'),
  });
});

it('a broken store is kept aside, said, and replaced only on demand', async () => {
  const store = join(folder, 'broken.sqlite');
  const rubbish = Buffer.alloc(9000, 'rubbish');
  writeFileSync(store, rubbish);
  const start = async (...more: string[]) => {
    const reader = startReaderProcess([...common, '--url', nowhere, '--store', store, ...more]);
    reader.child.stdin?.end();
    return reader.ended;
  };
  expect(await start()).toMatchObject({ code: 3, said: expect.stringContaining('Nothing was thrown away') });
  expect(await start()).toMatchObject({ code: 3, said: expect.stringContaining('found broken before') });
  expect(await start('--new-store', '--drain-seconds', '0')).toMatchObject({ code: 0 });
  const kept = readdirSync(folder).filter((name) => name.startsWith('broken.sqlite.broken-'));
  expect(kept).toHaveLength(1);
  expect(readFileSync(join(folder, kept[0] ?? ''))).toEqual(rubbish);
});

it.each<[string, string[], number, string]>([
  ['a key that others may read', ['--key-file', 'OPEN'], 2, 'chmod 600'],
  ['no key', ['--key-file', 'missing'], 2, 'cannot be read'],
  ['no price', ['--price', 'free'], 1, 'yuan such as'],
  ['no address', ['--url', 'ftp://x'], 1, 'an address such as'],
  ['another canteen’s key', ['--canteen', 'CANTEEN-2', '--key-file', 'OWN'], 2, 'CANTEEN-1'],
])('%s is told before anything is taken', async (name, flags, code, said) => {
  const open = join(folder, 'open-key');
  writeFileSync(open, 'k');
  chmodSync(open, 0o644);
  const store = join(folder, `${name.length}-${code}.sqlite`);
  const given = flags.map((flag) => (flag === 'OPEN' ? open : flag === 'OWN' ? keyFile : flag));
  const reader = startReaderProcess(['--url', graph(), '--store', store, ...given]);
  expect(await reader.ended).toMatchObject({ code, said: expect.stringContaining(said) });
});
