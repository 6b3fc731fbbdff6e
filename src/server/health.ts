import type { FastifyInstance } from 'fastify';
import type { Database } from '../shared/database.js';
import type { Lifecycle } from './lifecycle.js';

/** How long the database may take to answer before the server is called unready. */
const patienceMs = 2_000;

export interface Health {
  database: Database;
  lifecycle: Lifecycle;
  /** What connects this server with the others; undefined where it is alone. */
  relay?: { readonly connected: boolean } | undefined;
}

/**
 * /health/live: the process runs. /health/ready: it can serve, so its database answers and it is not leaving. Without
 * Redis it serves as well, and only the other servers' changes do not reach its subscribers, so that is told and no more.
 */
export function addHealthRoutes(app: FastifyInstance, { database, lifecycle, relay }: Health): void {
  app.get('/health/live', quiet, async () => ({ status: 'live' }));
  app.get('/health/ready', quiet, async (_request, reply) => {
    if (lifecycle.shuttingDown)
      return reply.code(503).send({ status: 'unavailable', reason: 'shutting down' });
    if (await answers(database))
      return { status: 'ready', ...(relay ? { redis: relay.connected ? 'connected' : 'away' } : {}) };
    return reply.code(503).send({ status: 'unavailable', reason: 'the database does not answer' });
  });
}

/** Probes and scrapes come every few seconds, so their lines are logged at level debug. */
export const quiet = { config: { quiet: true } };

async function answers(database: Database): Promise<boolean> {
  const asked = database
    .read((manager) => manager.query('SELECT 1'))
    .then(
      () => true,
      () => false,
    );
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  const answer = await Promise.race([asked, tooLate]);
  clearTimeout(timer);
  return answer;
}
