import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { DeliveryOutcome } from '../../../entities/access/notice-delivery.entity.js';
import type { NoticeKind } from '../../../entities/elders/elder-notice.entity.js';
import { noticeText } from '../../elders/notices/notice-text.rules.js';
import { type Database, forUpdate, isOutage, isTransient } from '../../shared/database.js';
import { affectedRows, placeholders } from '../../shared/statements.js';
import type { Language } from '../../shared/text.js';
import type { Message, SendsMessages } from '../messages.js';
import { attemptsMax, messageIdOf, pauseAfter } from './delivery.rules.js';
import { bookingRelatives, openElderPhone, spreadNotices } from './spread-notices.js';

export interface SendingNotices {
  messages: SendsMessages;
  language: Language;
  /** How many attempts one round makes at most. */
  attemptsPerRound: number;
  now: Date;
  /** The instant whose grants count: that of the real clock, by which rights begin and end, whatever a demo's clock shows. */
  rightsAt: Date;
  isStopped?(): boolean;
  /** Told of an attempt that failed, and of one after which nothing more is tried. */
  onFailure?(error: unknown): void;
  onOutcome?(outcome: DeliveryOutcome): void;
}

/** Posts on their way at once: few, so that a receiver that hangs holds nobody up for long. */
const underWayMax = 8;

/**
 * One round: finds out whom new notices are for, and tries every delivery that is due. Each attempt is claimed in the
 * table first, so that of two servers one makes it; one that a crash cut off is made again under the same id, by which
 * the receiver knows it. Returns how many were tried.
 */
export async function sendNotices(database: Database, sending: SendingNotices): Promise<number> {
  const { now, rightsAt, attemptsPerRound, isStopped = () => false, onFailure } = sending;
  const spreading = { now, rightsAt, noticesMax: attemptsPerRound, isStopped };
  await spreadNotices(database, { ...spreading, ...(onFailure ? { onFailure } : {}) });
  const due: Due[] = await database.read((manager) =>
    manager.query(
      `SELECT id, attempts, dueAt FROM notice_delivery WHERE dueAt <= ? ORDER BY dueAt, id LIMIT ?`,
      [now.getTime(), attemptsPerRound],
    ),
  );
  const waiting = [...due];
  const works = Array.from({ length: Math.min(underWayMax, due.length) }, async () => {
    for (let next = waiting.shift(); next && !isStopped(); next = waiting.shift()) {
      await attempt(database, next, sending);
    }
  });
  // All of them end before the round does, also when the database fails one: no attempt goes on beside the next round.
  const ended = await Promise.allSettled(works);
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return due.length;
}

interface Due {
  id: number;
  attempts: number;
  dueAt: number | string;
}

/** What is sent, or why nothing is. */
type Claimed = Message | DeliveryOutcome | undefined;

async function attempt(database: Database, due: Due, sending: SendingNotices): Promise<void> {
  const { messages, onFailure, onOutcome } = sending;
  const claimed = await claimOf(database, due, sending);
  if (claimed === undefined) return;
  if (typeof claimed === 'string') return onOutcome?.(claimed);
  try {
    const answer = await messages.deliver(claimed);
    await finish(database, due.id, answer === 'TAKEN' ? 'SENT' : 'GIVEN_UP', sending);
  } catch (error) {
    onFailure?.(error);
    if (due.attempts + 1 >= attemptsMax) await finish(database, due.id, 'GIVEN_UP', sending);
  }
}

/**
 * What to send. One whose phone or name cannot be read is put off and given up like one that does not arrive: it must not
 * stand first in every round to come.
 */
async function claimOf(database: Database, due: Due, sending: SendingNotices): Promise<Claimed> {
  try {
    return await database.write((manager) => claim(manager, due, sending));
  } catch (error) {
    if (isOutage(error) || isTransient(error)) throw error;
    sending.onFailure?.(error);
    return database.write(async (manager) => {
      if (!(await countAttempt(manager, due, sending.now)) || due.attempts + 1 < attemptsMax)
        return undefined;
      return end(manager, due.id, 'GIVEN_UP', sending.now);
    });
  }
}

/** False when another server has it. */
async function countAttempt(
  manager: EntityManager,
  { id, attempts, dueAt }: Due,
  now: Date,
): Promise<boolean> {
  const taken = await affectedRows(
    manager,
    'UPDATE notice_delivery SET attempts = attempts + 1, dueAt = ? WHERE id = ? AND dueAt = ?',
    [now.getTime() + pauseAfter(attempts + 1), id, Number(dueAt)],
  );
  return taken > 0;
}

/**
 * Counts the attempt and puts the next one off, before anything is sent: what a crash cuts off costs an attempt and no
 * more. Undefined when another server has it, or the elder was erased.
 */
async function claim(
  manager: EntityManager,
  due: Due,
  { now, rightsAt, language }: SendingNotices,
): Promise<Claimed> {
  const { id } = due;
  const isTooOften = due.attempts >= attemptsMax;
  if (!(await countAttempt(manager, due, now))) return undefined;
  const row = await noticeOf(manager, id);
  if (!row) return undefined;
  if (row.staleAt <= now.getTime()) return end(manager, id, 'STALE', now);
  // The server that made the last attempt ended before it could say what came of it.
  if (isTooOften) return end(manager, id, 'GIVEN_UP', now);
  const phone = await phoneOf(manager, row, rightsAt);
  if (phone === undefined) return end(manager, id, 'NO_PHONE', now);
  const digest = createHash('sha256').update(`notice_delivery ${id} ${row.queuedAt}`).digest('hex');
  return { id: messageIdOf(digest), phone, text: noticeText(row)[language] };
}

interface NoticeRow {
  kind: NoticeKind;
  elderId: number;
  accountId: number | null;
  name: string;
  phoneSealed: string | null;
  happensAt: Date | null;
  insteadOf: Date | null;
  times: number;
  queuedAt: number;
  staleAt: number;
}

async function noticeOf(manager: EntityManager, id: number): Promise<NoticeRow | undefined> {
  const [row]: (Omit<NoticeRow, 'happensAt' | 'insteadOf'> & Record<'happensAt' | 'insteadOf', unknown>)[] =
    await manager.query(
      `SELECT n.kind, n.elderId, d.accountId, e.name, e.phoneSealed, n.happensAt, n.insteadOf, n.times,
              n.queuedAt, n.staleAt
         FROM notice_delivery d JOIN elder_notice n ON n.id = d.noticeId JOIN elder e ON e.id = n.elderId
        WHERE d.id = ?`,
      [id],
    );
  const instant = (value: unknown) => (value === null ? null : new Date(Number(value)));
  return (
    row && {
      ...row,
      happensAt: instant(row.happensAt),
      insteadOf: instant(row.insteadOf),
      queuedAt: Number(row.queuedAt),
      staleAt: Number(row.staleAt),
    }
  );
}

/** The phone as it is now, of a relative who may book still. */
async function phoneOf(
  manager: EntityManager,
  { elderId, accountId, phoneSealed }: NoticeRow,
  rightsAt: Date,
): Promise<string | undefined> {
  if (accountId === null) return phoneSealed === null ? undefined : openElderPhone(manager, phoneSealed);
  const relatives = await bookingRelatives(manager, elderId, rightsAt);
  return relatives.find((relative) => relative.accountId === accountId)?.phone;
}

async function finish(
  database: Database,
  id: number,
  outcome: DeliveryOutcome,
  { now, onOutcome }: SendingNotices,
): Promise<void> {
  await database.write((manager) => end(manager, id, outcome, now));
  onOutcome?.(outcome);
}

async function end(
  manager: EntityManager,
  id: number,
  outcome: DeliveryOutcome,
  now: Date,
): Promise<DeliveryOutcome> {
  await manager.query(
    'UPDATE notice_delivery SET outcome = ?, endedAt = ?, dueAt = NULL WHERE id = ? AND dueAt IS NOT NULL',
    [outcome, now.getTime(), id],
  );
  return outcome;
}

/** How long a notice is kept after it was queued. */
const daysKept = 30;
const droppedMax = 500;

/** Drops notices that were queued long ago, sent or not. */
export async function dropOldNotices(database: Database, now: Date): Promise<void> {
  const before = now.getTime() - daysKept * 86_400_000;
  await database.write(async (manager) => {
    const rows: { id: number }[] = await manager.query(
      `SELECT id FROM elder_notice WHERE queuedAt < ? ORDER BY queuedAt LIMIT ?${forUpdate(manager)}`,
      [before, droppedMax],
    );
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    const some = placeholders(ids);
    await manager.query(`DELETE FROM notice_delivery WHERE noticeId IN (${some})`, ids);
    await manager.query(`DELETE FROM elder_notice WHERE id IN (${some})`, ids);
  });
}
