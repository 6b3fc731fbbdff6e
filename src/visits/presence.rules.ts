import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { CheckKind } from '../../entities/visits/visit-check.entity.js';

/** A tap at the instant as which it counts, in milliseconds. */
export interface Tap {
  requestId: string;
  caregiverId: number;
  kind: CheckKind;
  countsAtMs: number;
}

/** When one caregiver was there. */
export interface Presence<Of extends Tap = Tap> {
  arrived: Of | undefined;
  left: Of | undefined;
}

/**
 * When a caregiver was there: from the first tap in to the last tap out after it. It follows from the taps alone and
 * not from the order in which they came, so that what was stored without a network may be uploaded in any order, and
 * again. A tap out that nothing goes before waits for its tap in.
 */
export function presenceOf<Of extends Tap>(taps: readonly Of[], caregiverId: number): Presence<Of> {
  const own = taps.filter((tap) => tap.caregiverId === caregiverId).sort(byTime);
  const arrived = own.find(({ kind }) => kind === 'IN');
  if (!arrived) return { arrived: undefined, left: undefined };
  const left = own.filter(({ kind, countsAtMs }) => kind === 'OUT' && countsAtMs >= arrived.countsAtMs);
  return { arrived, left: left.at(-1) };
}

/** By their time, and those of one instant in an order that is the same everywhere. */
function byTime(one: Tap, other: Tap): number {
  return one.countsAtMs - other.countsAtMs || (one.requestId < other.requestId ? -1 : 1);
}

/** Where taps have brought a visit. */
export interface VisitStanding {
  status: VisitStatus;
  checkedInAt: Date | null;
  checkedOutAt: Date | null;
}

/**
 * How a visit stands after its taps: begun with the first caregiver who came, completed when all have left. More taps
 * never lead back, and what the station ended stays ended.
 */
export function standingAfter(before: VisitStanding, presences: readonly Presence[]): VisitStanding {
  const arrivals = presences.flatMap(({ arrived }) => arrived?.countsAtMs ?? []);
  if (arrivals.length === 0 || before.status === 'CANCELLED') return before;
  const departures = presences.flatMap(({ left }) => left?.countsAtMs ?? []);
  const checkedInAt = new Date(Math.min(...arrivals));
  const haveAllLeft = departures.length === presences.length;
  if (haveAllLeft) {
    return { status: 'COMPLETED', checkedInAt, checkedOutAt: new Date(Math.max(...departures)) };
  }
  if (before.status === 'COMPLETED') return { ...before, checkedInAt };
  return { status: 'IN_PROGRESS', checkedInAt, checkedOutAt: null };
}
