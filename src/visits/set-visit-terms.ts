import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { lockedFacility } from './care-terms.js';
import { announceCatalog } from './planning-news.js';
import { visitTermsAt } from './visit-terms.js';
import { type VisitTerms, visitTermAtFault, visitTermsRanges } from './visit-terms.rules.js';

const names = Object.keys(visitTermsRanges) as (keyof VisitTerms)[];

export interface WantedVisitTerms {
  facilityId: number;
  fromDay: Day;
  /** What is left out is as it was before that day. */
  changed: Partial<VisitTerms>;
  now: Date;
}

/** The terms of booking that count at a facility today; undefined outside the scope. */
export async function findVisitTerms(
  manager: EntityManager,
  facilityId: number,
  scope: Scope,
  today: Day,
): Promise<VisitTerms | undefined> {
  const isCovered = await covers(manager, scope, facilityId, today);
  const terms = await visitTermsAt(manager, facilityId, today);
  const rows: unknown[] = await manager.query('SELECT id FROM facility WHERE id = ?', [facilityId]);
  return isCovered && rows.length > 0 ? terms : undefined;
}

/** Sets on which terms visits are booked at a facility and beneath it from a day on, in the place of those of that same day. */
export async function setVisitTerms(
  manager: EntityManager,
  { facilityId, fromDay, changed, now }: WantedVisitTerms,
  scope: Scope,
): Promise<VisitTerms | CareRefusal> {
  const facility = await lockedFacility(manager, facilityId, scope, dayOf(now));
  if (isRefusal(facility)) return facility;
  if (fromDay < dayOf(now)) return refuseCare('BACKDATED', ['input', 'fromDay']);
  const terms = { ...(await visitTermsAt(manager, facilityId, fromDay)), ...changed };
  const fault = visitTermAtFault(terms);
  if (fault) {
    const [min, max] = visitTermsRanges[fault];
    return refuseCare('VALUE_OUT_OF_RANGE', ['input', fault], {
      zh: `须在 ${min} 至 ${max} 之间`,
      en: `must be ${min} to ${max}`,
    });
  }
  await manager.query('DELETE FROM visit_terms WHERE facilityId = ? AND fromDay = ?', [facilityId, fromDay]);
  await insertRows(
    manager,
    'visit_terms',
    ['facilityId', 'fromDay', ...names],
    [[facilityId, fromDay, ...names.map((name) => terms[name])]],
  );
  announceCatalog(manager);
  return terms;
}

/** The terms of a facility on a day as the audit log shows them. */
export async function visitTermsState(
  manager: EntityManager,
  { facilityId, fromDay }: Pick<WantedVisitTerms, 'facilityId' | 'fromDay'>,
): Promise<AuditedState | undefined> {
  const rows: unknown[] = await manager.query(`SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`, [
    facilityId,
  ]);
  const terms = await visitTermsAt(manager, facilityId, fromDay);
  if (rows.length === 0) return undefined;
  return { about: { facilityId, subject: `facility:${facilityId}` }, values: { ...terms, fromDay } };
}
