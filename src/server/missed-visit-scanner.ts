import type { FastifyBaseLogger } from 'fastify';
import type { Settings } from '../config/settings.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { MissedVisitScanner } from '../visits/missed-visit-scanner.js';
import { awaySpans } from './institution-stays.js';

/** What looks for visits that nobody began while the server runs; undefined where the settings leave it to others. */
export function missedVisitScannerOf(
  { visitScanSeconds: pauseSeconds, checkPositionDays: positionDays }: Settings,
  { database, clock }: { database: Database; clock: Clock },
  log: FastifyBaseLogger,
): MissedVisitScanner | undefined {
  if (pauseSeconds === 0) return undefined;
  return new MissedVisitScanner({
    database,
    clock,
    pauseSeconds,
    positionDays,
    awaySpans,
    onFailure: (error) =>
      log.error({ err: error }, 'missed visits could not be looked for; it is tried again'),
  });
}
