import type { EntityManager } from 'typeorm';
import { authenticatedName } from '../../elders/sealed-fields.js';
import type { Database } from '../../shared/database.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { affectedRows, insertRows } from '../../shared/statements.js';
import { openPhone } from '../family-phone.js';
import { rightsIn } from '../family-rights.rules.js';
import { inForce } from '../grants.js';
import { phoneSearched } from '../sign-in-code.rules.js';

/** Finds out whom waiting notices are for, a notice at a time; twice, or on two servers at once, is as once. */
export async function spreadNotices(
  database: Database,
  { now, rightsAt, noticesMax }: { now: Date; rightsAt: Date; noticesMax: number },
): Promise<number> {
  const waiting: { id: number }[] = await database.read((manager) =>
    manager.query('SELECT id FROM elder_notice WHERE spreadAt IS NULL ORDER BY id LIMIT ?', [noticesMax]),
  );
  for (const { id } of waiting) await database.write((manager) => spread(manager, id, { now, rightsAt }));
  return waiting.length;
}

async function spread(
  manager: EntityManager,
  id: number,
  { now, rightsAt }: { now: Date; rightsAt: Date },
): Promise<void> {
  const taken = await affectedRows(
    manager,
    'UPDATE elder_notice SET spreadAt = ? WHERE id = ? AND spreadAt IS NULL',
    [now.getTime(), id],
  );
  if (taken === 0) return;
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
