import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import { addDays, type Day } from '../../shared/china-time.js';
import type { Database } from '../../shared/database.js';
import { insertRows, placeholders, type Statement } from '../../shared/statements.js';
import type { CanteenDayKey } from '../canteen-terms.js';
import { detectFlags } from './detect-flags.rules.js';
import { readDayFacts } from './flag-facts.js';
import { daysLookingBackAt, markEach } from './mark-days.js';
import { type StoredFlags, storeFlags } from './store-flags.js';

/** A canteen's day that has to be looked through. */
export interface DueDay extends CanteenDayKey {
  /** How many swipes it had when it was found to be due; more make it due again. */
  swipes: number;
  /** The mark for which it is due; null where it is for its swipes alone. */
  dueMark: number | null;
}

/**
 * Looks a canteen's day through and keeps what it shows. Swipes and readers notice nothing: the day is read outside a
 * transaction, and what is written are rows that no swipe asks for. To do it twice, or on two servers at once,
 * changes nothing.
 */
export async function scanCanteenDay(
  database: Database,
  { canteenId, day, swipes, dueMark }: DueDay,
  { stays, now }: { stays: InstitutionStays; now: Date },
): Promise<StoredFlags> {
  const swipesBefore = await database.write((manager) => openScan(manager, { canteenId, day }, now));
  const { facts, lookingBack } = await database.read(async (manager) => ({
    facts: await readDayFacts(manager, { canteenId, day }, stays),
    lookingBack: swipes === swipesBefore ? [] : await daysLookingBackAt(manager, { canteenId, day }),
  }));
  const findings = detectFlags(facts);
  return database.write(async (manager) => {
    const stored = await storeFlags(manager, findings, { day, now });
    // The earliest day first, as on every server: so none waits for another that waits for it.
    await noteScan(manager, { canteenId, day, swipes, dueMark }, now);
    await markEach(manager, lookingBack);
    return stored;
  });
}

/**
 * How many swipes the day had when it was looked through last. Before it is read for the first time there is something
 * to mark: what becomes known meanwhile is not lost.
 */
async function openScan(
  manager: EntityManager,
  { canteenId, day }: CanteenDayKey,
  now: Date,
): Promise<number> {
  const rows: { swipes: number }[] = await manager.query(
    'SELECT swipes FROM flag_scan WHERE canteenId = ? AND day = ?',
    [canteenId, day],
  );
  if (rows[0]) return rows[0].swipes;
  const columns = ['canteenId', 'day', 'swipes', 'marks', 'scannedAt'];
  await insertRows(manager, 'flag_scan', columns, [[canteenId, day, 0, 0, now.getTime()]]);
  return 0;
}

async function noteScan(manager: EntityManager, due: DueDay, now: Date): Promise<void> {
  const { canteenId, day, swipes, dueMark } = due;
  // A mark that was made while the day was being read stays.
  await manager.query(
    `UPDATE flag_scan
        SET swipes = ?, scannedAt = ?, dueMark = CASE WHEN dueMark = ? THEN NULL ELSE dueMark END
      WHERE canteenId = ? AND day = ?`,
    [swipes, now.getTime(), dueMark ?? 0, canteenId, day],
  );
}

/**
 * Which days of [fromDay, toDay) have another number of swipes than when they were looked through, and which days of
 * any time are marked. The counts come from an index alone, so that late uploads cost the swipes that bring them
 * nothing; it is read once a round, day by day, so that others get their turn in between. The marked ones are asked for
 * last: whoever looks through the days as they come gets those too that the others marked, the earliest day first.
 */
export async function* dueDays(
  database: Database,
  { fromDay, toDay }: { fromDay: Day; toDay: Day },
): AsyncGenerator<DueDay> {
  const questions: Statement[] = [];
  for (let day = fromDay; day < toDay; day = addDays(day, 1)) questions.push(dueDayQuery(day));
  const told = new Set<string>();
  for (const { sql, parameters } of [...questions, markedDaysQuery]) {
    const rows: RawDue[] = await database.read((manager) => manager.query(sql, [...parameters]));
    for (const due of rows.map(dueOf)) {
      const key = `${due.day} ${due.canteenId}`;
      if (told.has(key)) continue;
      told.add(key);
      yield due;
    }
  }
}

const markedDaysQuery: Statement = {
  sql: `SELECT f.canteenId, CAST(f.day AS CHAR) AS day, f.dueMark,
               (SELECT COUNT(*) FROM swipe s WHERE s.canteenId = f.canteenId AND s.mealDate = f.day) AS swipes
          FROM flag_scan f WHERE f.dueMark IS NOT NULL ORDER BY f.day, f.canteenId`,
  parameters: [],
};

/** A day by its counts; SQLite takes a CROSS JOIN in the order written, which begins with the canteens. */
export function dueDayQuery(day: Day): Statement {
  return {
    sql: `SELECT counted.canteenId, CAST(counted.mealDate AS CHAR) AS day, counted.swipes, f.dueMark
            FROM (SELECT s.canteenId, s.mealDate, COUNT(*) AS swipes
                    FROM canteen c
                   CROSS JOIN swipe s ON s.canteenId = c.facilityId AND s.mealDate = ?
                   GROUP BY s.canteenId, s.mealDate) counted
            LEFT JOIN flag_scan f ON f.canteenId = counted.canteenId AND f.day = counted.mealDate
           WHERE counted.swipes <> COALESCE(f.swipes, 0)
           ORDER BY counted.canteenId`,
    parameters: [day],
  };
}

/** The days of [fromDay, toDay) on which a canteen at or beneath a facility had swipes, looked through or not. */
export async function daysWithSwipes(
  manager: EntityManager,
  canteenIds: readonly number[],
  { fromDay, toDay }: { fromDay: Day; toDay: Day },
): Promise<DueDay[]> {
  const rows: RawDue[] = await manager.query(
    `SELECT s.canteenId, CAST(s.mealDate AS CHAR) AS day, COUNT(*) AS swipes, MAX(f.dueMark) AS dueMark
       FROM swipe s
       LEFT JOIN flag_scan f ON f.canteenId = s.canteenId AND f.day = s.mealDate
      WHERE s.canteenId IN (${placeholders(canteenIds) || 'NULL'}) AND s.mealDate >= ? AND s.mealDate < ?
      GROUP BY s.canteenId, s.mealDate
      ORDER BY s.mealDate, s.canteenId`,
    [...canteenIds, fromDay, toDay],
  );
  return rows.map(dueOf);
}

interface RawDue {
  canteenId: number;
  day: Day;
  swipes: number | string;
  dueMark: number | null;
}

function dueOf({ canteenId, day, swipes, dueMark }: RawDue): DueDay {
  return { canteenId, day, swipes: Number(swipes), dueMark };
}
