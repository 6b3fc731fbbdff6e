import type { EntityManager } from 'typeorm';
import { isRefusal, type Refusal } from '../shared/refusal.js';
import { accountName, type NameRefusalCode } from './account-name.rules.js';
import { type FacilityRefusalCode, facilityForAccount } from './facility-for-account.js';
import { type OpenedAccount, openAccount } from './open-account.js';

/** Opens an account that manages a facility and everything beneath it. */
export async function createManager(
  manager: EntityManager,
  {
    facilityCode,
    now,
    showsIdentities = false,
    ...given
  }: { facilityCode: string; name: string; now: Date; showsIdentities?: boolean },
): Promise<OpenedAccount | Refusal<NameRefusalCode | FacilityRefusalCode>> {
  const name = accountName(given.name);
  if (typeof name !== 'string') return name;
  const facility = await facilityForAccount(manager, facilityCode, now);
  if (isRefusal(facility)) return facility;
  return openAccount(manager, { name, role: 'MANAGER', facilityId: facility.id, now, showsIdentities });
}
