import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, type Scope } from '../network/scope.js';
import { withAbove } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import {
  type CareTermName,
  type CareTerms,
  careTermAtFault,
  careTermsDefaults,
  careTermsRanges,
} from './care-terms.rules.js';

const names = Object.keys(careTermsDefaults) as CareTermName[];

/** Terms with where and since when they are set; nulls for the defaults. */
export interface CareTermsInForce extends CareTerms {
  facilityId: number | null;
  fromDay: Day | null;
}

/**
 * The terms of these facilities on a day: those of the nearest facility, itself or above, that has any from that day
 * or before, the newest of them. One statement; defaults where nobody has set any.
 */
export async function careTermsOf(
  manager: EntityManager,
  facilityIds: readonly number[],
  day: Day,
): Promise<Map<number, CareTermsInForce>> {
  const found = new Map<number, CareTermsInForce>(
    facilityIds.map((id) => [id, { ...careTermsDefaults, facilityId: null, fromDay: null }]),
  );
  if (facilityIds.length === 0) return found;
  const above = withAbove(facilityIds, day);
  const rows: TermsRow[] = await manager.query(
    `${above.sql}
     SELECT places.startId, places.distance, CAST(terms.fromDay AS CHAR) AS fromDay, terms.facilityId,
            ${names.map((name) => `terms.${name}`).join(', ')}
       FROM (SELECT facilityId AS startId, ancestorId, distance FROM above
             UNION ALL
             SELECT id, id, 0 FROM facility WHERE id IN (${placeholders(facilityIds)})) places
       JOIN visit_care_terms terms ON terms.facilityId = places.ancestorId AND terms.fromDay <= ?
      ORDER BY places.startId, places.distance DESC, terms.fromDay`,
    [...above.parameters, ...facilityIds, day],
  );
  // The nearest and newest comes last, and stays.
  for (const { startId, distance: _, ...row } of rows) {
    found.set(startId, { ...row, isFarRefused: Boolean(row.isFarRefused) });
  }
  return found;
}

type TermsRow = CareTermsInForce & { startId: number; distance: number };

/** The terms of one facility; undefined outside the scope. */
export async function careTermsAt(
  manager: EntityManager,
  facilityId: number,
  scope: Scope,
  today: Day,
): Promise<CareTermsInForce | undefined> {
  const isCovered = await covers(manager, scope, facilityId, today);
  const terms = (await careTermsOf(manager, [facilityId], today)).get(facilityId);
  const rows: unknown[] = await manager.query('SELECT id FROM facility WHERE id = ?', [facilityId]);
  return isCovered && rows.length > 0 ? terms : undefined;
}

export interface WantedCareTerms {
  facilityId: number;
  fromDay: Day;
  /** What is left out is as it was before that day. */
  changed: Partial<CareTerms>;
  byId: number;
  now: Date;
}

/** Sets the terms of a facility and of what lies beneath it from a day on, in the place of those of that same day. */
export async function setCareTerms(
  manager: EntityManager,
  { facilityId, fromDay, changed, byId, now }: WantedCareTerms,
  scope: Scope,
): Promise<CareTermsInForce | CareRefusal> {
  const isKnown = await lockedFacility(manager, facilityId, scope, dayOf(now));
  if (isRefusal(isKnown)) return isKnown;
  if (fromDay < dayOf(now)) return refuseCare('BACKDATED', ['input', 'fromDay']);
  const before = (await careTermsOf(manager, [facilityId], fromDay)).get(facilityId);
  const { facilityId: _place, fromDay: _day, ...base } = before as CareTermsInForce;
  const terms: CareTerms = { ...base, ...changed };
  const fault = careTermAtFault(terms);
  if (fault) {
    const [min, max] = careTermsRanges[fault];
    return refuseCare('VALUE_OUT_OF_RANGE', ['input', fault], {
      zh: `须在 ${min} 至 ${max} 之间，且与其他各项不矛盾`,
      en: `must be ${min} to ${max}, and in order with the other terms`,
    });
  }
  await manager.query('DELETE FROM visit_care_terms WHERE facilityId = ? AND fromDay = ?', [
    facilityId,
    fromDay,
  ]);
  await insertRows(
    manager,
    'visit_care_terms',
    ['facilityId', 'fromDay', ...names, 'setAt', 'setById'],
    [[facilityId, fromDay, ...names.map((name) => terms[name]), now.getTime(), byId]],
  );
  return { ...terms, facilityId, fromDay };
}

/** Locks a facility for what hangs on it; refused outside the scope. */
export async function lockedFacility(
  manager: EntityManager,
  facilityId: number,
  scope: Scope,
  today: Day,
): Promise<{ id: number } | CareRefusal> {
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`,
    [facilityId],
  );
  const isCovered = await covers(manager, scope, facilityId, today);
  return rows[0] && isCovered ? rows[0] : refuseCare('FACILITY_UNKNOWN', ['input', 'facilityId']);
}

/** The terms of a facility on a day as the audit log shows them. */
export async function careTermsState(
  manager: EntityManager,
  { facilityId, fromDay }: Pick<WantedCareTerms, 'facilityId' | 'fromDay'>,
): Promise<AuditedState | undefined> {
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`,
    [facilityId],
  );
  const terms = (await careTermsOf(manager, [facilityId], fromDay)).get(facilityId);
  if (rows.length === 0 || !terms) return undefined;
  return { about: { facilityId, subject: `facility:${facilityId}` }, values: { ...terms } };
}
