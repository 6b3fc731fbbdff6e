import { chmodSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { missingEver } from '../../src/meals/missing-sequences.js';
import { waitFor } from '../support/card-reader.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { startReaderProcess } from '../support/reader-process.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let folder: string;

beforeAll(async () => {
  server = await startListeningServer({
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  server.clock.set(noon, 1);
  town = await buildTown(server.database);
  folder = mkdtempSync(join(tmpdir(), 'yinling-reader-damaged-'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const nowhere = 'http://127.0.0.1:9/graphql';

it.each<[string, (journal: string) => void]>([
  ['is gone', (journal) => rmSync(journal)],
  ['lost its end', (journal) => truncateSync(journal, Math.floor(statSync(journal).size / 2))],
  ['is rubbish', (journal) => writeFileSync(journal, Buffer.alloc(statSync(journal).size, 'rubbish'))],
])(
  'a reader whose journal %s uses no number again, and the server lists what was lost',
  async (name, damage) => {
    const cards: string[] = [];
    while (cards.length < 14) cards.push((await addDiner(town)).uid);
    const { accountId, token } = await server.account('READER', town.canteenIds[0], name);
    const [keyFile, store] = [join(folder, `${accountId}.key`), join(folder, `${accountId}.sqlite`)];
    writeFileSync(keyFile, token);
    chmodSync(keyFile, 0o600);
    const start = (url: string, uids: readonly string[], drainSeconds = 1) => {
      const flags = ['--url', url, '--key-file', keyFile, '--store', store, '--price', '12'];
      const reader = startReaderProcess([...flags, '--drain-seconds', String(drainSeconds)]);
      for (const uid of uids) reader.type(uid);
      return reader;
    };
    const finished = async (reader: ReturnType<typeof start>) => {
      reader.child.stdin?.end();
      const { code, said } = await reader.ended;
      expect(code).toBe(0);
      return said;
    };

    await finished(start(`${server.origin}/graphql`, cards.slice(0, 1)));
    const killed = start(nowhere, cards.slice(1, 11));
    await waitFor(() => killed.results.length === 10, 'ten taps');
    expect(killed.results.map(({ verdict }) => verdict)).toEqual(Array(10).fill('TAKEN'));
    killed.child.kill('SIGKILL');
    await killed.ended;
    damage(`${store}-wal`);
    const after = start(nowhere, cards.slice(11));
    expect(await finished(after)).toMatch(/Taps \d+ to 11 are not in this store/);
    expect(after.results.map(({ sequence }) => sequence)).toEqual([12, 13, 14]);

    await finished(start(`${server.origin}/graphql`, [], 10));
    const rows: { sequence: number }[] = await server.database.read((manager) =>
      manager.query('SELECT sequence FROM swipe WHERE readerId = ? ORDER BY sequence', [accountId]),
    );
    const arrived = rows.map(({ sequence }) => Number(sequence));
    const kept = arrived.filter((sequence) => sequence <= 11);
    expect(arrived).toEqual([...kept, 12, 13, 14]);
    expect(kept).toEqual(kept.map((_, index) => index + 1));
    const missing = await server.database.read((manager) => missingEver(manager, accountId));
    expect(missing).toEqual([{ from: kept.length + 1, to: 11 }]);
  },
);
