/** The machine's two clocks at one moment: the wall's, which anybody can set, and one that only runs on. */
export interface ClockReading {
  wallMs: number;
  monotonicMs: number;
}

/** What the server's clock showed at a moment of this machine's. */
export interface ClockAnchor extends ClockReading {
  serverMs: number;
}

/** What a reader remembers of its clock while it is without power. */
export interface RememberedClock {
  /** The server's clock less the wall's, when the server was last heard. */
  offsetMs: number;
  /** The latest instant that the reader knows to have passed, by the server's clock. */
  latestMs: number;
}

/** How far the two clocks may part before neither is believed: somebody set the wall's, or the machine slept. */
export const jumpMsMax = 30_000;

/** How long a reader may have been without power for its wall clock to be believed. */
const absenceMsMax = 7 * 86_400_000;

/** Restarts round a second or two away; a clock that lost its battery is years behind. */
const toleranceMs = 5_000;

/** The server's time now, by the clock that only runs on; undefined when the two clocks have parted. */
export function timeBy(anchor: ClockAnchor, now: ClockReading): number | undefined {
  const ranMs = now.monotonicMs - anchor.monotonicMs;
  const wallRanMs = now.wallMs - anchor.wallMs;
  return Math.abs(ranMs - wallRanMs) > jumpMsMax ? undefined : Math.floor(anchor.serverMs + ranMs);
}

/** Where to count from when an answer came: the server looked at its clock about half way. */
export function anchorBy(serverMs: number, asked: ClockReading, answered: ClockReading): ClockAnchor {
  const half = (answered.monotonicMs - asked.monotonicMs) / 2;
  return { ...answered, serverMs: serverMs + half };
}

/**
 * Where to count from after the power was away and while the server is: the wall clock is believed unless it
 * shows a time before what is known to have passed, or one so late that no reader may have been away so long.
 */
export function anchorAfterRestart(
  { offsetMs, latestMs }: RememberedClock,
  now: ClockReading,
): ClockAnchor | undefined {
  const serverMs = now.wallMs + offsetMs;
  if (serverMs < latestMs - toleranceMs || serverMs > latestMs + absenceMsMax) return undefined;
  return { ...now, serverMs: Math.max(serverMs, latestMs) };
}
