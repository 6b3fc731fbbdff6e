import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ReaderSightings } from '../../src/access/reader-sightings.js';
import { addressesOfReaders } from '../../src/access/stored-traces.js';
import { statementsOf } from '../support/count-statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town } from '../support/town.js';

let test: TestDatabase;
let town: Town;
beforeAll(async () => {
  test = await openTestDatabase();
  town = await buildTown(test.database);
});
afterAll(() => test.drop());

const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

async function stored(readerId: number) {
  return test.database.read(async (manager) => {
    const [row] = await manager.query('SELECT * FROM reader_sighting WHERE readerId = ?', [readerId]);
    const addresses = (await addressesOfReaders(manager, [readerId])).get(readerId);
    return {
      lastSeenAt: new Date(Number(row.lastSeenAt)),
      softwareVersion: row.softwareVersion,
      clockSkewMs: row.clockSkewMs === null ? null : Number(row.clockSkewMs),
      possiblyClonedAt: row.possiblyClonedAt === null ? null : new Date(Number(row.possiblyClonedAt)),
      addresses: addresses?.map(({ address }) => address),
    };
  });
}

describe('what a server sees of a reader', () => {
  it('costs no statement until it is flushed, and then the same few for one call as for a thousand', async () => {
    const sightings = new ReaderSightings(test.database);
    const [readerId] = town.readerIds;
    const seeing = await statementsOf(test.database, async () => {
      for (let call = 0; call < 1_000; call++) {
        sightings.seen({ readerId, address: '203.0.113.1', at: at(call / 1_000) });
      }
    });
    expect(seeing.statements).toEqual([]);
    const flushing = await statementsOf(test.database, () => sightings.flush());
    expect(flushing.statements.length).toBeLessThanOrEqual(10);
    const again = await statementsOf(test.database, () => sightings.flush());
    expect(again.statements).toEqual([]);
    expect(await stored(readerId)).toMatchObject({ lastSeenAt: at(0.999), addresses: ['203.0.113.1'] });
  });

  it('is its version, its clock by the header before the taps, and its addresses', async () => {
    const sightings = new ReaderSightings(test.database);
    const [, readerId] = town.readerIds;
    sightings.tapped(readerId, at(9), at(0));
    sightings.seen({ readerId, address: '203.0.113.2', at: at(0) });
    sightings.tapped(readerId, at(1), at(0));
    await sightings.flush();
    expect(await stored(readerId)).toEqual({
      lastSeenAt: at(0),
      softwareVersion: null,
      clockSkewMs: 60_000,
      possiblyClonedAt: null,
      addresses: ['203.0.113.2'],
    });
    const told = { softwareVersion: '2.4.1', readerClock: at(0) };
    for (let call = 1; call <= 30; call++) {
      sightings.seen({ readerId, address: '203.0.113.2', at: at(0), ...told });
      sightings.tapped(readerId, at(9), at(0));
    }
    await sightings.flush();
    const { clockSkewMs, softwareVersion } = await stored(readerId);
    expect([Math.abs(clockSkewMs ?? Number.NaN) < 200, softwareVersion]).toEqual([true, '2.4.1']);
  });

  it('on two servers makes one picture, in which a copied key stands out', async () => {
    const [readerId] = town.readerIds;
    const servers = [new ReaderSightings(test.database), new ReaderSightings(test.database)] as const;
    servers[0].seen({ readerId, address: '203.0.113.1', at: at(100) });
    servers[1].seen({ readerId, address: '198.51.100.9', at: at(101) });
    await Promise.all(servers.map((server) => server.flush()));
    expect((await stored(readerId)).possiblyClonedAt).toBeNull();
    servers[0].seen({ readerId, address: '203.0.113.1', at: at(102) });
    await servers[0].flush();
    expect(await stored(readerId)).toMatchObject({
      lastSeenAt: at(102),
      possiblyClonedAt: at(101),
      addresses: ['203.0.113.1', '198.51.100.9'],
    });
  });

  it('and could not write is written the next time', async () => {
    const sightings = new ReaderSightings(test.database);
    const [readerId] = town.readerIds;
    sightings.seen({ readerId, address: '203.0.113.1', at: at(500) });
    const write = vi.spyOn(test.database, 'write').mockRejectedValueOnce(new Error('the database is away'));
    await expect(sightings.flush()).rejects.toThrow('away');
    write.mockRestore();
    await sightings.flush();
    expect((await stored(readerId)).lastSeenAt).toEqual(at(500));
  });
});
