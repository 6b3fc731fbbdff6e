import type { Prepared } from '../shared/prepared.js';
import { isRefusal } from '../shared/refusal.js';
import { accountName } from './account-name.rules.js';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { refusalToGive, type WantedGrant } from './facility-for-grant.js';
import { type Asker, grantsOf } from './grants.js';
import { insertStaffAccount } from './insert-staff-account.js';
import { passwordRefusal, userNameKept } from './password.rules.js';
import { TooManyPasswords } from './passwords.js';
import type { StaffAccess } from './staff-access.js';
import type { StaffAccount } from './staff-account.js';

export interface WantedAccount extends WantedGrant {
  name: string;
  userName: string;
  /** The person changes it at the first sign-in: until then it opens nothing. */
  password: string;
}

/** Opens an account for a person, with a first role within the asker's own area and not above the asker's own. */
export async function openStaffAccount(
  access: StaffAccess,
  wanted: WantedAccount,
  asker: Asker,
): Promise<Prepared<StaffAccount, AccountRefusal>> {
  const name = accountName(wanted.name);
  if (typeof name !== 'string') return refuseAccount('NAME_INVALID', ['input', 'name']);
  const userName = userNameKept(wanted.userName);
  if (userName === undefined) return refuseAccount('USER_NAME_INVALID', ['input', 'userName']);
  const unfit = passwordRefusal(wanted.password, userName, ['input', 'password']);
  if (unfit) return unfit;
  const passwordHash = await hashOrRefusal(access, wanted.password);
  if (typeof passwordHash !== 'string') return passwordHash;
  return async (manager) => {
    const refusal = await refusalToGive(manager, wanted, asker, ['input']);
    if (refusal) return refusal;
    const { role, facilityId, untilAt } = wanted;
    const account = {
      name,
      userName,
      passwordHash,
      temporary: true,
      role,
      facilityId,
      untilAt,
      now: asker.now,
    };
    const inserted = await insertStaffAccount(manager, account);
    if (isRefusal(inserted)) return inserted;
    return { id: inserted.accountId, name, userName, grants: await grantsOf(manager, [inserted.accountId]) };
  };
}

/** The hash of a new password, made before any row is locked; refused when too many are waiting for one. */
export async function hashOrRefusal(
  { passwords }: StaffAccess,
  password: string,
): Promise<string | AccountRefusal> {
  try {
    return await passwords.hash(password);
  } catch (error) {
    if (error instanceof TooManyPasswords) return refuseAccount('TOO_MANY_TRIES');
    throw error;
  }
}
