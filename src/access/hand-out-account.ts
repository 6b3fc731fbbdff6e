import { randomInt } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { isRefusal, type Refusal } from '../shared/refusal.js';
import { accountName, type NameRefusalCode } from './account-name.rules.js';
import { type AccountRefusal, type AccountRefusalCode, refuseAccount } from './account-refusals.js';
import { findCredential, removeTotp, setPassword } from './credential.js';
import { type FacilityRefusalCode, facilityForAccount } from './facility-for-account.js';
import { insertStaffAccount } from './insert-staff-account.js';
import { userNameKept } from './password.rules.js';
import { endSessions } from './session.js';

/** Letters and digits that nobody takes for each other when they are read out: five bits each. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password for the first sign-in, to be read from paper: 16 characters, 79 bits. */
export function newPassword(): string {
  const characters = Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]);
  return characters.join('').replace(/.{4}(?=.)/g, '$&-');
}

export interface HandedOutAccount {
  accountId: number;
  userName: string;
}

export interface AccountToHandOut {
  name: string;
  userName: string;
  role: Role;
  /** Null for an administrator of everything. */
  facilityCode: string | null;
  passwordHash: string;
  now: Date;
}

/** Opens an account for whoever has the machine: the first people of a city, by whom the others are let in. */
export async function handOutAccount(
  manager: EntityManager,
  { facilityCode, ...given }: AccountToHandOut,
): Promise<HandedOutAccount | Refusal<NameRefusalCode | FacilityRefusalCode | AccountRefusalCode>> {
  const name = accountName(given.name);
  if (typeof name !== 'string') return name;
  const userName = userNameKept(given.userName);
  if (userName === undefined) return refuseAccount('USER_NAME_INVALID', ['userName']);
  if (facilityCode === null && given.role !== 'ADMIN') return refuseAccount('FACILITY_UNKNOWN', ['code']);
  const facility = facilityCode === null ? null : await facilityForAccount(manager, facilityCode, given.now);
  if (facility && isRefusal(facility)) return facility;
  const facilityId = facility?.id ?? null;
  const account = { ...given, name, userName, facilityId, temporary: true };
  const inserted = await insertStaffAccount(manager, account);
  return isRefusal(inserted) ? inserted : { accountId: inserted.accountId, userName };
}

/** A password for one sign-in for somebody who forgot it, where nobody else is left who could. */
export async function handOutPassword(
  manager: EntityManager,
  given: { userName: string; passwordHash: string; removeTotp: boolean; now: Date },
): Promise<HandedOutAccount | AccountRefusal> {
  const userName = userNameKept(given.userName) ?? '';
  const credential = await findCredential(manager, { userName });
  if (!credential) return refuseAccount('ACCOUNT_UNKNOWN', ['userName']);
  const { accountId } = credential;
  await setPassword(manager, { accountId, hash: given.passwordHash, temporary: true, now: given.now });
  if (given.removeTotp) await removeTotp(manager, accountId);
  await endSessions(manager, accountId, given.now);
  return { accountId, userName };
}
