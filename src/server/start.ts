import { openDatabase } from '../../ormconfig.js';
import { identityKeysOf } from '../config/identity-keys.js';
import type { Settings } from '../config/settings.js';
import { SettableClock, systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { migrate } from '../shared/migrate.js';
import { buildApp } from './app.js';
import { auditLinkerOf } from './audit-linker.js';
import { backgroundRounds } from './background-rounds.js';
import { type Demo, demoOf } from './demo.js';
import { flagScannerOf } from './flag-scanner.js';
import { IntakeThread } from './intake-thread.js';
import { Lifecycle } from './lifecycle.js';
import { Metrics } from './metrics.js';
import { missedVisitScannerOf } from './missed-visit-scanner.js';
import { batchLimits, createServices, swipeLimitsOf } from './services.js';
import { sessionKeysOf } from './session-keys.js';
import { shutDown } from './shutdown.js';

/** How long a request waits for a database that neither answers nor fails. */
const answerSecondsMax = 20;

/** How often the tables are told what readers were seen. */
const flushMs = 60_000;

/**
 * So many connections may wait to be taken, as far as the system lets them (`net.core.somaxconn`). At noon thousands of
 * readers call within a second: beyond Node's own 511 the system throws their calls away, and they try again seconds later.
 */
const backlog = 4096;

/** Opens the database, migrates it, and listens until SIGTERM or SIGINT, which end the process. */
export async function start(settings: Settings): Promise<void> {
  // Asked for before anything is opened, so that a server that may not start leaves no trace.
  sessionKeysOf(settings);
  const { database, writer } = await openDatabase(settings.databaseUrl, {
    answerSecondsMax,
    identityKeys: identityKeysOf(settings),
  });
  await migrate(writer);
  const demo = await demoOf(settings);
  await demo?.prepare(database, graphqlUrl(settings, settings.port));
  const clock = settings.nodeEnv === 'production' ? systemClock : new SettableClock();
  const metrics = new Metrics();
  const limits = swipeLimitsOf(settings);
  const intake = await IntakeThread.start(
    {
      databaseUrl: settings.databaseUrl,
      answerSecondsMax,
      limits,
      batches: batchLimits(settings, database.engine),
    },
    { database, clock, metrics },
  );
  const bookingDatabase = await bookingDatabaseOf(settings, database);
  const services = createServices({ settings, database, clock, metrics, intake, bookingDatabase });
  const lifecycle = new Lifecycle();
  const app = await buildApp({ settings, services, metrics, lifecycle });

  const flushing = setInterval(() => {
    services.sightings.flush().catch((error: unknown) => app.log.error({ err: error }, 'readers not noted'));
  }, flushMs);
  const auditLinker = auditLinkerOf(settings, database, app.log);
  auditLinker.start();
  const flagScanner = flagScannerOf(settings, services, app.log);
  flagScanner?.start();
  const missedVisits = missedVisitScannerOf(settings, services, app.log);
  missedVisits?.start();
  const rounds = backgroundRounds(settings, services, { metrics, log: app.log });
  for (const each of rounds) each.start();
  const leave = async () => {
    // A terminal's Ctrl-C reaches the process twice when npm passes it on.
    if (lifecycle.shuttingDown) return;
    clearInterval(flushing);
    process.exit(
      await shutDown({
        app,
        services,
        intakeThread: intake,
        auditLinker,
        flagScanner,
        missedVisits,
        rounds,
        bookingDatabase,
        lifecycle,
        seconds: settings.shutdownSeconds,
      }),
    );
  };
  process.on('SIGTERM', leave).on('SIGINT', leave);
  const address = await app.listen({ host: settings.host, port: settings.port, backlog });
  if (demo) await greet(demo, database, graphqlUrl(settings, Number(new URL(address).port)));
}

/** Connections on which the fixed statements of bookings travel together. SQLite's writers take turns on one. */
async function bookingDatabaseOf(settings: Settings, database: Database): Promise<Database> {
  if (database.engine === 'sqlite') return database;
  const identityKeys = identityKeysOf(settings);
  const options = { answerSecondsMax, identityKeys, statementsTogether: true };
  return (await openDatabase(settings.databaseUrl, options)).database;
}

async function greet(demo: Demo, database: Database, url: string): Promise<void> {
  console.log(`\n银龄 Yinling    ${url}\nGraphiQL        ${new URL('/', url)}`);
  const line = await demo.exampleLine(database, url);
  if (line) console.log(`\n刷一次卡 Swipe a card:\n\n${line}\n`);
}

/** Where a caller on this machine reaches the server. */
function graphqlUrl({ host }: Settings, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/graphql`;
}
