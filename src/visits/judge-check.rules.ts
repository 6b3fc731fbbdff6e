import type { TagResult } from '../../entities/visits/visit-check.entity.js';
import type { Position } from '../elders/elder-door.js';
import type { CareTerms } from './care-terms.rules.js';
import type { CareVisit, KeptTap } from './care-visits.js';
import { type CheckRefusal, refuseFar, refuseStatus, refuseTime, refuseTwice } from './check-refusals.js';
import type { WellFormedCheck } from './given-check.rules.js';
import { presenceOf } from './presence.rules.js';
import { judgeTap, openToLiveArrival, type TapDoubt } from './tap.rules.js';
import { greatCircleMetres } from './travel.rules.js';

/** What a tap is held against. */
export interface CheckFacts {
  caregiverId: number;
  terms: CareTerms;
  /** Where the elder's door is; null when it is not known. */
  door: Position | null;
  tag: TagResult;
  /** True of somebody from whom the visit was taken before the tap came in. */
  isFormer: boolean;
  now: Date;
}

/** A tap that is to be kept. */
export interface JudgedCheck {
  tap: KeptTap;
}

/** Whether a tap is recorded, as what, and with which doubts. Nothing but its facts decides. */
export function judgeCheck(
  check: WellFormedCheck,
  visit: CareVisit,
  { caregiverId, terms, door, tag, isFormer, now }: CheckFacts,
): JudgedCheck | CheckRefusal {
  const times = { deviceAt: check.at, sentAt: check.sentAt, receivedAt: now, isOffline: check.isOffline };
  const judged = judgeTap(times, visit, terms);
  if ('refused' in judged) return refuseTime(judged.refused);
  const wrong = check.isOffline ? undefined : wrongStep(check, visit, caregiverId);
  if (wrong) return wrong;
  const distanceMetres = check.position && door ? Math.round(greatCircleMetres(check.position, door)) : null;
  const isFar = distanceMetres !== null && distanceMetres > terms.farMetres;
  if (isFar && terms.isFarRefused && !check.isOffline) return refuseFar(distanceMetres, terms.farMetres);
  const doubts: TapDoubt[] = [
    ...judged.doubts,
    ...(visit.status === 'CANCELLED' ? (['CANCELLED'] as const) : []),
    ...(isFormer ? (['REASSIGNED'] as const) : []),
  ];
  return {
    tap: {
      requestId: check.requestId,
      caregiverId,
      kind: check.kind,
      deviceAtMs: check.at.getTime(),
      countsAtMs: judged.countsAt.getTime(),
      isOffline: check.isOffline,
      hasPosition: check.position !== null,
      distanceMetres,
      tag,
      doubts,
    },
  };
}

/** Somebody who stands at the door with a network is told what is wrong, and nothing is written. */
function wrongStep(
  { kind }: WellFormedCheck,
  visit: CareVisit,
  caregiverId: number,
): CheckRefusal | undefined {
  const { status } = visit;
  const { arrived, left } = presenceOf(visit.taps, caregiverId);
  if (kind === 'IN') {
    if (!openToLiveArrival.includes(status)) return refuseStatus(status, kind);
    return arrived ? refuseTwice(kind, status, true) : undefined;
  }
  if (status !== 'IN_PROGRESS') {
    return arrived || status !== 'ASSIGNED' ? refuseStatus(status, kind) : refuseTwice(kind, status, false);
  }
  if (!arrived) return refuseTwice(kind, status, false);
  return left ? refuseTwice(kind, status, true) : undefined;
}
