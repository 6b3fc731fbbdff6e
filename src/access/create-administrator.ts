import type { EntityManager } from 'typeorm';
import type { Refusal } from '../shared/refusal.js';
import { accountName, type NameRefusalCode } from './account-name.rules.js';
import { type OpenedAccount, openAccount } from './open-account.js';

/** Opens an account that may do everything everywhere. */
export async function createAdministrator(
  manager: EntityManager,
  administrator: { name: string; now: Date },
): Promise<OpenedAccount | Refusal<NameRefusalCode>> {
  const name = accountName(administrator.name);
  if (typeof name !== 'string') return name;
  return openAccount(manager, { name, role: 'ADMIN', facilityId: null, now: administrator.now });
}
