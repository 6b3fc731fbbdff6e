import { describe, expect, it } from 'vitest';
import { eldersPerChunk, seedElders } from '../../seeds/demo-elders.js';
import { insertReference } from '../../seeds/reference/insert-reference.js';
import { fingerprint, newDatabase } from '../support/demo-city.js';
import { countRows } from '../support/town.js';

describe('the elders', () => {
  it('have one active card each, and a balance that is the sum of their entries', async () => {
    const opened = await newDatabase();
    await opened.database.write(insertReference);
    expect(await seedElders(opened.database, { elders: 600 })).toBe(600);
    for (const table of ['elder', 'meal_card', 'top_up', 'ledger_posting']) {
      expect(await countRows(opened, table), table).toBe(600);
    }
    expect(await countRows(opened, "meal_card WHERE status = 'ACTIVE' AND activeElderId = elderId")).toBe(
      600,
    );
    expect(await countRows(opened, 'ledger_entry')).toBe(1200);
    const { writer } = opened;
    const [sums] = await writer.query('SELECT SUM(fen) AS ledger FROM ledger_entry');
    expect(Number(sums.ledger)).toBe(0);
    const unbalanced = await writer.query(
      'SELECT postingId FROM ledger_entry GROUP BY postingId HAVING SUM(fen) <> 0',
    );
    expect(unbalanced).toEqual([]);
    const wrong = await writer.query(
      `SELECT a.ownerId FROM ledger_account a LEFT JOIN ledger_entry e ON e.accountId = a.id
        WHERE a.kind = 'ELDER' GROUP BY a.id, a.ownerId, a.balanceFen HAVING SUM(e.fen) <> a.balanceFen`,
    );
    expect(wrong).toEqual([]);
    const misplaced = await writer.query(
      `SELECT t.id FROM top_up t JOIN meal_card c ON c.id = t.cardId
         JOIN ledger_posting p ON p.kind = 'TOP_UP' AND p.sourceId = t.id AND p.postedAt = t.at
         JOIN ledger_entry e ON e.postingId = p.id JOIN ledger_account a ON a.id = e.accountId
        WHERE a.kind = 'ELDER' AND (a.ownerId <> c.elderId OR e.fen <> t.fen)`,
    );
    expect(misplaced).toEqual([]);
  });

  it('are added to when more are wanted, and go on after a chunk that a kill cut off', async () => {
    const opened = await newDatabase();
    await opened.database.write(insertReference);
    expect(await seedElders(opened.database, { elders: 300 })).toBe(300);
    expect(await seedElders(opened.database, { elders: eldersPerChunk + 200 })).toBe(eldersPerChunk - 100);
    const before = await fingerprint(opened);
    expect(await seedElders(opened.database, { elders: eldersPerChunk + 200 })).toBe(0);
    expect(await seedElders(opened.database, { elders: 50 })).toBe(0);
    expect(await fingerprint(opened)).toBe(before);

    const interrupted = seedElders(opened.database, {
      elders: eldersPerChunk * 3,
      onProgress: () => {
        throw new Error('killed');
      },
    });
    await expect(interrupted).rejects.toThrow('killed');
    expect(await countRows(opened, 'elder')).toBe(eldersPerChunk * 2);
    expect(await seedElders(opened.database, { elders: eldersPerChunk * 3 })).toBe(eldersPerChunk);
    expect(await countRows(opened, 'elder')).toBe(eldersPerChunk * 3);
    expect(await countRows(opened, 'top_up')).toBe(eldersPerChunk * 3);
  });

  it('cannot be more than there are numbers for', async () => {
    const opened = await newDatabase();
    const { database } = opened;
    await expect(seedElders(database, { elders: 20_000_000 })).rejects.toThrow(RangeError);
    expect(await countRows(opened, 'elder')).toBe(0);
  });
});
