import type { EntityManager } from 'typeorm';
import { type InstitutionStays, stayKey } from '../elders/institution-stays.js';
import { narrowed, type Scope } from '../network/scope.js';
import { type SqlPart, withBeneath } from '../network/tree.js';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import { oneMonthAfter } from './duty.rules.js';

/** An elder of the government's list who has no visit this month, neither brought nor planned. */
export interface DueVisit {
  elderId: number;
  /** When the last visit began; null for somebody who was never visited. */
  lastVisitAt: Date | null;
  /** A month after the last visit; for somebody who was never visited, after the file was begun. */
  dueOn: Day;
}

export interface DuePage {
  /** The cursor's elder, by its last visit (0 for none) and its id. */
  after?: { startsAt: Date; id: number } | undefined;
  rowsMax: number;
}

/** Who asks, and what decides besides the list. */
export interface DueAsker {
  scope: Scope;
  now: Date;
  /** Who lives in an institution is looked after there, and due for nobody's visit. */
  stays: InstitutionStays;
}

/**
 * Who is due at stations of the scope within a facility, soonest first: who was never visited, then by the last visit. The
 * list is read by category and ability, and the visits of each elder by the index of its visits. Four statements, and one
 * more for every five thousand elders.
 */
export async function visitsDue(
  manager: EntityManager,
  within: number,
  { after, rowsMax }: DuePage,
  asker: DueAsker,
): Promise<DueVisit[]> {
  const last = after?.startsAt.getTime();
  const rows = await dueRows(manager, within, asker, {
    sql: `${after ? 'WHERE lastMs > ? OR (lastMs = ? AND elderId > ?)' : ''} ORDER BY lastMs, elderId`,
    parameters: after ? [last, last, after.id] : [],
  });
  return rows.slice(0, rowsMax).map(({ elderId, lastMs, registeredOn }) => {
    const lastVisitAt = Number(lastMs) === 0 ? null : new Date(Number(lastMs));
    const from = lastVisitAt === null ? registeredOn : dayOf(lastVisitAt);
    return { elderId, lastVisitAt, dueOn: oneMonthAfter(from) };
  });
}

/** How many `visitsDue` has on all pages. */
export async function countVisitsDue(
  manager: EntityManager,
  within: number,
  asker: DueAsker,
): Promise<number> {
  return (await dueRows(manager, within, asker, { sql: '', parameters: [] })).length;
}

/** Few enough for one statement on either engine. */
const idsPerStatement = 5000;

/** Who is on the list and lives at home today; where people live is another area's, so it is asked for apart. */
async function dueRows(
  manager: EntityManager,
  within: number,
  { scope, now, stays }: DueAsker,
  wanted: SqlPart,
): Promise<DueRow[]> {
  const due = await dueSql(manager, within, scope, now);
  if (!due) return [];
  const rows: DueRow[] = await manager.query(
    `${due.sql} SELECT * FROM (${due.select}) listed ${wanted.sql}`,
    [...due.parameters, ...wanted.parameters],
  );
  const today = dayOf(now);
  const away = new Set<string>();
  for (let start = 0; start < rows.length; start += idsPerStatement) {
    const ids = rows.slice(start, start + idsPerStatement).map(({ elderId }) => elderId);
    for (const key of await stays.on(manager, ids, [today])) away.add(key);
  }
  return rows.filter(({ elderId }) => !away.has(stayKey(elderId, today)));
}

interface DueRow {
  elderId: number;
  lastMs: number | string;
  registeredOn: Day;
}

/** Undefined where the caller may not look, or where nobody has a duty. */
async function dueSql(
  manager: EntityManager,
  within: number,
  scope: Scope,
  now: Date,
): Promise<{ sql: string; select: string; parameters: unknown[] } | undefined> {
  const today = dayOf(now);
  const open = await narrowed(manager, scope, within, today);
  const duties: { facilityId: number }[] = await manager.query(
    'SELECT DISTINCT facilityId FROM visit_duty WHERE fromDay <= ? AND (toDay IS NULL OR toDay > ?)',
    [today, today],
  );
  if (open === 'everywhere' || open.length === 0) return undefined;
  const roots = [...new Set([...open, ...duties.map(({ facilityId }) => facilityId)])];
  const beneath = withBeneath(roots, today);
  const [monthMs, nextMs] = monthOf(today).map((day) => instantOn(day, 0).getTime()) as [number, number];
  return {
    sql: beneath.sql,
    select: `SELECT elder.id AS elderId, CAST(elder.registeredOn AS CHAR) AS registeredOn,
                    COALESCE((SELECT MAX(past.startsAt) FROM visit past
                               WHERE past.elderId = elder.id AND past.startsAt < ?
                                 AND past.status = 'COMPLETED'), 0) AS lastMs
               FROM elder
              WHERE elder.status = 'ACTIVE'
                AND elder.homeStationId IN (SELECT facilityId FROM beneath WHERE rootId = ?)
                AND EXISTS (SELECT 1 FROM elder_category own
                              JOIN visit_duty duty ON duty.category = own.category
                              JOIN beneath place ON place.rootId = duty.facilityId
                             WHERE own.elderId = elder.id AND place.facilityId = elder.homeStationId
                               AND duty.fromDay <= ? AND (duty.toDay IS NULL OR duty.toDay > ?)
                               AND (duty.abilityFrom = 0
                                    OR (elder.abilityLevel >= duty.abilityFrom
                                        AND (elder.abilityExpiresOn IS NULL OR elder.abilityExpiresOn > ?))))
                AND NOT EXISTS (SELECT 1 FROM visit present
                                 WHERE present.elderId = elder.id AND present.startsAt >= ? AND present.startsAt < ?
                                   AND present.status NOT IN ('CANCELLED', 'NO_SHOW'))`,
    parameters: [...beneath.parameters, monthMs, open[0], today, today, today, monthMs, nextMs],
  };
}

/** The first days of this month and of the next. */
function monthOf(today: Day): [Day, Day] {
  const first = `${today.slice(0, 7)}-01`;
  return [first, `${addDays(first, 31).slice(0, 7)}-01`];
}
