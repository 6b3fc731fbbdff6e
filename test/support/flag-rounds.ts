import type { FlagRule } from '../../entities/meals/fraud-flag.entity.js';
import { type InstitutionStays, noStays } from '../../src/elders/institution-stays.js';
import { type Flag, findFlags } from '../../src/meals/flags/find-flags.js';
import { FlagScanner } from '../../src/meals/flags/flag-scanner.js';
import { type DueDay, dueDays, scanCanteenDay } from '../../src/meals/flags/scan-flags.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { intakeOf, noonClock, tap } from './taps.js';
import { addDiner, countRows, type Diner, noon, type Town, today } from './town.js';

/** A round through all days that are due on the day of tests; how many flags are new or opened again. */
export function scanRound(database: Database, stays: InstitutionStays = noStays): Promise<number> {
  const scanner = new FlagScanner({
    database,
    clock: noonClock,
    stays,
    pauseMinutes: 60,
    daysMax: 7,
    onFailure(error) {
      throw error;
    },
  });
  return scanner.scan();
}

/** The days of the last week that are due now. */
export async function dueNow(database: Database): Promise<DueDay[]> {
  const due: DueDay[] = [];
  for await (const each of dueDays(database, { fromDay: addDays(today, -8), toDay: today })) due.push(each);
  return due;
}

/** The flags of one kind over [from, to), the earliest day first, whatever state they are in. */
export async function flagsOfRule(
  database: Database,
  rule: FlagRule,
  { from, to }: { from?: Day; to?: Day } = {},
): Promise<Flag[]> {
  const states = ['OPEN', 'IN_WORK', 'CONFIRMED', 'HARMLESS'] as const;
  const flags = await database.read((manager) =>
    findFlags(manager, { states, rule, from, to }, { after: undefined, rowsMax: 100 }, 'everywhere', today),
  );
  return flags.reverse();
}

/** A reader at a canteen. */
export interface Place {
  canteenId: number;
  readerId: number;
}

/** Looks a day through whether it is due or not, as the command does. */
export async function scanAnyway(database: Database, { canteenId }: Place, day: Day): Promise<void> {
  const swipes = await countRows(
    { database },
    `swipe WHERE canteenId = ${canteenId} AND mealDate = '${day}'`,
  );
  await scanCanteenDay(database, { canteenId, day, swipes, dueMark: null }, { stays: noStays, now: noon });
}

/** Elders who can pay for a week. */
export async function addDiners(town: Town, count: number): Promise<Diner[]> {
  const diners: Diner[] = [];
  for (let each = 0; each < count; each += 1) diners.push(await addDiner(town, { balanceFen: 100_000 }));
  return diners;
}

/** A card at a reader, uploaded on the day of tests. */
export async function tapped(town: Town, { uid }: Diner, place: Place, swipedAt: Date): Promise<void> {
  await intakeOf(town).record({ ...tap(town, { cardUid: uid, swipedAt, offline: true }), ...place });
}

export const at = (day: Day, time: string) => new Date(`${day}T${time}+08:00`);

/** Cards one after the other at one reader, a minute from each other. */
export async function worked(town: Town, cards: readonly Diner[], place: Place, from: Date): Promise<void> {
  for (const [index, diner] of cards.entries()) {
    await tapped(town, diner, place, new Date(from.getTime() + index * 60_000));
  }
}
