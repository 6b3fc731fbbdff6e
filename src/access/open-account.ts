import type { EntityManager } from 'typeorm';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { Account } from '../../entities/access/account.entity.js';
import { insertRows } from '../shared/statements.js';
import { hashToken, newToken } from './tokens.js';

/** An account to open, with the one role that it holds at first. */
export interface NewAccount {
  name: string;
  role: Role;
  /** Null for an administrator of the whole network, and for a family member. */
  facilityId: number | null;
  /** The elder of a family member; for no other role. */
  elderId?: number;
  /** From when the role is held. */
  now: Date;
  /** Whether identities are shown whole under the grant; not without it. */
  showsIdentities?: boolean;
}

export interface OpenedAccount {
  accountId: number;
  /** Shown once: the database keeps its hash only. */
  token: string;
}

export async function openAccount(manager: EntityManager, account: NewAccount): Promise<OpenedAccount> {
  const [opened] = await openAccounts(manager, [account]);
  if (!opened) throw new Error('an account that was opened has no row');
  return opened;
}

/**
 * Opens many accounts, in the order given. The account rows go in one by one, because no statement that
 * all engines share tells the ids of many; grants and tokens go in together.
 */
export async function openAccounts(
  manager: EntityManager,
  accounts: readonly NewAccount[],
): Promise<OpenedAccount[]> {
  const opened: OpenedAccount[] = [];
  for (const { name, now } of accounts) {
    const { identifiers } = await manager.insert(Account, { name, createdAt: now });
    opened.push({ accountId: Number(identifiers[0]?.id), token: newToken() });
  }
  const rows = opened.flatMap((one, index) => {
    const account = accounts[index];
    return account ? [{ ...one, ...account, at: account.now.getTime() }] : [];
  });
  await insertRows(
    manager,
    'access_grant',
    ['accountId', 'role', 'facilityId', 'elderId', 'fromAt', 'showsIdentities'],
    rows.map(({ accountId, role, facilityId, elderId = null, at, showsIdentities = false }) => [
      accountId,
      role,
      facilityId,
      elderId,
      at,
      showsIdentities,
    ]),
  );
  await insertRows(
    manager,
    'access_token',
    ['accountId', 'hash', 'createdAt'],
    rows.map(({ accountId, token, at }) => [accountId, hashToken(token), at]),
  );
  return opened;
}
