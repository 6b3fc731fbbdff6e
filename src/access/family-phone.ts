import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { insertRows } from '../shared/statements.js';
import { inForce } from './grants.js';
import { phoneSearched } from './sign-in-code.rules.js';

/** The names that are authenticated with the values; they are stored in no row and must never change. */
const phoneField = 'family_phone.phone';
const codeField = 'sign_in_code.code';

export const sealedPhones: SealedTable = {
  table: 'family_phone',
  idColumn: 'accountId',
  columns: { phoneSealed: () => phoneField },
};

/** By which the account of a phone is found; `phone` is normalised. */
export function phoneHashOf(manager: EntityManager, phone: string): string {
  return cipherOf(manager).lookup(phoneField, phoneSearched(phone));
}

/** By which a code is recognised: it belongs to the phone that it was sent to. */
export function codeHashOf(manager: EntityManager, phoneHash: string, code: string): string {
  return cipherOf(manager).lookup(codeField, `${phoneHash} ${code}`);
}

/** The number within a stored value. */
export function openPhone(manager: EntityManager, phoneSealed: string): string {
  return cipherOf(manager).decrypt(phoneField, phoneSealed);
}

/** The account of a phone, kept from other changes until the transaction ends. */
export async function lockAccountOfPhone(
  manager: EntityManager,
  phoneHash: string,
): Promise<number | undefined> {
  const rows: { accountId: number }[] = await manager.query(
    `SELECT accountId FROM family_phone WHERE phoneHash = ?${forUpdate(manager)}`,
    [phoneHash],
  );
  return rows[0]?.accountId;
}

/** The same, when the account is, now, the relative of anybody. */
export async function lockRelativeOfPhone(
  manager: EntityManager,
  phoneHash: string,
  now: Date,
): Promise<number | undefined> {
  const accountId = await lockAccountOfPhone(manager, phoneHash);
  const grants: unknown[] = await manager.query(
    `SELECT id FROM access_grant WHERE accountId = ? AND role = 'FAMILY' AND ${inForce} LIMIT 1`,
    [accountId ?? 0, now.getTime(), now.getTime()],
  );
  return grants.length > 0 ? accountId : undefined;
}

/** Binds a phone to an account, which has none yet. */
export function addPhone(
  manager: EntityManager,
  { accountId, phone, now }: { accountId: number; phone: string; now: Date },
): Promise<void> {
  const searched = phoneSearched(phone);
  const sealed = cipherOf(manager).encrypt(phoneField, searched);
  return insertRows(
    manager,
    'family_phone',
    ['accountId', 'phoneSealed', 'phoneHash', 'createdAt'],
    [[accountId, sealed, phoneHashOf(manager, searched), now.getTime()]],
  );
}
