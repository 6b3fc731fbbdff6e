import type { EntityManager } from 'typeorm';
import { dayOf } from '../shared/china-time.js';
import { careTermsOf } from './care-terms.js';
import type { CareTerms } from './care-terms.rules.js';
import { lockCareVisits, reachedVisits } from './care-visits.js';
import { changeVisit } from './change-visit.js';
import { type CheckRefusal, refuseCheck, refuseStatus, refuseTime } from './check-refusals.js';
import { liveTags } from './door-tags.js';
import { useHours } from './hours-book.js';
import { writeTimes } from './keep-check.js';
import { noteTextOf, shortTextMax } from './note-text.rules.js';
import { presenceOf } from './presence.rules.js';
import { closeAlertsThatWentOn } from './raise-alerts.js';
import { keepEvidence } from './visit-evidence.js';
import type { VisitReach } from './visit-reach.js';
import { visitStepsFor } from './visit-steps.rules.js';

export interface Ending {
  visitId: number;
  /** When the visit ended, as far as the station found out. */
  at: Date;
  reason: string;
  byId: number;
  now: Date;
}

/**
 * Ends a visit in the place of a caregiver who did not check out, or of one of two who never came. It is never paid
 * for without somebody else having looked.
 */
export async function endVisit(
  manager: EntityManager,
  { visitId, at, reason, byId, now }: Ending,
  reach: VisitReach,
): Promise<{ visitId: number } | CheckRefusal> {
  const text = noteTextOf(reason, shortTextMax);
  if (!text) return refuseCheck('NOTE_INVALID');
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  const visit = (await lockCareVisits(manager, reached)).get(visitId);
  if (!visit) return refuseCheck('VISIT_UNKNOWN');
  const [step] = visitStepsFor('CHECK_OUT', visit.status, ['STATION']);
  if (!step) return refuseStatus(visit.status, 'END');
  if (at > now) return refuseTime('FUTURE');
  if (visit.checkedInAt && at < visit.checkedInAt) return refuseTime('TOO_EARLY');
  await changeVisit(manager, {
    visit,
    caregiverIds: visit.parts.map(({ caregiverId }) => caregiverId),
    kind: step.event,
    status: step.to,
    at: now,
    byId,
    isOverride: true,
    reason: text,
  });
  // One of two may have left later than the other is said to have.
  const departures = visit.parts.flatMap(
    ({ caregiverId }) => presenceOf(visit.taps, caregiverId).left?.countsAtMs ?? [],
  );
  const checkedOutAt = new Date(Math.max(at.getTime(), ...departures));
  Object.assign(visit, { status: step.to, version: visit.version + 1, checkedOutAt });
  await writeTimes(manager, visit);
  await closeAlertsThatWentOn(manager, visit.id, 'NOT_ENDED', now);
  await useHours(manager, [visit.id], now);
  const day = dayOf(visit.startsAt);
  const terms = (await careTermsOf(manager, [visit.stationId], day)).get(visit.stationId) as CareTerms;
  const { since } = await liveTags(manager, [], [visit.elderId]);
  await keepEvidence(manager, visit, { terms, tagSince: since.get(visit.elderId), endedById: byId, now });
  return { visitId };
}
