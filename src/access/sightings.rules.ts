/** Over which time a reader called from one address, without a long silence; epoch milliseconds. */
export interface Streak {
  firstAtMs: number;
  lastAtMs: number;
}

/** What is known of a reader from its requests. */
export interface ReaderTraces {
  lastSeenAtMs: number;
  /** Null while it never named one. */
  softwareVersion: string | null;
  /** By how much its clock is ahead, in milliseconds; null while it was never told. */
  clockSkewMs: number | null;
  possiblyClonedAtMs: number | null;
  addresses: ReadonlyMap<string, Streak>;
}

/** A reader that is silent for longer has been switched off, and may come back from elsewhere. */
const silenceMsMax = 10 * 60_000;

/** How many addresses are kept of a reader: the last ones. */
export const addressesMax = 8;

/** The part of the difference that one look at the clock corrects, so that one slow request moves little. */
const smoothing = 0.2;

export function extended(streak: Streak | undefined, atMs: number): Streak {
  return joined(streak, { firstAtMs: atMs, lastAtMs: atMs });
}

/** The streak that two of one address make: both when no long silence lies between, else the later one. */
function joined(one: Streak | undefined, other: Streak): Streak {
  if (!one) return other;
  const [early, late] = one.firstAtMs <= other.firstAtMs ? [one, other] : [other, one];
  if (late.firstAtMs - early.lastAtMs > silenceMsMax) return late;
  return { firstAtMs: early.firstAtMs, lastAtMs: Math.max(early.lastAtMs, late.lastAtMs) };
}

/**
 * When a reader was last seen at two addresses at once; null when it never was. A reader that moves is seen at
 * one and from then on at the other; only two machines with one key come from the one, the other and the one again.
 */
export function lastOverlap(addresses: ReadonlyMap<string, Streak>): number | null {
  const streaks = [...addresses.values()];
  let last: number | null = null;
  streaks.forEach((one, index) => {
    for (const other of streaks.slice(index + 1)) {
      const beganBoth = Math.max(one.firstAtMs, other.firstAtMs);
      const endedOne = Math.min(one.lastAtMs, other.lastAtMs);
      if (beganBoth <= endedOne) last = Math.max(last ?? 0, endedOne);
    }
  });
  return last;
}

export function smoothed(before: number | null, sampleMs: number): number {
  return Math.round(before === null ? sampleMs : before + (sampleMs - before) * smoothing);
}

/** The latest addresses, no more than are kept. */
export function latestAddresses(addresses: ReadonlyMap<string, Streak>): Map<string, Streak> {
  const latestFirst = [...addresses].sort(([, one], [, other]) => other.lastAtMs - one.lastAtMs);
  return new Map(latestFirst.slice(0, addressesMax));
}

/** What two servers know of one reader, put together. */
export function merged(stored: ReaderTraces | undefined, fresh: ReaderTraces): ReaderTraces {
  if (!stored) return fresh;
  const [older, newer] = stored.lastSeenAtMs <= fresh.lastSeenAtMs ? [stored, fresh] : [fresh, stored];
  const together = new Map(stored.addresses);
  for (const [address, streak] of fresh.addresses)
    together.set(address, joined(together.get(address), streak));
  const addresses = latestAddresses(together);
  const cloned = [stored.possiblyClonedAtMs, fresh.possiblyClonedAtMs, lastOverlap(addresses)];
  const known = cloned.filter((at) => at !== null);
  return {
    lastSeenAtMs: newer.lastSeenAtMs,
    softwareVersion: newer.softwareVersion ?? older.softwareVersion,
    clockSkewMs: newer.clockSkewMs ?? older.clockSkewMs,
    possiblyClonedAtMs: known.length > 0 ? Math.max(...known) : null,
    addresses,
  };
}
