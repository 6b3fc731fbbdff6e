import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerClock } from './server-clock.js';

/** How long a server may take to let its clock run again. */
const releaseSecondsMax = 10;

/** Says so when the clock cannot be given back, rather than hide why the play ended. */
export async function giveBack(clock: ServerClock): Promise<void> {
  const patience = new AbortController();
  const tooLate = sleep(releaseSecondsMax * 1000, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`no answer in ${releaseSecondsMax} s`);
  });
  try {
    await Promise.race([clock.release(), tooLate]);
  } catch (error) {
    console.error(`The server's clock may still stand; a restart lets it run: ${(error as Error).message}`);
  } finally {
    tooLate.catch(ignoreTheRest);
    patience.abort();
  }
}

function ignoreTheRest(): void {
  // The wait was called off, because the clock was given back before.
}
