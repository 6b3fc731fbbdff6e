const firstMs = 1000;
const longestMs = 30_000;

/**
 * How long to wait after so many failures in a row, in milliseconds: twice as long each time, and by chance up
 * to half less, so that the canteens of a city do not all come back in the same second.
 *
 * @param chance from 0 to 1
 * @param atLeastMs what the server asked for
 */
export function waitAfter(failures: number, chance: number, atLeastMs = 0): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20));
  return atLeastMs + fullMs * (1 - chance / 2);
}
