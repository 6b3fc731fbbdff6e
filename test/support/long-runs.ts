/**
 * How often a test of random cases runs. Its cases are others each time, so that few a run come to many; LONG_RUNS=20
 * makes it so many times as often, for a night.
 */
export function runsOf(usual: number): number {
  return usual * (Number(process.env.LONG_RUNS) || 1);
}

/** How long such a test may take, in milliseconds, where a usual run takes no more than this. */
export function patienceOf(usualMs: number): number {
  return runsOf(usualMs);
}
