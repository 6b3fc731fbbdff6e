import type { EntityManager } from 'typeorm';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { refusalToGive, type WantedGrant } from './facility-for-grant.js';
import type { Asker, StoredGrant } from './grants.js';
import { insertGrant } from './insert-staff-account.js';
import { lockStaffAccount } from './staff-account.js';

/**
 * Gives an account a role from now on. The same role at the same place again changes nothing but the end:
 * sending a request twice gives one grant.
 */
export async function grantRole(
  manager: EntityManager,
  { accountId, ...wanted }: WantedGrant & { accountId: number },
  asker: Asker,
): Promise<StoredGrant | AccountRefusal> {
  const account = await lockStaffAccount(manager, accountId, asker);
  if (!account) return refuseAccount('ACCOUNT_UNKNOWN', ['accountId']);
  const refusal = await refusalToGive(manager, wanted, asker, []);
  if (refusal) return refusal;
  const { role, facilityId, untilAt } = wanted;
  const held = account.grants.find((grant) => grant.role === role && grant.facilityId === facilityId);
  if (held) {
    await manager.query('UPDATE access_grant SET untilAt = ? WHERE id = ?', [
      untilAt?.getTime() ?? null,
      held.id,
    ]);
    return { ...held, untilAt };
  }
  const id = await insertGrant(manager, { accountId, role, facilityId, untilAt, now: asker.now });
  return { id, accountId, role, facilityId, elderId: null, untilAt, showsIdentities: false };
}
