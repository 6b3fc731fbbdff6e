/** What a visit takes of a caregiver beside its own time; minutes of its service. */
export interface AroundVisit {
  /** At the station before setting out. */
  preparationMinutes: number;
  /** Kept free after the visit before the way to the next begins. */
  bufferMinutes: number;
}

/**
 * The least time in milliseconds from the end of one visit of a caregiver to the start of the next: the buffer of
 * the one, the way, and the preparation of the other. Booking, assigning and planning all keep it.
 */
export function betweenMs(before: AroundVisit, waySeconds: number, next: AroundVisit): number {
  return (before.bufferMinutes + next.preparationMinutes) * 60_000 + waySeconds * 1000;
}

/** From the beginning of a working span, at the station, to the start of the first visit in it. */
export function beforeFirstMs(waySeconds: number, first: AroundVisit): number {
  return first.preparationMinutes * 60_000 + waySeconds * 1000;
}

/** From the end of the last visit in a working span to its end, at the station. */
export function afterLastMs(last: AroundVisit, waySeconds: number): number {
  return last.bufferMinutes * 60_000 + waySeconds * 1000;
}
