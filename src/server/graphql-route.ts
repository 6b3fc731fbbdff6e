import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import type { Services } from '../../schema/context.js';
import { Authenticator } from '../access/authenticate.js';
import { startApollo } from './apollo.js';
import type { AppOptions } from './app.js';
import { contextMaker } from './context.js';
import { addExports } from './exports.js';
import {
  refuseBatch,
  refuseMethod,
  refuseTooLong,
  refuseUnknownOperation,
  withRequestIds,
} from './http-errors.js';
import { KnownOperations } from './known-operations.js';
import { languageOf } from './language.js';
import type { Lifecycle } from './lifecycle.js';
import { limitFields } from './limited-fields.js';
import { addLive } from './live/live-route.js';
import { RateLimits } from './rate-limits.js';
import { setUnreadableAside } from './unreadable-swipes.js';

/** What the answer becomes of an operation whose time is over. */
const tooLong = Symbol('the operation took too long');

/** The graph at /graphql, by POST alone. */
export async function addGraphql(
  app: FastifyInstance,
  { settings, services, lifecycle, metrics, ...options }: AppOptions & { lifecycle: Lifecycle },
): Promise<void> {
  const limits = new RateLimits(settings, services.database);
  const schema = limitFields(options.schema ?? (await buildYinlingSchema()), limits);
  const { apollo, errors } = await startApollo(schema, settings, app.log, limits);
  // Requests under way are answered before this hook runs, so Apollo has nothing left to wait for.
  app.addHook('onClose', () => apollo.stop());
  const { operationSecondsMax, safelistFile } = settings;
  const authenticator = authenticatorOf(services);
  const contextOf = contextMaker({ services, authenticator, limits, operationSecondsMax });
  addExports(app, { contextOf, limits });
  const known = safelistFile === '' ? undefined : await KnownOperations.read(safelistFile);
  const preparing = { schema, known, introspection: settings.nodeEnv !== 'production' };
  const shared = { settings, services, authenticator, limits, errors, lifecycle, log: app.log };
  addLive(app, { ...shared, preparing, metrics: metrics.live });
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
  const answerInTime = (request: FastifyRequest, reply: FastifyReply) =>
    inTime(Promise.resolve(answer.call(app, request, reply)), operationSecondsMax * 1000);

  app.post('/graphql', async (request, reply) => {
    // Names and money must not lie in anybody's cache.
    reply.header('cache-control', 'no-store');
    if (Array.isArray(request.body)) return refuseBatch(reply);
    const text = (request.body as { query?: unknown } | null)?.query;
    if (known && typeof text === 'string' && !known.has(text)) return refuseUnknownOperation(reply);
    const first = await answerInTime(request, reply);
    const isRefused =
      reply.statusCode === 400 && typeof first === 'string' && first.includes('BAD_USER_INPUT');
    const body =
      isRefused && setUnreadableAside(request, schema) ? await answerInTime(request, reply) : first;
    // A connection that is kept open would hold the process back.
    if (lifecycle.shuttingDown) reply.header('connection', 'close');
    if (body === tooLong) return refuseTooLong(reply);
    return reply.statusCode >= 400 && typeof body === 'string' ? withRequestIds(body, request.id) : body;
  });
  app.get('/graphql', (_request, reply) => refuseMethod(reply));
}

/** What was begun may still be done afterwards: only the waiting ends, and no further resolver begins. */
async function inTime<Answer>(answer: Promise<Answer>, ms: number): Promise<Answer | typeof tooLong> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof tooLong>((resolve) => {
    timer = setTimeout(() => resolve(tooLong), ms);
  });
  try {
    return await Promise.race([answer, over]);
  } finally {
    clearTimeout(timer);
  }
}

function authenticatorOf({ database, staff }: Services): Authenticator {
  const { accessTokens, terms } = staff;
  return new Authenticator(database, { accessTokens, totpRoles: terms.totpRoles });
}
