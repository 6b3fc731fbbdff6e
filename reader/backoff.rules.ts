const longestSeconds = 300;
/** Not even the luckiest reader asks without a pause. */
const shortestMs = 100;

/**
 * How long to wait after so many failures in a row, in milliseconds: by chance anything up to a time that is twice
 * as long each time, so that the canteens of a city do not all come back in the same second.
 *
 * @param chance from 0 to 1
 * @param askedMs what the server asked for, which is kept, with a quarter more by chance
 */
export function waitAfter(failures: number, chance: number, askedMs = 0): number {
  if (askedMs > 0) return askedMs * (1 + chance / 4);
  const seconds = Math.min(longestSeconds, 2 ** Math.min(failures, 20));
  return Math.max(shortestMs, chance * seconds * 1000);
}
