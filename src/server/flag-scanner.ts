import type { FastifyBaseLogger } from 'fastify';
import type { Settings } from '../config/settings.js';
import { FlagScanner } from '../meals/flags/flag-scanner.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { institutionStays } from './institution-stays.js';

/** What looks for signs of fraud while the server runs; undefined where the settings leave that to the command line. */
export function flagScannerOf(
  { flagScanMinutes: pauseMinutes, offlineSwipeAgeDaysMax: daysMax }: Settings,
  { database, clock }: { database: Database; clock: Clock },
  log: FastifyBaseLogger,
): FlagScanner | undefined {
  if (pauseMinutes === 0) return undefined;
  return new FlagScanner({
    database,
    clock,
    stays: institutionStays,
    pauseMinutes,
    daysMax,
    onFailure: (error) =>
      log.error({ err: error }, 'signs of fraud could not be looked for; it is tried again'),
  });
}
