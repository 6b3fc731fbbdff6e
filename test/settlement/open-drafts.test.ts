import { afterAll, beforeAll, expect, it } from 'vitest';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { post } from '../../src/meals/ledger.js';
import { unsettledSql } from '../../src/meals/statement-lines.js';
import { addDays } from '../../src/shared/china-time.js';
import { insertRows } from '../../src/shared/statements.js';
import { expectAuditClean } from '../support/audited.js';
import { askedBy } from '../support/count-statements.js';
import { at, type Office, openOffice } from '../support/settlement.js';
import { engine } from '../support/test-database.js';
import type { Diner } from '../support/town.js';

let office: Office;
let diner: Diner;

beforeAll(async () => {
  office = await openOffice();
  diner = await office.diner();
});
afterAll(() => office.server.close());

const now = (text: string) => office.server.clock.set(at(text), 0);
const months = ['2026-03', '2026-04', '2026-05', '2026-06'];

function idsOf(month: string, reach: 'OPEN' | 'EVER'): Promise<number[]> {
  return office.server.database.read(async (manager) => {
    const { sql, parameters } = await unsettledSql(manager, [office.canteenId], month, { afterId: 0, reach });
    const rows: { postingId: number }[] = await manager.query(`${sql} ORDER BY postingId`, parameters);
    return rows.map(({ postingId }) => Number(postingId));
  });
}

/** How many lines each draft would have; what it finds among open postings is all that there is. */
async function drafts(): Promise<number[]> {
  const counts: number[] = [];
  for (const month of months) {
    const ids = await idsOf(month, 'OPEN');
    expect(ids).toEqual(await idsOf(month, 'EVER'));
    counts.push(ids.length);
  }
  return counts;
}

it('drafts find what came late, was given back, or was booked behind a submission', async () => {
  await office.eat(diner, '2026-03-20');
  await office.eat(diner, '2026-03-30');
  await office.eat(diner, '2026-03-31', '2026-04-02T09:00:00');
  expect(await drafts()).toEqual([2, 1, 0, 0]);
  expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
  // By a clock that is behind: it is booked in a month that was submitted.
  await office.eat(diner, '2026-03-29');
  expect(await drafts()).toEqual([1, 2, 1, 1]);
  await office.eat(diner, '2026-04-10');
  now('2026-05-01T00:10:00');
  expect(await office.step('canteen', 'submitStatement', '2026-04')).toBe('SUBMITTED');
  await office.eat(diner, '2026-04-29', '2026-05-02T09:00:00');
  expect(await drafts()).toEqual([0, 0, 1, 0]);
  expect(await office.step('street', 'returnStatement', '2026-04', ', note: "查"')).toBe('DRAFT');
  expect(await drafts()).toEqual([1, 3, 2, 1]);
  now('2026-06-01T00:10:00');
  expect(await office.step('canteen', 'submitStatement', '2026-05')).toBe('EARLIER_MONTH_OPEN month');
  expect(await office.step('canteen', 'submitStatement', '2026-04')).toBe('SUBMITTED');
  expect(await office.step('canteen', 'submitStatement', '2026-05')).toBe('SUBMITTED');
  expect(await drafts()).toEqual([0, 0, 0, 0]);
});

it('what a clock of long ago has booked is a line of the next month', async () => {
  await office.eat(diner, '2026-03-12');
  expect(await drafts()).toEqual([1, 1, 1, 1]);
  now('2026-07-01T00:10:00');
  expect(await office.step('canteen', 'submitStatement', '2026-06')).toBe('SUBMITTED');
  expect(await office.lines('2026-06')).toMatchObject([{ day: '2026-03-12', correctsMonth: '2026-03' }]);
  await expectAuditClean(office.server.database);
});

it('what was booked so under an id of long ago is settled by the next submission all the same', async () => {
  await office.server.database.write(async (manager) => {
    const accounts: { id: number }[] = await manager.query(
      "SELECT id FROM ledger_account WHERE kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT') AND ownerId = ?",
      [office.canteenId],
    );
    const [one, other] = accounts.map(({ id }) => id) as [number, number];
    await post(
      manager,
      {
        ...{ id: 7, kind: 'REVIEW', sourceId: 7, at: at('2026-03-02T12:00:00') },
        entries: [
          { accountId: one, fen: 5 },
          { accountId: other, fen: -5 },
        ],
      },
      new Map(),
    );
  });
  await office.eat(diner, '2026-07-02');
  expect(await idsOf('2026-07', 'OPEN')).not.toContain(7);
  now('2026-08-01T00:10:00');
  expect(await office.step('canteen', 'submitStatement', '2026-07')).toBe('SUBMITTED');
  expect(await office.lines('2026-07')).toMatchObject([
    { id: '7', day: '2026-03-02' },
    { day: '2026-07-02' },
  ]);
});

/** Last: it leaves a past that no statement holds. */
it('a draft begins with the open entries of its canteen, whatever its past', async () => {
  await office.server.database.write(async (manager) => {
    const accounts: { id: number }[] = await manager.query(
      "SELECT id FROM ledger_account WHERE kind = 'CANTEEN_RECEIVABLE' ORDER BY ownerId",
    );
    expect(accounts).toHaveLength(2);
    // Years of this canteen, and a month of another one.
    for (const [index, day] of ['2020-01-01', '2026-08-01'].entries()) {
      const ids = Array.from({ length: 4000 }, (_, number) => (index === 0 ? 100 : 2_000_000) + number);
      const postings = ids.map((id, number) => [
        ...[id, 'TOP_UP', id, addDays(day, index === 0 ? number % 2000 : number % 20), 0],
      ]);
      await insertRows(
        manager,
        'ledger_posting',
        ['id', 'kind', 'sourceId', 'bookedOn', 'postedAt'],
        postings,
      );
      const entries = ids.map((id) => [id, 1, accounts[index]?.id, 5]);
      await insertRows(manager, 'ledger_entry', ['postingId', 'line', 'accountId', 'fen'], entries);
    }
    if (engine === 'mysql') await manager.query('ANALYZE TABLE ledger_posting, ledger_entry');
  });
  const { asked } = await askedBy(office.server.database, () =>
    office.server.database.read((manager) =>
      canteenSettlement.draftSums(manager, [office.canteenId], '2026-08'),
    ),
  );
  const plans = await office.server.database.write(async (manager) => {
    const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
    const steps: object[][] = [];
    for (const { sql, parameters } of asked.filter((each) => /^\s*SELECT/i.test(each.sql)))
      steps.push(await manager.query(`${explain} ${sql}`, parameters));
    return steps.flat();
  });
  if (engine === 'mysql') {
    const touch = plans.find((step) => (step as { table: string }).table === 'touch');
    expect(touch).toMatchObject({ type: 'range', key: 'ix_entry_account' });
    expect(Number((touch as { rows: number }).rows)).toBeLessThan(100);
    expect(JSON.stringify(plans)).not.toMatch(
      /"table":"(posting|settled|ledger_posting)","type":"(ALL|index)"/,
    );
  } else {
    const details = plans.map((step) => (step as { detail: string }).detail).join('\n');
    expect(details).toMatch(
      /SEARCH touch USING COVERING INDEX ix_entry_account \(accountId=\? AND postingId>\?\)/,
    );
    expect(details).not.toMatch(/SCAN (touch|posting|settled|ledger_posting)\b/);
  }
});
