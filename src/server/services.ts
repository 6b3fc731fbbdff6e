import type { Services } from '../../schema/context.js';
import type { Settings } from '../config/settings.js';
import { SwipeIntake } from '../meals/swipe-intake.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import type { Metrics } from './metrics.js';

/** What the process holds for all requests, on a database that is open and migrated. */
export function createServices(
  settings: Settings,
  database: Database,
  clock: Clock,
  metrics: Metrics,
): Services {
  const ids = new IdBlocks(database);
  const { liveSwipeAgeMinutesMax, offlineSwipeAgeDaysMax, clockSkewSecondsMax } = settings;
  const intake = new SwipeIntake({
    database,
    ids,
    clock,
    limits: { liveSwipeAgeMinutesMax, offlineSwipeAgeDaysMax, clockSkewSecondsMax },
    batchSizeMax: settings.swipeBatchMax,
    onBatch: (answers) => metrics.swipesRecorded(answers),
  });
  return { database, clock, ids, intake, topUpFenMax: settings.topUpFenMax };
}
