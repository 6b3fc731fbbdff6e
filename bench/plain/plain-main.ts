import 'reflect-metadata';
import { openDatabase } from '../../ormconfig.js';
import { identityKeysOf } from '../../src/config/identity-keys.js';
import { readSettings } from '../../src/config/settings.js';
import { CanteenTermsCache } from '../../src/meals/canteen-terms.js';
import { buildApp } from '../../src/server/app.js';
import { Lifecycle } from '../../src/server/lifecycle.js';
import { Metrics } from '../../src/server/metrics.js';
import { createServices, swipeLimitsOf } from '../../src/server/services.js';
import { shutDown } from '../../src/server/shutdown.js';
import { systemClock as clock } from '../../src/shared/clock.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { PlainIntake } from './plain-intake.js';

/** The platform's server, whose swipes are recorded in the plain way; all else is the same. */
const settings = readSettings();
const { database } = await openDatabase(settings.databaseUrl, { identityKeys: identityKeysOf(settings) });
const intake = new PlainIntake({
  database,
  clock,
  ids: new IdBlocks(database),
  limits: swipeLimitsOf(settings),
  terms: new CanteenTermsCache(database),
});
const metrics = new Metrics();
const services = createServices({ settings, database, clock, metrics, intake });
const lifecycle = new Lifecycle();
const app = await buildApp({ settings, services, metrics, lifecycle });
process.on('SIGTERM', async () => {
  process.exit(await shutDown({ app, services, lifecycle, seconds: settings.shutdownSeconds }));
});
await app.listen({ host: settings.host, port: settings.port });
