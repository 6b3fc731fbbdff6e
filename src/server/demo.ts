import type { Settings } from '../config/settings.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';

/** What happens to a database before a development server listens, and what it prints when it does. */
export interface Demo {
  /** Seeds the demo city, unless it is there. */
  prepare(database: Database, graphqlUrl: string): Promise<void>;
  /** A line to paste into a shell that swipes a card; undefined when there is none to swipe. */
  exampleLine(database: Database, graphqlUrl: string): Promise<string | undefined>;
}

/** The demo city, in development only: elsewhere its code is not even loaded. */
export async function demoOf({ nodeEnv, demoElders, dataDir }: Settings): Promise<Demo | undefined> {
  if (nodeEnv !== 'development') return undefined;
  const { demoCurl, seedDemo } = await import('../../seeds/demo.js');
  return {
    prepare: (database, graphqlUrl) =>
      seedDemo(database, { elders: demoElders, dataDir, graphqlUrl, clock: systemClock, progress: true }),
    exampleLine: (database, graphqlUrl) => demoCurl(database, { dataDir, graphqlUrl, clock: systemClock }),
  };
}
