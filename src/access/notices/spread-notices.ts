import type { EntityManager } from 'typeorm';
import { authenticatedName } from '../../elders/sealed-fields.js';
import { type Database, isOutage, isTransient } from '../../shared/database.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { affectedRows, insertRows } from '../../shared/statements.js';
import { openPhone } from '../family-phone.js';
import { rightsIn } from '../family-rights.rules.js';
import { inForce } from '../grants.js';
import { phoneSearched } from '../sign-in-code.rules.js';

export interface Spreading {
  now: Date;
  rightsAt: Date;
  noticesMax: number;
  isStopped?(): boolean;
  /** Told of a notice of which nobody can find out whom it is for. */
  onFailure?(error: unknown): void;
}

/**
 * Finds out whom waiting notices are for, a notice at a time; twice, or on two servers at once, is as once. One of which
 * that cannot be found out is for nobody, so that it holds up neither the others nor every round to come.
 */
export async function spreadNotices(database: Database, spreading: Spreading): Promise<number> {
  const { now, noticesMax, isStopped = () => false, onFailure } = spreading;
  const waiting: { id: number }[] = await database.read((manager) =>
    manager.query('SELECT id FROM elder_notice WHERE spreadAt IS NULL ORDER BY id LIMIT ?', [noticesMax]),
  );
  for (const { id } of waiting) {
    if (isStopped()) break;
    try {
      await database.write((manager) => spread(manager, id, spreading));
    } catch (error) {
      if (isOutage(error) || isTransient(error)) throw error;
      onFailure?.(error);
      await database.write((manager) => takeNotice(manager, id, now));
    }
  }
  return waiting.length;
}

/** False when another server took it. */
async function takeNotice(manager: EntityManager, id: number, now: Date): Promise<boolean> {
  const taken = await affectedRows(
    manager,
    'UPDATE elder_notice SET spreadAt = ? WHERE id = ? AND spreadAt IS NULL',
    [now.getTime(), id],
  );
  return taken > 0;
}

async function spread(manager: EntityManager, id: number, { now, rightsAt }: Spreading): Promise<void> {
  if (!(await takeNotice(manager, id, now))) return;
  const [elder]: { elderId: number; phoneSealed: string | null }[] = await manager.query(
    'SELECT n.elderId, e.phoneSealed FROM elder_notice n JOIN elder e ON e.id = n.elderId WHERE n.id = ?',
    [id],
  );
  const relatives = elder ? await bookingRelatives(manager, elder.elderId, rightsAt) : [];
  const own = elder?.phoneSealed ? openElderPhone(manager, elder.phoneSealed) : null;
  const isOthers = relatives.some(({ phone }) => phone === own);
  const accountIds: (number | null)[] = relatives.map(({ accountId }) => accountId);
  if (own !== null && !isOthers) accountIds.push(null);
  if (accountIds.length === 0) return;
  await insertRows(
    manager,
    'notice_delivery',
    ['noticeId', 'accountId', 'attempts', 'dueAt'],
    accountIds.map((accountId) => [id, accountId, 0, now.getTime()]),
  );
}

/** The phone of an elder's file as it is written to; null when it is there no more. */
export function openElderPhone(manager: EntityManager, phoneSealed: string): string {
  return phoneSearched(cipherOf(manager).decrypt(authenticatedName('phone'), phoneSealed));
}

/** Who of an elder's relatives may book, and with it answer offers, at an instant; each once. */
export async function bookingRelatives(
  manager: EntityManager,
  elderId: number,
  rightsAt: Date,
): Promise<{ accountId: number; phone: string }[]> {
  const rows: { accountId: number; familyRights: string | null; phoneSealed: string }[] = await manager.query(
    `SELECT g.accountId, g.familyRights, p.phoneSealed
       FROM access_grant g JOIN family_phone p ON p.accountId = g.accountId
      WHERE g.elderId = ? AND g.role = 'FAMILY' AND ${inForce} ORDER BY g.accountId`,
    [elderId, rightsAt.getTime(), rightsAt.getTime()],
  );
  const found = new Map<number, string>();
  for (const { accountId, familyRights, phoneSealed } of rows) {
    if (rightsIn(familyRights).includes('BOOKING')) found.set(accountId, openPhone(manager, phoneSealed));
  }
  return [...found].map(([accountId, phone]) => ({ accountId, phone }));
}
