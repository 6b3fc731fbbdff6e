import { openDatabase } from '../../ormconfig.js';
import { seedDemo } from '../../seeds/demo.js';
import { type DemoCredentials, readCredentials } from '../../seeds/demo-credentials.js';
import { systemClock } from '../../src/shared/clock.js';
import { migrate } from '../../src/shared/migrate.js';
import { testKeys } from '../../test/support/test-keys.js';
import type { BenchDatabase } from './engines.js';

/** Makes the tables and the demo city with so many elders, all of whom live at home, and answers the keys of its accounts. */
export async function fillDemo(
  { databaseUrl, folder }: Pick<BenchDatabase, 'databaseUrl' | 'folder'>,
  elders: number,
): Promise<DemoCredentials> {
  const { database, writer } = await openDatabase(databaseUrl, { identityKeys: testKeys });
  try {
    await migrate(writer);
    const graphqlUrl = 'http://127.0.0.1/graphql';
    const seeding = { dataDir: folder, graphqlUrl, clock: systemClock, progress: false, emptyHomes: true };
    await seedDemo(database, { elders, ...seeding });
  } finally {
    await database.close();
  }
  const credentials = readCredentials(folder);
  if (!credentials) throw new Error('the seeds wrote no credentials');
  return credentials;
}
