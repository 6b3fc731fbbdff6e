import type { EntityManager } from 'typeorm';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { AccessGrant } from '../../entities/access/access-grant.entity.js';
import { Account } from '../../entities/access/account.entity.js';
import { insertRows } from '../shared/statements.js';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { findCredential } from './credential.js';

export interface NewStaffAccount {
  name: string;
  /** As `userNameKept` has it. */
  userName: string;
  passwordHash: string;
  /** The person is to choose another password before anything is open. */
  temporary: boolean;
  role: Role;
  facilityId: number | null;
  elderId?: number;
  untilAt?: Date | null;
  now: Date;
}

/** Writes an account that signs in, with the one grant that it holds at first. Whether it may be is not asked here. */
export async function insertStaffAccount(
  manager: EntityManager,
  account: NewStaffAccount,
): Promise<{ accountId: number; grantId: number } | AccountRefusal> {
  const { name, userName, now } = account;
  if (await findCredential(manager, { userName })) {
    return refuseAccount('USER_NAME_TAKEN', ['input', 'userName']);
  }
  const { identifiers } = await manager.insert(Account, { name, createdAt: now });
  const accountId = Number(identifiers[0]?.id);
  await insertRows(
    manager,
    'staff_credential',
    ['accountId', 'userName', 'passwordHash', 'temporary', 'passwordSetAt'],
    [[accountId, userName, account.passwordHash, account.temporary, now.getTime()]],
  );
  return { accountId, grantId: await insertGrant(manager, { ...account, accountId }) };
}

/** The number of the new grant, which counts from `now` on. */
export async function insertGrant(
  manager: EntityManager,
  grant: Pick<NewStaffAccount, 'role' | 'facilityId' | 'elderId' | 'untilAt' | 'now'> & { accountId: number },
): Promise<number> {
  const { accountId, role, facilityId, elderId, untilAt, now: fromAt } = grant;
  // What is null is left out: the SQLite driver takes a lone null for an object.
  const { identifiers } = await manager.insert(AccessGrant, {
    accountId,
    role,
    fromAt,
    ...(facilityId === null ? {} : { facilityId }),
    ...(elderId === undefined ? {} : { elderId }),
    ...(untilAt ? { untilAt } : {}),
  });
  return Number(identifiers[0]?.id);
}
