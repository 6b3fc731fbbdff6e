import { dayOf } from '../../shared/china-time.js';
import { type Span, spanOf } from '../window.rules.js';
import type { FactCaregiver, FactVisit, PlanFacts } from './plan-facts.js';
import { spanAround } from './who-may.rules.js';

/** Which visits a plan may change, and around which it plans. */
export interface VisitRoles {
  open: readonly OpenVisit[];
  fixed: readonly FactVisit[];
}

export interface OpenVisit {
  visit: FactVisit;
  /** True when somebody who was to bring it is away then, so that even the next minutes count. */
  isAtRisk: boolean;
}

/**
 * What is asked for or assigned at the stations and has not begun is open. What is assigned and begins within minutes
 * stays: its caregivers may be on their way, or there already with a telephone that has no network. So does what is
 * assigned and reaches over midnight: few work on both days, and whoever does is hard to replace. Unless one of them is
 * away.
 */
export function rolesOf(facts: PlanFacts, now: Date): VisitRoles {
  const caregivers = new Map(facts.caregivers.map((caregiver) => [caregiver.id, caregiver]));
  const stationIds = new Set(facts.stations.map(({ id }) => id));
  const frozenUntil = new Date(now.getTime() + facts.settings.FROZEN * 60_000);
  const open: OpenVisit[] = [];
  const fixed: FactVisit[] = [];
  for (const visit of facts.visits) {
    const isOurs =
      stationIds.has(visit.stationId) &&
      visit.startsAt >= facts.span.startsAt &&
      visit.startsAt < facts.span.endsAt &&
      visit.parts.every(({ caregiverId }) => caregivers.has(caregiverId));
    const isAtRisk = isOurs && isMissingSomebody(visit, caregivers);
    const isOpen =
      isOurs &&
      (visit.status === 'REQUESTED' ||
        (visit.status === 'ASSIGNED' &&
          (isAtRisk || (visit.startsAt >= frozenUntil && !isOverMidnight(visit)))));
    if (isOpen) open.push({ visit, isAtRisk });
    else fixed.push(visit);
  }
  return { open, fixed };
}

export function isOverMidnight({ startsAt, endsAt }: Span): boolean {
  return endsAt > spanOf(dayOf(startsAt)).endsAt;
}

/** True when one of those who were to bring an assigned visit is away at its time. */
export function isMissingSomebody(visit: FactVisit, caregivers: ReadonlyMap<number, FactCaregiver>): boolean {
  if (visit.status !== 'ASSIGNED') return false;
  return visit.parts.some((part) => {
    const caregiver = caregivers.get(part.caregiverId);
    return caregiver !== undefined && !spanAround(caregiver, part);
  });
}
