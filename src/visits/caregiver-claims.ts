import type { ChosenCaregiver } from './choose-caregivers.rules.js';
import type { Bringer, BusyTime, Errand } from './free-times.rules.js';

/** A time of a caregiver that a booking under way on this server is about to take. */
interface Claim {
  caregiverId: number;
  busy: BusyTime;
  /** When it ends, by the clock of the process; null while the booking is under way. */
  untilMs: number | null;
}

/** Longer than what was read before a booking was committed is kept, and thought about. */
const keptMs = 3000;

/**
 * Which caregivers the bookings under way on this server have in view, so that families who book at once do not all ask
 * for the one who has least to do, and wait for each other in vain. It keeps nobody free: whoever finds no other caregiver
 * asks for a claimed one all the same, and what is true is found under lock.
 */
export class CaregiverClaims {
  private claims: Claim[] = [];

  /** The same caregivers, as if what is claimed were booked. */
  without(bringers: readonly Bringer[]): readonly Bringer[] {
    this.dropOld();
    if (this.claims.length === 0) return bringers;
    const taken = new Map<number, BusyTime[]>();
    for (const { caregiverId, busy } of this.claims) {
      taken.set(caregiverId, [...(taken.get(caregiverId) ?? []), busy]);
    }
    return bringers.map((bringer) => {
      const more = taken.get(bringer.id);
      if (!more) return bringer;
      // What was committed meanwhile is there already.
      const others = more.filter((time) => !bringer.busy.some((own) => overlap(own, time)));
      const busy = [...bringer.busy, ...others].sort((one, other) => one.fromMs - other.fromMs);
      return { ...bringer, busy };
    });
  }

  /** Claims the times of those who were chosen; what is answered ends the claim, at once unless they were booked. */
  claim(
    chosen: readonly ChosenCaregiver[],
    { preparationMinutes, bufferMinutes, elderPlace }: Errand,
  ): (isBooked: boolean) => void {
    const own = chosen.map(({ caregiverId, fromMs, toMs }): Claim => {
      const busy = { visitId: 0, fromMs, toMs, preparationMinutes, bufferMinutes, place: elderPlace };
      return { caregiverId, busy, untilMs: null };
    });
    this.claims.push(...own);
    return (isBooked) => {
      for (const claim of own) claim.untilMs = performance.now() + (isBooked ? keptMs : 0);
      this.dropOld();
    };
  }

  private dropOld(): void {
    const nowMs = performance.now();
    if (this.claims.some(({ untilMs }) => untilMs !== null && untilMs <= nowMs)) {
      this.claims = this.claims.filter(({ untilMs }) => untilMs === null || untilMs > nowMs);
    }
  }
}

function overlap(one: BusyTime, other: BusyTime): boolean {
  return one.fromMs < other.toMs && other.fromMs < one.toMs;
}
