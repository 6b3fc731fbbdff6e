import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { CareTerms } from './care-terms.rules.js';
import type { Span } from './window.rules.js';

/** Why a tap is kept although it cannot be taken as it is. Each of them keeps the payment from going through alone. */
export const tapDoubts = ['CLOCK', 'TIME', 'LATE', 'CANCELLED', 'REASSIGNED'] as const;
export type TapDoubt = (typeof tapDoubts)[number];

export interface TapTimes {
  /** The device's clock at the tap. */
  deviceAt: Date;
  /** The device's clock at the upload; null when it did not tell. */
  sentAt: Date | null;
  receivedAt: Date;
  /** The device could not ask when it was tapped. */
  isOffline: boolean;
}

export type JudgedTap =
  | { countsAt: Date; doubts: TapDoubt[] }
  | { refused: 'FUTURE' | 'STALE' | 'TOO_EARLY' | 'TOO_LATE' };

/**
 * The instant as which a tap counts. A live tap is refused when its clock is wrong or the visit is not open; what was
 * tapped offline cannot be tapped again, so it is kept, bounded to the time in which the visit can be, and doubted. In
 * the future it cannot have been, nor before the visit is open at all.
 */
export function judgeTap(times: TapTimes, visit: Span, terms: CareTerms): JudgedTap {
  const { deviceAt, sentAt, receivedAt, isOffline } = times;
  const driftMsMax = terms.clockDriftSeconds * 1000;
  const driftMs = sentAt === null ? 0 : sentAt.getTime() - receivedAt.getTime();
  const isOff = Math.abs(driftMs) > driftMsMax;
  // What the clock is off is known only as long as it shows by how much.
  const tappedMs = deviceAt.getTime() - (isOff ? driftMs : 0);
  if (tappedMs - receivedAt.getTime() > driftMsMax) return { refused: 'FUTURE' };
  const opensMs = visit.startsAt.getTime() - terms.opensMinutes * 60_000;
  const closesMs = visit.endsAt.getTime() + terms.closesMinutes * 60_000;
  if (!isOffline) {
    if (isOff || receivedAt.getTime() - tappedMs > driftMsMax) return { refused: 'STALE' };
    if (tappedMs < opensMs) return { refused: 'TOO_EARLY' };
    if (tappedMs > closesMs) return { refused: 'TOO_LATE' };
    return { countsAt: new Date(Math.min(tappedMs, receivedAt.getTime())), doubts: [] };
  }
  if (receivedAt.getTime() < opensMs) return { refused: 'TOO_EARLY' };
  const boundedMs = Math.min(Math.max(tappedMs, opensMs), closesMs, receivedAt.getTime());
  const doubts: TapDoubt[] = [];
  if (isOff) doubts.push('CLOCK');
  if (tappedMs < opensMs || tappedMs > closesMs) doubts.push('TIME');
  if (receivedAt.getTime() - tappedMs > terms.offlineHoursMax * 3_600_000) doubts.push('LATE');
  return { countsAt: new Date(boundedMs), doubts };
}

/** In these a live tap in may be made; one out may be made in progress alone. */
export const openToLiveArrival: readonly VisitStatus[] = ['ASSIGNED', 'IN_PROGRESS', 'NO_SHOW'];
