import type { EntityManager } from 'typeorm';
import type { HoursPostingKind } from '../../entities/visits/hours-posting.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { findElder } from '../elders/find-elder.js';
import { nowhere } from '../network/scope.js';
import { addDays, type Day } from '../shared/china-time.js';
import { firstDayOf, lastDayOf, type Month, nextMonth } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { type GrantRow, grantColumns, readHoursCatalog } from './hours-catalog.js';
import { type Purse, Purses } from './hours-purses.rules.js';

/** Minutes by what became of them. */
export interface HoursSums {
  grantedMinutes: number;
  reservedMinutes: number;
  usedMinutes: number;
  /** Lost by calling off too late, or because the period ended. */
  lostMinutes: number;
  leftMinutes: number;
}

/** One grant over a month, or over a week that begins in the month. */
export interface FoundGrant extends HoursSums {
  setCode: string;
  grantCode: string;
  /** Null of a grant whose rules count no more. */
  name: Text | null;
  fromDay: Day;
  toDay: Day;
  /** False when the elder has what was granted and the rules as they stand give no more of it. */
  counts: boolean;
}

/** What one posting did to one grant. */
export interface HoursMovement {
  kind: HoursPostingKind;
  bookedOn: Day;
  postedAt: Date;
  visitId: number | null;
  setCode: string;
  grantCode: string;
  /** What it added to what is left, negative when it took. */
  leftMinutes: number;
  reservedMinutes: number;
  usedMinutes: number;
  /** What the station is owed by it from now on, in fen. */
  owedFen: number;
}

export interface HoursOfMonth extends HoursSums {
  elderId: number;
  month: Month;
  grants: FoundGrant[];
  movements: HoursMovement[];
}

/**
 * An elder's government hours of a month, at the home station: those that were needed already as the ledger has
 * them, the others as the rules would grant them today. Undefined when there is no elder in `scope`.
 */
export async function hoursOf(
  manager: EntityManager,
  { elderId, month }: { elderId: number; month: Month },
  scope: ElderScope,
  today: Day,
): Promise<HoursOfMonth | undefined> {
  const elder = await findElder(manager, elderId, scope, today);
  if (!elder) return undefined;
  const [from, to] = [firstDayOf(month), firstDayOf(nextMonth(month))];
  const rows: GrantSums[] = await manager.query(
    `SELECT ${grantColumns}, (SELECT COALESCE(SUM(e.minutes), 0) FROM hours_entry e
                               WHERE e.account = 'RESERVED' AND e.ownerId = g.id) AS reservedMinutes,
            (SELECT COALESCE(SUM(e.minutes), 0) FROM hours_entry e
              WHERE e.account = 'USED' AND e.ownerId = g.id) AS usedMinutes
       FROM hours_grant g WHERE elderId = ? AND fromDay >= ? AND fromDay < ? ORDER BY fromDay, setCode, grantCode`,
    [elderId, from, to],
  );
  const purses = await pursesOf(manager, elderId, elder.homeStationId ?? nowhere, month);
  const grants = rows.map((row) => foundGrant(row, purses));
  for (const purse of purses) if (!purse.row) grants.push(grantToBe(purse));
  grants.sort((one, other) => (one.fromDay < other.fromDay ? -1 : one.fromDay > other.fromDay ? 1 : 0));
  const total = (of: keyof HoursSums) => grants.reduce((sum, grant) => sum + grant[of], 0);
  return {
    elderId,
    month,
    grantedMinutes: total('grantedMinutes'),
    reservedMinutes: total('reservedMinutes'),
    usedMinutes: total('usedMinutes'),
    lostMinutes: total('lostMinutes'),
    leftMinutes: total('leftMinutes'),
    grants,
    movements: await movementsOf(manager, rows),
  };
}

type GrantSums = GrantRow & { reservedMinutes: number | string; usedMinutes: number | string };

/** What the rules grant at a station over the months and weeks that begin in this month. */
async function pursesOf(
  manager: EntityManager,
  elderId: number,
  stationId: number,
  month: Month,
): Promise<Purse[]> {
  const [fromDay, toDay] = [firstDayOf(month), lastDayOf(month)];
  const catalog = await readHoursCatalog(manager, {
    elderIds: [elderId],
    stationIds: [stationId],
    serviceIds: [],
    fromDay,
    toDay,
  });
  const purses = new Purses(catalog);
  const found = new Set<Purse>();
  for (let day = fromDay; day <= toDay; day = addDays(day, 1)) {
    for (const looked of purses.looked({ elderId, stationId, day })) {
      if (looked.unmet === null && looked.fromDay >= fromDay) found.add(purses.purseOf(elderId, looked));
    }
  }
  return [...found];
}

function foundGrant(row: GrantSums, purses: readonly Purse[]): FoundGrant {
  const { setCode, grantCode, fromDay, toDay, grantedMinutes, leftMinutes } = row;
  const [reservedMinutes, usedMinutes] = [Number(row.reservedMinutes), Number(row.usedMinutes)];
  const purse = purses.find((each) => each.row?.id === row.id);
  // What the rules give by now is written down when it is next needed; what is shown is what a booking would get.
  const more = purse ? purse.leftMinutes - leftMinutes : 0;
  return {
    setCode,
    grantCode,
    name: purse?.grant.name ?? null,
    fromDay,
    toDay,
    grantedMinutes: grantedMinutes + more,
    reservedMinutes,
    usedMinutes,
    lostMinutes: grantedMinutes - reservedMinutes - usedMinutes - leftMinutes,
    leftMinutes: leftMinutes + more,
    counts: purse !== undefined,
  };
}

function grantToBe({ set, grant, period, leftMinutes }: Purse): FoundGrant {
  return {
    setCode: set.code,
    grantCode: grant.code,
    name: grant.name,
    fromDay: period.fromDay,
    toDay: period.toDay,
    grantedMinutes: leftMinutes,
    reservedMinutes: 0,
    usedMinutes: 0,
    lostMinutes: 0,
    leftMinutes,
    counts: true,
  };
}

async function movementsOf(manager: EntityManager, grants: readonly GrantRow[]): Promise<HoursMovement[]> {
  const ids = grants.map(({ id }) => id);
  const sumOf = (account: string, unit: 'minutes' | 'fen') =>
    `SUM(CASE WHEN e.account = '${account}' THEN e.${unit} ELSE 0 END)`;
  const rows: MovementRow[] = await manager.query(
    `SELECT p.kind, CAST(p.bookedOn AS CHAR) AS bookedOn, p.postedAt, p.visitId, g.setCode, g.grantCode,
            ${sumOf('LEFT', 'minutes')} AS leftMinutes, ${sumOf('RESERVED', 'minutes')} AS reservedMinutes,
            ${sumOf('USED', 'minutes')} AS usedMinutes, ${sumOf('STATION_RECEIVABLE', 'fen')} AS owedFen
       FROM hours_grant g
       JOIN hours_entry e ON e.grantId = g.id
       JOIN hours_posting p ON p.id = e.postingId
      WHERE g.id IN (${placeholders(ids) || 'NULL'})
      GROUP BY p.id, p.kind, p.bookedOn, p.postedAt, p.visitId, g.id, g.setCode, g.grantCode
      ORDER BY p.postedAt, p.id, g.id`,
    ids,
  );
  return rows.map((row) => ({
    ...row,
    postedAt: new Date(Number(row.postedAt)),
    leftMinutes: Number(row.leftMinutes),
    reservedMinutes: Number(row.reservedMinutes),
    usedMinutes: Number(row.usedMinutes),
    owedFen: Number(row.owedFen),
  }));
}

type MovementRow = Omit<
  HoursMovement,
  'postedAt' | 'leftMinutes' | 'reservedMinutes' | 'usedMinutes' | 'owedFen'
> &
  Record<'postedAt' | 'leftMinutes' | 'reservedMinutes' | 'usedMinutes' | 'owedFen', number | string>;
