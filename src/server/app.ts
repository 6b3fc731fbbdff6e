import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Services } from '../../schema/context.js';
import { LoggedMessages } from '../access/logged-messages.js';
import { WebhookMessages } from '../access/webhook-messages.js';
import type { Settings } from '../config/settings.js';
import { protectBrowsers } from './browsers.js';
import { addGraphiql } from './graphiql.js';
import { addGraphql } from './graphql-route.js';
import { addHealthRoutes, quiet } from './health.js';
import { addErrorHandlers, addressRefuser, connectionRefuser } from './http-errors.js';
import { addRequestCount, Lifecycle } from './lifecycle.js';
import { RedisRelay } from './live/redis-relay.js';
import type { Metrics } from './metrics.js';
import { requestIdOf } from './request-id.js';
import { addRequestLog, type LogSink, loggerOptions } from './request-log.js';

export interface AppOptions {
  settings: Settings;
  services: Services;
  metrics: Metrics;
  lifecycle?: Lifecycle;
  /** The schema to serve instead of the whole one. */
  schema?: GraphQLSchema;
  logSink?: LogSink;
}

/** Far more than a token and a few words need. */
const maxHeaderSize = 8_192;
/** How often it is looked for callers that stall, in milliseconds. */
const connectionsCheckingInterval = 1_000;

/** The HTTP server, ready to listen. Closing it answers what is under way and leaves the services open. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { settings, services, metrics, lifecycle = new Lifecycle() } = options;
  const app = Fastify({
    logger: loggerOptions(settings, options.logSink),
    logController: new LogController({ disableRequestLogging: true }),
    // The request id stands in the one line of each request, so a logger of its own would be made for nothing.
    childLoggerFactory: (logger) => logger,
    genReqId: ({ headers }) => requestIdOf(headers),
    frameworkErrors: addressRefuser(settings),
    bodyLimit: settings.bodyLimitBytes,
    // A caller that stalls is let go of: the headers are short, a body may be 500 swipes over a mobile network.
    http: { headersTimeout: settings.headerSecondsMax * 1000, maxHeaderSize, connectionsCheckingInterval },
    requestTimeout: settings.requestSecondsMax * 1000,
    clientErrorHandler: connectionRefuser(settings),
    // Whose word on the caller's address is taken: that of so many proxies, counted from here.
    trustProxy:
      settings.trustedProxies > 0 && ((_address: string, hop: number) => hop < settings.trustedProxies),
  });
  services.auditNotes.onFailure = (error) => app.log.error({ err: error }, 'a refusal could not be recorded');
  services.planner.onFailure = (error) => app.log.error({ err: error }, 'a plan could not be written down');
  logMessages(app, services);
  if (services.readerLists.publicKeys.length === 0) {
    app.log.warn('READER_SNAPSHOT_KEYS is not set: readers without a network cannot decide');
  }
  app.removeContentTypeParser('text/plain');
  await protectBrowsers(app, settings);
  addErrorHandlers(app, settings);
  addRequestCount(app, lifecycle);
  addRequestLog(app, metrics);
  const relay = redisRelayOf(app, options);
  addHealthRoutes(app, { database: services.database, lifecycle, relay });
  app.get('/metrics', quiet, async (_request, reply) => {
    const { contentType, text } = await metrics.exposition();
    return reply.type(contentType).send(text);
  });
  if (settings.nodeEnv !== 'production') addGraphiql(app);
  await addGraphql(app, { ...options, lifecycle });
  return app;
}

/** What carries changes between servers, where they are several. */
function redisRelayOf(
  app: FastifyInstance,
  { settings, services, metrics }: AppOptions,
): RedisRelay | undefined {
  const { redisUrl: url, redisChannel: channel } = settings;
  if (url === '') return undefined;
  const relay = new RedisRelay({ url, channel, bus: services.live, metrics: metrics.live, log: app.log });
  app.addHook('onClose', () => relay.stop());
  return relay;
}

/** Where no sender of messages is set up, the log says so, or takes their place. */
function logMessages(app: FastifyInstance, { families: { messages } }: Services): void {
  if (messages instanceof LoggedMessages) messages.onMessage = (line) => app.log.info(line, 'message');
  else if (messages instanceof WebhookMessages) {
    messages.onFailure = (error) => app.log.error({ err: error }, 'a message could not be sent');
  } else app.log.warn('SMS_WEBHOOK_URL is not set: relatives cannot sign in');
}
