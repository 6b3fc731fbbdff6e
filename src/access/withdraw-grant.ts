import type { EntityManager } from 'typeorm';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { lockCredential } from './credential.js';
import { type Asker, findGrant, hasEnded, type StoredGrant, withinReach } from './grants.js';

/** Ends a grant at once: the next request of its holder goes without. One that has ended stays as it is. */
export async function withdrawGrant(
  manager: EntityManager,
  grantId: number,
  asker: Asker,
): Promise<StoredGrant | AccountRefusal> {
  const found = await findGrant(manager, grantId);
  // A relative's rests on a consent, and is ended by what records that it was taken back.
  const credential = found && found.role !== 'FAMILY' && (await lockCredential(manager, found.accountId));
  // Read again behind the lock of its account, where nobody else is changing it.
  const grant = credential ? await findGrant(manager, grantId) : undefined;
  const [reached] = grant ? await withinReach(manager, [grant], asker) : [];
  if (!reached) return refuseAccount('GRANT_UNKNOWN', ['grantId']);
  if (hasEnded(reached, asker.now)) return reached;
  // A grant that was to begin later ends where it begins: an interval never runs backwards.
  await manager.query(
    'UPDATE access_grant SET untilAt = CASE WHEN fromAt > ? THEN fromAt ELSE ? END WHERE id = ?',
    [asker.now.getTime(), asker.now.getTime(), grantId],
  );
  return (await findGrant(manager, grantId)) ?? reached;
}
