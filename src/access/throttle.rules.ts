/** How many tries are free, and how fast it gets slower after them. Times are in milliseconds. */
export interface Pace {
  triesFree: number;
  firstWaitMs: number;
  waitMsMax: number;
}

/** After so long without a try all tries are forgotten. */
export const forgottenAfterMs = 3_600_000;

export function accountPace(triesFree: number): Pace {
  return { triesFree, firstWaitMs: 30_000, waitMsMax: 900_000 };
}

/** A whole house may sit behind one address, so its waits begin shorter. */
export function addressPace(triesFree: number): Pace {
  return { triesFree, firstWaitMs: 2_000, waitMsMax: 900_000 };
}

/** A message takes a while to arrive, and costs the city money; three are more than anybody needs. */
export const codesPace: Pace = { triesFree: 3, firstWaitMs: 60_000, waitMsMax: 900_000 };

/** What is known of the tries of one name or address. Instants are epoch milliseconds. */
export interface Tries {
  tries: number;
  lastAt: number;
  blockedUntil: number;
}

/**
 * What is known after one more try at `now`; undefined when it comes too early, and is not looked at. Each
 * try after the free ones doubles the wait until the next.
 */
export function afterTry(before: Tries | undefined, pace: Pace, now: number): Tries | undefined {
  if (before && now < before.blockedUntil) return undefined;
  const forgotten = !before || before.lastAt + forgottenAfterMs <= now;
  const tries = forgotten ? 1 : before.tries + 1;
  const wait = waitAfter(tries, pace);
  // Without a wait there is no instant either: a server whose clock is a little behind would wait for it.
  return { tries, lastAt: now, blockedUntil: wait === 0 ? 0 : now + wait };
}

function waitAfter(tries: number, { triesFree, firstWaitMs, waitMsMax }: Pace): number {
  if (tries < triesFree) return 0;
  // 2 ** 30 seconds are longer than any wait, and still a number.
  return Math.min(firstWaitMs * 2 ** Math.min(tries - triesFree, 30), waitMsMax);
}
