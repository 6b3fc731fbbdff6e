import type { EntityManager } from 'typeorm';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, type Scope } from '../network/scope.js';
import { withAbove } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { lockedFacility } from './care-terms.js';

/** Elders of a category, from an ability level on, are to be visited every month at a place and beneath it. */
export interface Duty {
  facilityId: number;
  category: ElderCategory;
  /** 0 for everybody of the category, whether assessed or not; else the least level, 1 to 4. */
  abilityFrom: number;
  fromDay: Day;
  /** The first day on which it is no duty any more; null while no end is said. */
  toDay: Day | null;
}

const abilityMax = 4;
const columns = `facilityId, category, abilityFrom, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay`;
const inOrder = 'ORDER BY facilityId, category, abilityFrom, fromDay';

/** The duties that a facility has, its own and those of what lies above it, that are not over; undefined outside the scope. */
export async function dutiesAt(
  manager: EntityManager,
  facilityId: number,
  scope: Scope,
  today: Day,
): Promise<Duty[] | undefined> {
  const isCovered = await covers(manager, scope, facilityId, today);
  const above = withAbove([facilityId], today);
  const duties: Duty[] = await manager.query(
    `${above.sql}
     SELECT ${columns} FROM visit_duty
      WHERE (facilityId = ? OR facilityId IN (SELECT ancestorId FROM above)) AND (toDay IS NULL OR toDay > ?)
      ${inOrder}`,
    [...above.parameters, facilityId, today],
  );
  const rows: unknown[] = await manager.query('SELECT id FROM facility WHERE id = ?', [facilityId]);
  return isCovered && rows.length > 0 ? duties : undefined;
}

export interface WantedDuty {
  facilityId: number;
  category: ElderCategory;
  abilityFrom: number;
  /** From this day on it is a duty, or is none. */
  fromDay: Day;
  isDuty: boolean;
  now: Date;
}

/**
 * Puts elders on the list of a place, or takes them off, from a day on: what was said for that day and later is said
 * anew, and what was before stays. Of the same category and level; another reason to be on the list stays too.
 */
export async function setVisitDuty(
  manager: EntityManager,
  { facilityId, category, abilityFrom, fromDay, isDuty, now }: WantedDuty,
  scope: Scope,
): Promise<{ duties: Duty[] } | CareRefusal> {
  const facility = await lockedFacility(manager, facilityId, scope, dayOf(now));
  if (isRefusal(facility)) return facility;
  if (fromDay < dayOf(now)) return refuseCare('BACKDATED', ['input', 'fromDay']);
  if (!Number.isInteger(abilityFrom) || abilityFrom < 0 || abilityFrom > abilityMax) {
    const text = { zh: `须在 0 至 ${abilityMax} 之间`, en: `must be 0 to ${abilityMax}` };
    return refuseCare('VALUE_OUT_OF_RANGE', ['input', 'abilityFrom'], text);
  }
  const own = 'facilityId = ? AND category = ? AND abilityFrom = ?';
  const key = [facilityId, category, abilityFrom];
  await manager.query(`DELETE FROM visit_duty WHERE ${own} AND fromDay >= ?`, [...key, fromDay]);
  const running = `${own} AND fromDay < ? AND (toDay IS NULL OR toDay >= ?)`;
  const [present]: Duty[] = await manager.query(`SELECT ${columns} FROM visit_duty WHERE ${running}`, [
    ...key,
    fromDay,
    fromDay,
  ]);
  if (present) {
    // It goes on without an end, or ends here.
    await manager.query(`UPDATE visit_duty SET toDay = ? WHERE ${own} AND fromDay = ?`, [
      isDuty ? null : fromDay,
      ...key,
      present.fromDay,
    ]);
  } else if (isDuty) {
    await insertRows(
      manager,
      'visit_duty',
      ['facilityId', 'category', 'abilityFrom', 'fromDay', 'toDay'],
      [[...key, fromDay, null]],
    );
  }
  return { duties: await dutiesOf(manager, facilityId) };
}

/** Those of the facility itself, past ones too. */
async function dutiesOf(manager: EntityManager, facilityId: number): Promise<Duty[]> {
  return manager.query(`SELECT ${columns} FROM visit_duty WHERE facilityId = ? ${inOrder}`, [facilityId]);
}

/** The duties of a facility as the audit log shows them. */
export async function visitDutyState(
  manager: EntityManager,
  facilityId: number,
): Promise<AuditedState | undefined> {
  const rows: unknown[] = await manager.query(`SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`, [
    facilityId,
  ]);
  const duties = await dutiesOf(manager, facilityId);
  if (rows.length === 0) return undefined;
  const said = duties.map(
    ({ category, abilityFrom, fromDay, toDay }) =>
      `${category} ${abilityFrom} ${fromDay}${toDay === null ? '' : ` to ${toDay}`}`,
  );
  return { about: { facilityId, subject: `facility:${facilityId}` }, values: { duties: said } };
}
