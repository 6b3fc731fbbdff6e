import type { EntityManager } from 'typeorm';
import { queueNotice, queueNotices } from '../elders/notices/queue-notice.js';

/** What a family is told of a visit after its time has passed: for so long, in milliseconds. */
const lateMs = 86_400_000;

interface Told {
  elderId: number;
  /** When it is, or was, to begin. */
  startsAt: Date;
}

/** The family is told that its station called visits off: of several in one message, with the first of them. */
export async function tellCancelled(
  manager: EntityManager,
  visits: readonly [Told, ...Told[]],
  now: Date,
): Promise<void> {
  const [{ elderId, startsAt }] = visits;
  await queueNotice(manager, {
    ...{ kind: 'VISIT_CANCELLED', elderId, happensAt: startsAt, times: visits.length, now },
    staleAt: laterOf(startsAt, now),
  });
}

/** The family is told that its station moved visits: of several, which all move by as much, in one message. */
export async function tellMoved(
  manager: EntityManager,
  visits: readonly [Told, ...Told[]],
  happensAt: Date,
  now: Date,
): Promise<void> {
  const [{ elderId, startsAt: insteadOf }] = visits;
  await queueNotice(manager, {
    ...{ kind: 'VISIT_MOVED', elderId, happensAt, insteadOf, times: visits.length, now },
    staleAt: laterOf(happensAt, insteadOf),
  });
}

/** Families are told of visits that a plan moved, each by its own: a message for each. */
export async function tellPlanned(
  manager: EntityManager,
  moved: readonly (Told & { happensAt: Date })[],
  now: Date,
): Promise<void> {
  if (moved.length === 0) return;
  await queueNotices(
    manager,
    moved.map(({ elderId, startsAt: insteadOf, happensAt }) => ({
      ...{ kind: 'VISIT_MOVED' as const, elderId, happensAt, insteadOf, now },
      staleAt: laterOf(happensAt, insteadOf),
    })),
  );
}

/** The family is told that nobody came. */
export async function tellMissed(
  manager: EntityManager,
  { elderId, startsAt: happensAt }: Told,
  now: Date,
): Promise<void> {
  const staleAt = new Date(now.getTime() + lateMs);
  await queueNotice(manager, { kind: 'VISIT_MISSED', elderId, happensAt, staleAt, now });
}

/** A little after the later of two instants, so that what happens at the last moment is told too. */
function laterOf(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()) + 3_600_000);
}
