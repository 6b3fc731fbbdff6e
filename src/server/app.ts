import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import type { Services } from '../../schema/context.js';
import { Authenticator } from '../access/authenticate.js';
import type { Settings } from '../config/settings.js';
import { startApollo } from './apollo.js';
import { contextMaker } from './context.js';
import { addGraphiql } from './graphiql.js';
import { addHealthRoutes, quiet } from './health.js';
import { addErrorHandlers, refuseAddress, refuseMethod } from './http-errors.js';
import { languageOf } from './language.js';
import { addRequestCount, Lifecycle } from './lifecycle.js';
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

/** The HTTP server, ready to listen. Closing it answers what is under way and leaves the services open. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { settings, services, metrics, lifecycle = new Lifecycle() } = options;
  const app = Fastify({
    logger: loggerOptions(settings, options.logSink),
    logController: new LogController({ disableRequestLogging: true }),
    // The request id stands in the one line of each request, so a logger of its own would be made for nothing.
    childLoggerFactory: (logger) => logger,
    genReqId: ({ headers }) => requestIdOf(headers),
    frameworkErrors: refuseAddress,
    bodyLimit: settings.bodyLimitBytes,
    // Whose word on the caller's address is taken: that of so many proxies, counted from here.
    trustProxy:
      settings.trustedProxies > 0 && ((_address: string, hop: number) => hop < settings.trustedProxies),
    // Long enough for 500 swipes over the worst of mobile networks; a caller that stalls is let go of then.
    requestTimeout: 120_000,
  });
  services.auditNotes.onFailure = (error) => app.log.error({ err: error }, 'a refusal could not be recorded');
  app.removeContentTypeParser('text/plain');
  addErrorHandlers(app, settings);
  addRequestCount(app, lifecycle);
  addRequestLog(app, metrics);
  addHealthRoutes(app, services.database, lifecycle);
  app.get('/metrics', quiet, async (_request, reply) => {
    const { contentType, text } = await metrics.exposition();
    return reply.type(contentType).send(text);
  });
  if (settings.nodeEnv !== 'production') addGraphiql(app);
  await addGraphql(app, options, lifecycle);
  return app;
}

async function addGraphql(app: FastifyInstance, options: AppOptions, lifecycle: Lifecycle): Promise<void> {
  const { settings, services } = options;
  const schema = options.schema ?? (await buildYinlingSchema());
  const { apollo, errors } = await startApollo(schema, settings, app.log);
  // Requests under way are answered before this hook runs, so Apollo has nothing left to wait for.
  app.addHook('onClose', () => apollo.stop());
  const contextOf = contextMaker(services, authenticatorOf(services));
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) => {
      try {
        return await contextOf(request);
      } catch (error) {
        const language = languageOf(request.headers['accept-language']);
        errors.note(error, { requestId: request.id, language, operation: undefined });
        throw error;
      }
    },
  });
  app.post('/graphql', async (request, reply) => {
    const body = await answer.call(app, request, reply);
    // A connection that is kept open would hold the process back.
    if (lifecycle.shuttingDown) reply.header('connection', 'close');
    return body;
  });
  app.get('/graphql', (_request, reply) => refuseMethod(reply));
}

function authenticatorOf({ database, staff }: Services): Authenticator {
  const { accessTokens, terms } = staff;
  return new Authenticator(database, { accessTokens, totpRoles: terms.totpRoles });
}
