import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Answers no earlier than after so many milliseconds: what takes a little longer for somebody who is known than for
 * somebody who is not disappears within them.
 */
export async function inEvenTime<Result>(milliseconds: number, work: () => Promise<Result>): Promise<Result> {
  const [result] = await Promise.all([work(), milliseconds > 0 ? sleep(milliseconds) : undefined]);
  return result;
}
