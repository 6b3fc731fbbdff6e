import type { EntityManager } from 'typeorm';
import type { NoticeKind } from '../../../entities/elders/elder-notice.entity.js';
import { insertRows } from '../../shared/statements.js';

/** What a family is to be told of an elder. Nothing of it says how the elder is. */
export interface Notice {
  kind: NoticeKind;
  elderId: number;
  /** The instant it is about: until when an offer is answered, when a visit begins now; null where there is none. */
  happensAt: Date | null;
  /** When a visit that was moved was to begin before. */
  insteadOf?: Date;
  /** How many it is about; of several one message tells. */
  times?: number;
  /** From this instant on nobody needs to be told any more. */
  staleAt: Date;
  now: Date;
}

/**
 * Queues what the relatives with the right BOOKING, and the elder, are to be told by message. It is a row of the
 * transaction that it is about: committed with it, or never there. Who they are, and the words, is found out when it is
 * sent, so that a right that was withdrawn meanwhile counts.
 */
export function queueNotice(manager: EntityManager, notice: Notice): Promise<void> {
  return queueNotices(manager, [notice]);
}

/** The same of several, each a message of its own. One statement. */
export function queueNotices(manager: EntityManager, notices: readonly Notice[]): Promise<void> {
  return insertRows(
    manager,
    'elder_notice',
    ['kind', 'elderId', 'happensAt', 'insteadOf', 'times', 'queuedAt', 'staleAt'],
    notices.map(({ kind, elderId, happensAt, insteadOf, times = 1, staleAt, now }) => [
      ...[kind, elderId, happensAt?.getTime() ?? null, insteadOf?.getTime() ?? null, times],
      ...[now.getTime(), staleAt.getTime()],
    ]),
  );
}
