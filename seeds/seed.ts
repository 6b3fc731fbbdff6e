import 'reflect-metadata';
import { Command, InvalidArgumentError } from 'commander';
import { openDatabase } from '../ormconfig.js';
import { identityKeysOf } from '../src/config/identity-keys.js';
import { readSettings, type Settings } from '../src/config/settings.js';
import { systemClock } from '../src/shared/clock.js';
import { migrate } from '../src/shared/migrate.js';
import { seedDemo } from './demo.js';
import { eldersMax } from './elders/identity.js';

/** `npm run seed`: the demo city in any size, before a server starts or beside one that runs. */
async function seed(settings: Settings, elders: number): Promise<void> {
  const { database, writer } = await openDatabase(settings.databaseUrl, {
    identityKeys: identityKeysOf(settings),
  });
  try {
    await migrate(writer);
    const { dataDir } = settings;
    const graphqlUrl = `http://${callableHost(settings.host)}:${settings.port}/graphql`;
    await seedDemo(database, { elders, dataDir, graphqlUrl, clock: systemClock, progress: true });
    console.log(`演示城市已就绪 The demo city is ready: ${elders} elders.`);
  } finally {
    await database.close();
  }
}

/** An address of all interfaces is none to call. */
function callableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function elderCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,8}$/.test(text) && count <= eldersMax) return count;
  throw new InvalidArgumentError(`a whole number from 0 to ${eldersMax} is wanted.`);
}

const command = new Command('seed')
  .description('Seeds the demo city; running it again adds what is missing and changes nothing else.')
  .option('--elders <count>', 'how many elders the city is to have; DEMO_ELDERS without it', elderCount)
  .action(async ({ elders }: { elders?: number }) => {
    const settings = readSettings();
    if (settings.nodeEnv === 'production') throw new Error('Nothing is seeded with NODE_ENV=production.');
    await seed(settings, elders ?? settings.demoElders);
  });

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
