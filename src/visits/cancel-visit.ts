import type { EntityManager } from 'typeorm';
import type { CancelCause } from '../../entities/visits/visit-event.entity.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { changeVisit } from './change-visit.js';
import { type FoundVisit, visitById } from './find-visits.js';
import { forfeitHours, giveBackHours } from './hours-book.js';
import { lockVisits, type SeriesScope, stepsOf } from './locked-visits.js';
import type { VisitReach } from './visit-reach.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import type { Booker } from './visit-situation.js';
import { visitTermsAt } from './visit-terms.js';
import { isKeepable, isTooLate } from './visit-terms.rules.js';

export interface Cancellation {
  visitId: number;
  scope: SeriesScope;
  reason: string;
  /** On whose account, as a station says; its own without it. What a family calls off is on the family's. */
  causedBy?: CancelCause | null;
}

/**
 * Calls a visit off, or with it the rest of its series. A family keeps to the notice of the terms; a station may go past
 * it, which its event says. What becomes then of hours that a family called off too late says the rule by which each of
 * them was granted; what lies with the station costs the elder nothing, however late it is, and nobody pays it.
 */
export async function cancelVisit(
  manager: EntityManager,
  cancellation: Cancellation,
  reach: VisitReach,
  { now, byId }: Booker,
): Promise<FoundVisit | VisitRefusal> {
  const reason = cancellation.reason.trim();
  if (reason === '' || !isKeepable(reason)) return refuseVisit('NOTE_INVALID', ['reason']);
  const locked = await lockVisits(manager, cancellation, reach, now);
  if (!locked) return refuseVisit('VISIT_UNKNOWN', ['visitId']);
  const steps = stepsOf(locked, 'CANCEL', 'CANCELLED');
  if (isRefusal(steps)) return steps;
  const { visits, sides } = locked;
  const terms = await visitTermsAt(manager, visits[0].stationId, dayOf(now));
  const causedBy = sides.includes('STATION') ? (cancellation.causedBy ?? 'STATION') : 'FAMILY';
  const late = visits.filter(({ startsAt }) => isTooLate(startsAt, now, terms));
  if (late.length > 0 && !sides.includes('STATION')) {
    return refuseVisit('TOO_LATE_TO_CANCEL', ['visitId']);
  }
  for (const visit of visits) {
    const isOverride = late.includes(visit);
    const step = {
      kind: 'CANCEL',
      status: 'CANCELLED',
      at: now,
      byId,
      isOverride,
      causedBy,
      reason,
    } as const;
    await changeVisit(manager, { visit, caregiverIds: visit.caregiverIds, ...step });
  }
  const idsOf = (some: readonly FoundVisit[]) => some.map(({ id }) => id);
  const lost = causedBy === 'FAMILY' ? late : [];
  const given = visits.filter((visit) => !lost.includes(visit));
  if (given.length > 0) await giveBackHours(manager, idsOf(given), now);
  if (lost.length > 0) await forfeitHours(manager, idsOf(lost), now);
  return visitById(manager, cancellation.visitId);
}
