import type { EntityManager } from 'typeorm';
import { type Credential, lockCredential } from './credential.js';
import { type Asker, grantsOf, hasEnded, type StoredGrant, withinReach } from './grants.js';

/** An account of a person, as somebody sees it who may look after it. */
export interface StaffAccount {
  id: number;
  name: string;
  userName: string;
  /** Those grants that have not ended and lie within the asker's reach. */
  grants: readonly StoredGrant[];
}

export interface LockedAccount extends StaffAccount {
  credential: Credential;
  /** Nothing that the account may do lies outside the asker's reach. */
  wholly: boolean;
}

/**
 * The account, kept from other changes until the transaction ends, when one of its grants, an ended one too,
 * lies within the asker's reach. Any other is as unknown.
 */
export async function lockStaffAccount(
  manager: EntityManager,
  accountId: number,
  asker: Asker,
): Promise<LockedAccount | undefined> {
  const credential = await lockCredential(manager, accountId);
  if (!credential) return undefined;
  const accounts: { name: string }[] = await manager.query('SELECT name FROM account WHERE id = ?', [
    accountId,
  ]);
  const all = await grantsOf(manager, [accountId]);
  const reached = await withinReach(manager, all, asker);
  if (reached.length === 0) return undefined;
  const living = all.filter((grant) => !hasEnded(grant, asker.now));
  return {
    id: accountId,
    name: accounts[0]?.name ?? '',
    userName: credential.userName,
    grants: reached.filter((grant) => !hasEnded(grant, asker.now)),
    credential,
    wholly: living.every((grant) => reached.includes(grant)),
  };
}
