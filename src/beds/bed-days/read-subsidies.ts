import type { EntityManager } from 'typeorm';
import type { BedType } from '../../../entities/beds/bed.entity.js';
import type { SubsidyPeriod } from '../../../entities/beds/bed-subsidy.entity.js';
import { withEverAbove } from '../../network/tree.js';
import type { Day } from '../../shared/china-time.js';
import { lastDayOf, type Month } from '../../shared/month.js';
import { placeholders } from '../../shared/statements.js';
import { dayAt, daysIn, type FunderTerms } from './bed-day.rules.js';
import { type BedSubsidyRule, type NearRule, ruleOn, type SubsidyRate } from './bed-subsidy.rules.js';

/** Who pays. */
export interface Payer {
  id: number;
  code: string;
  name: string;
  isDonor: boolean;
}

/** A rule with whose it is and where. */
export interface KeptSubsidy extends BedSubsidyRule {
  id: number;
  /** Null for everywhere. */
  facilityId: number | null;
  funder: Payer;
}

interface Row {
  id: number;
  facilityId: number | null;
  fromDay: Day;
  per: SubsidyPeriod;
  wholeMonthDays: number | null;
  homeLeaveDaysMax: number;
  hospitalDaysMax: number;
  funderId: number;
  code: string;
  name: string;
  level: string | null;
  place: number | null;
  bedType: BedType | null;
  levelMin: number | null;
  levelMax: number | null;
  fen: number | string;
}

/** All rules there are, with their rates in order: a few for each funder. One statement. */
export async function allSubsidies(manager: EntityManager): Promise<KeptSubsidy[]> {
  const rows: Row[] = await manager.query(
    `SELECT b.id, b.facilityId, CAST(b.fromDay AS CHAR) AS fromDay, b.per, b.wholeMonthDays, b.homeLeaveDaysMax,
            b.hospitalDaysMax, f.id AS funderId, f.code, f.name, f.level, r.place, r.bedType, r.levelMin, r.levelMax,
            r.fen
       FROM bed_subsidy b
       JOIN funder f ON f.id = b.funderId
       LEFT JOIN bed_subsidy_rate r ON r.subsidyId = b.id
      ORDER BY b.id, r.place`,
  );
  const found = new Map<number, KeptSubsidy & { rates: SubsidyRate[] }>();
  for (const { place, bedType, levelMin, levelMax, fen, funderId, code, name, level, ...row } of rows) {
    const funder = { id: funderId, code, name, isDonor: level === 'DONOR' };
    const kept = found.get(row.id) ?? { ...row, funder, rates: [] };
    if (place !== null) kept.rates.push({ bedType, levelMin, levelMax, fen: Number(fen) });
    found.set(row.id, kept);
  }
  return [...found.values()];
}

/** All funders there are, by their ids: a few dozen. One statement. */
export async function allPayers(manager: EntityManager): Promise<Map<number, Payer>> {
  const rows: { id: number; code: string; name: string; level: string | null }[] = await manager.query(
    'SELECT id, code, name, level FROM funder',
  );
  return new Map(rows.map(({ level, ...funder }) => [funder.id, { ...funder, isDonor: level === 'DONOR' }]));
}

interface Above {
  startId: number;
  ancestorId: number;
  fromDay: Day;
  toDay: Day;
  distance: number;
}

/** Everything that ever stood above these homes. One statement. */
export async function everAbove(manager: EntityManager, facilityIds: readonly number[]): Promise<Above[]> {
  const start = `SELECT placement.facilityId, placement.parentId, CAST(placement.fromDay AS CHAR),
                        COALESCE(CAST(placement.toDay AS CHAR), '9999-12-31'), 1
                   FROM facility_placement placement
                  WHERE placement.facilityId IN (${placeholders(facilityIds) || 'NULL'})`;
  return manager.query(
    `${withEverAbove(start)} SELECT startId, ancestorId, fromDay, toDay, distance FROM above`,
    [...facilityIds],
  );
}

/** Beyond every level of the tree. */
const everywhere = 1_000;

/** What each funder pays for at a home in a month, by the tree of the month's last day. */
export function termsIn(
  subsidies: readonly KeptSubsidy[],
  above: readonly Above[],
  { facilityId, month }: { facilityId: number; month: Month },
): FunderTerms[] {
  const last = lastDayOf(month);
  const distances = new Map<number | null, number>([
    [null, everywhere],
    [facilityId, 0],
  ]);
  for (const { startId, ancestorId, fromDay, toDay, distance } of above) {
    if (startId === facilityId && fromDay <= last && last < toDay) distances.set(ancestorId, distance);
  }
  const byFunder = new Map<number, NearRule<KeptSubsidy>[]>();
  for (const rule of subsidies) {
    const distance = distances.get(rule.facilityId);
    if (distance === undefined || rule.fromDay > last) continue;
    byFunder.set(rule.funder.id, [...(byFunder.get(rule.funder.id) ?? []), { distance, rule }]);
  }
  const days = Array.from({ length: daysIn(month) }, (_, index) => dayAt(month, index));
  return [...byFunder].map(([funderId, rules]) => ({
    funderId,
    byDay: days.map((day) => ruleOn(rules, day)),
  }));
}
