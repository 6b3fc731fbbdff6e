import type { Clock } from '../src/shared/clock.js';
import type { Database } from '../src/shared/database.js';
import { provideCredentials } from './demo-accounts.js';
import { seedElders } from './demo-elders.js';
import { seedHomeCare } from './demo-home-care.js';
import { seedVisits } from './demo-visits.js';
import { showProgress } from './progress.js';
import { insertReference } from './reference/insert-reference.js';

export { demoCurl } from './demo-curl.js';

export interface DemoOptions {
  /** How many elders there are to be; those that are there already stay. */
  elders: number;
  /** Where demo-credentials.json is written. */
  dataDir: string;
  /** The address that callers find in that file. */
  graphqlUrl: string;
  clock: Clock;
  /** Show a progress bar. */
  progress: boolean;
}

/** Brings the demo city into a migrated database. What is there already stays as it is. */
export async function seedDemo(database: Database, options: DemoOptions): Promise<void> {
  const { elders, dataDir, graphqlUrl, clock } = options;
  await database.write(insertReference);
  const progress = showProgress(options.progress, '演示城市 Demo city', elders);
  try {
    await seedElders(database, { elders, onProgress: (present) => progress.update(present) });
  } finally {
    progress.stop();
  }
  await provideCredentials(database, { dataDir, graphqlUrl, now: clock.now() });
  await seedVisits(database, clock.now());
  let days: ReturnType<typeof showProgress> | undefined;
  try {
    await seedHomeCare(database, {
      now: clock.now(),
      onProgress(done, total) {
        days ??= showProgress(options.progress, '居家服务 Home care', total);
        days.update(done);
      },
    });
  } finally {
    days?.stop();
  }
}
