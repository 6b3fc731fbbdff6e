import type { FastifyInstance } from 'fastify';
import type { Services } from '../../schema/context.js';
import type { Database } from '../shared/database.js';
import type { Lifecycle } from './lifecycle.js';

/** How often it is looked whether everybody has an answer. */
const sweepMs = 50;

/** How long messages on their way are waited for: who waits for a code asks again. */
const messagesMsMax = 2000;

export interface Leaving {
  app: FastifyInstance;
  services: Services;
  /** The thread that takes swipes, where one does. */
  intakeThread?: { close(): Promise<void> };
  /** What gives records their place in the audit log. */
  auditLinker?: { stop(): Promise<void> };
  /** What looks for signs of fraud, where somebody does. */
  flagScanner?: { stop(): Promise<void> } | undefined;
  /** By which bookings are recorded, where it is not the database of everything else. */
  bookingDatabase?: Database;
  /** What looks for missed visits, where somebody does. */
  missedVisits?: { stop(): Promise<void> } | undefined;
  /** What else is done again and again. */
  rounds?: readonly { stop(): Promise<void> }[];
  lifecycle: Lifecycle;
  /** How long it may take. */
  seconds: number;
}

/**
 * Leaves in order: unready, no new connections, requests under way answered, gathered swipes and bookings written, the audit
 * log linked, database closed. Resolves to the exit code: 0, or 1 when the time ran out or a step failed.
 */
export async function shutDown(leaving: Leaving): Promise<0 | 1> {
  const { app, lifecycle, seconds } = leaving;
  lifecycle.shuttingDown = true;
  app.log.info('shutting down: answering what is under way');
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<'too late'>((resolve) => {
    timer = setTimeout(() => resolve('too late'), seconds * 1000);
  });
  try {
    if ((await Promise.race([leave(leaving), tooLate])) === 'too late') {
      app.log.error(`requests were still under way after ${seconds} s; leaving without them`);
      return 1;
    }
    app.log.info('shut down');
    return 0;
  } catch (error) {
    app.log.error({ err: error }, 'shutting down failed');
    return 1;
  } finally {
    clearTimeout(timer);
  }
}

async function leave({
  app,
  services,
  intakeThread,
  auditLinker,
  flagScanner,
  missedVisits,
  rounds = [],
  bookingDatabase,
  lifecycle,
}: Leaving): Promise<void> {
  // A connection on which nothing was asked yet, such as a browser's or a load balancer's, would be waited
  // for as long as one that is owed an answer.
  const sweep = setInterval(() => {
    if (lifecycle.requestsUnderWay === 0) app.server.closeAllConnections();
  }, sweepMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
  }
  await flagScanner?.stop();
  await missedVisits?.stop();
  for (const each of rounds) await each.stop();
  await services.planner.close();
  await services.intake.settled();
  await services.bookings.settled();
  // What readers were seen is worth a try, and no reason to leave in disorder.
  await services.sightings.flush().catch((err: unknown) => app.log.error({ err }, 'readers not noted'));
  await intakeThread?.close();
  await services.families.messages?.settledWithin(messagesMsMax);
  await services.auditNotes.settled();
  await auditLinker?.stop();
  if (bookingDatabase !== services.database) await bookingDatabase?.close();
  await services.database.close();
}
