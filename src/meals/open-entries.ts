import type { EntityManager } from 'typeorm';
import type { SqlPart } from '../network/tree.js';
import { addDays, type Day } from '../shared/china-time.js';
import { grouped } from '../shared/grouped.js';
import { firstDayOf, lastDayOf, type Month } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import { draftBegin } from './draft-begin.rules.js';

/** Whether to read what a draft may hold, or all that canteens ever booked. */
export type Reach = 'OPEN' | 'EVER';

/** A draft that begins earlier is looked for in all that was ever booked; what SQLite takes in one statement is bounded. */
const daysMax = 450;

/**
 * A condition for entries, called `touch`, on the accounts of these canteens that a draft of the month may hold; at most
 * three statements. Ids of postings are taken in blocks and so are not in the order of days: what was booked since a day
 * has no id below the lowest of all days since. So what is booked for long ago, by a clock that is behind, is found as
 * well, as its id is of today. A submission reads all there is, whatever ids and clocks have done. Accounts and ids are
 * values of the statement, since MySQL takes no range of the index's second column behind a join.
 */
export async function openEntriesSql(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
  { afterId, reach }: { afterId: number; reach: Reach },
): Promise<SqlPart> {
  const accounts: { id: number; canteenId: number }[] = await manager.query(
    `SELECT id, ownerId AS canteenId FROM ledger_account
      WHERE kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT')
        AND ownerId IN (${placeholders(canteenIds) || 'NULL'})`,
    [...canteenIds],
  );
  if (accounts.length === 0) return { sql: 'touch.accountId IN (NULL)', parameters: [] };
  const begins = reach === 'OPEN' ? await draftBegins(manager, canteenIds, month) : undefined;
  const firstIds = begins && (await firstIdsSince([...new Set(begins.values())], month, manager));
  const groups = grouped(accounts, ({ canteenId }) => begins?.get(canteenId) ?? month);
  const parts = [...groups].map(([begin, own]) => ({
    sql: `(touch.accountId IN (${placeholders(own)}) AND touch.postingId > ?)`,
    parameters: [...own.map(({ id }) => id), Math.max(afterId, (firstIds?.get(begin) ?? 1) - 1)],
  }));
  return {
    sql: `(${parts.map(({ sql }) => sql).join(' OR ')})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

async function draftBegins(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
): Promise<Map<number, Month>> {
  const rows: { facilityId: number; month: Month; isSubmitted: number }[] = await manager.query(
    `SELECT facilityId, month, CASE WHEN state <> 'DRAFT' THEN 1 ELSE 0 END AS isSubmitted
       FROM month_statement
      WHERE kind = 'CANTEEN' AND facilityId IN (${placeholders(canteenIds)}) AND month <= ?`,
    [...canteenIds, month],
  );
  const statements = grouped(
    rows.map((row) => ({ ...row, isSubmitted: Number(row.isSubmitted) === 1 })),
    ({ facilityId }) => facilityId,
  );
  return new Map(canteenIds.map((id) => [id, draftBegin(month, statements.get(id) ?? [])]));
}

/** For each of these months the lowest id of what was booked from it up to the end of `month`; 0 where too much lies between. */
async function firstIdsSince(
  begins: readonly Month[],
  month: Month,
  manager: EntityManager,
): Promise<Map<Month, number>> {
  const last = lastDayOf(month);
  const earliest = addDays(last, -daysMax);
  const [first] = begins
    .map(firstDayOf)
    .filter((day) => day > earliest)
    .sort();
  const byDay = first === undefined ? [] : await firstIdsByDay(manager, first, last);
  return new Map(
    begins.map((begin) => {
      if (firstDayOf(begin) <= earliest) return [begin, 0];
      const ids = byDay.filter(({ day }) => day >= firstDayOf(begin)).map(({ id }) => id);
      return [begin, Math.min(...ids, Number.MAX_SAFE_INTEGER)];
    }),
  );
}

/** A look at the index for each day: grouped by the day, SQLite would read all its postings. */
async function firstIdsByDay(
  manager: EntityManager,
  first: Day,
  last: Day,
): Promise<{ day: Day; id: number }[]> {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  const looks = days.map(
    () => 'SELECT ? AS day, (SELECT MIN(id) FROM ledger_posting WHERE bookedOn = ?) AS id',
  );
  const rows: { day: Day; id: number | string | null }[] = await manager.query(
    looks.join(' UNION ALL '),
    days.flatMap((day) => [day, day]),
  );
  return rows.flatMap(({ day, id }) => (id === null ? [] : [{ day, id: Number(id) }]));
}
