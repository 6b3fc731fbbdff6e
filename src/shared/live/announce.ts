import type { EntityManager, QueryRunner } from 'typeorm';
import { type LiveEvent, type LivePayload, liveEvent, type Topic } from './live-event.js';

/** What the transaction under way on a connection has to tell once it is committed. */
const underWay = new WeakMap<QueryRunner, LiveEvent[]>();

/**
 * Tells listeners that something changed, once the transaction of `manager` is committed. A transaction that is rolled
 * back tells nothing, and of one that is run again only its last run speaks.
 *
 * @throws outside of a transaction: what is told before it is true would be read again too early
 */
export function announce<Payload extends LivePayload>(
  manager: EntityManager,
  topic: Topic<Payload>,
  payload: Payload,
): void {
  const events = manager.queryRunner && underWay.get(manager.queryRunner);
  if (!events) throw new Error(`${topic.name} can be announced within a transaction alone`);
  events.push(liveEvent(topic, payload));
}

/** Runs one attempt of a transaction's work, and gives what it announced beside its result. */
export async function withAnnouncements<Result>(
  manager: EntityManager,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<{ result: Result; events: readonly LiveEvent[] }> {
  const { queryRunner } = manager;
  if (!queryRunner) throw new Error('a transaction has a connection of its own');
  const events: LiveEvent[] = [];
  // SQLite's writers share a connection and take turns, so this is never another transaction's.
  underWay.set(queryRunner, events);
  try {
    return { result: await work(manager), events };
  } finally {
    underWay.delete(queryRunner);
  }
}
