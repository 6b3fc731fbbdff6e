import type { Clock } from '../src/shared/clock.js';
import type { Database } from '../src/shared/database.js';
import { provideCredentials } from './demo-accounts.js';
import { seedBeds, seedHomes } from './demo-beds.js';
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
  /** Nobody lives in a home, so that every elder may eat in a canteen: what a load of lunches wants. */
  emptyHomes?: boolean;
}

/** Brings the demo city into a migrated database. What is there already stays as it is. */
export async function seedDemo(database: Database, options: DemoOptions): Promise<void> {
  const { elders, dataDir, graphqlUrl, clock } = options;
  await database.write(insertReference);
  await seedHomes(database);
  const progress = showProgress(options.progress, '演示城市 Demo city', elders);
  try {
    await seedElders(database, { elders, onProgress: (present) => progress.update(present) });
  } finally {
    progress.stop();
  }
  await provideCredentials(database, { dataDir, graphqlUrl, now: clock.now() });
  // Before visits are planned: whoever lives in a home is not visited in another one.
  if (!options.emptyHomes) {
    await shown(options, '养老机构 Homes', (onProgress) =>
      seedBeds(database, { elders, now: clock.now(), onProgress }),
    );
  }
  await seedVisits(database, clock.now());
  await shown(options, '居家服务 Home care', (onProgress) =>
    seedHomeCare(database, { now: clock.now(), onProgress }),
  );
}

/** A part of the city whose size is known once it has begun. */
async function shown(
  options: DemoOptions,
  title: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<unknown>,
): Promise<void> {
  let progress: ReturnType<typeof showProgress> | undefined;
  try {
    await work((done, total) => {
      progress ??= showProgress(options.progress, title, total);
      progress.update(done);
    });
  } finally {
    progress?.stop();
  }
}
