import type { FastifyInstance } from 'fastify';

/** Where the process stands: whether it is on its way out, and what it still owes an answer. */
export class Lifecycle {
  shuttingDown = false;
  requestsUnderWay = 0;
}

/** Counts the requests under way; one whose caller hung up is under way no longer. */
export function addRequestCount(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.addHook('onRequest', (_request, reply, done) => {
    lifecycle.requestsUnderWay += 1;
    reply.raw.once('close', () => {
      lifecycle.requestsUnderWay -= 1;
    });
    done();
  });
}
