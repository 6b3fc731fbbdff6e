import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import { dayFault } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import type { Acting, BedReach } from './lock-elder.js';
import { lockStay } from './lock-stay.js';
import { type Stay, stayById } from './read-stays.js';

/** How long before today a contract may have been signed, in days. */
const signedDaysBackMax = 366;

/** Notes when the contract of an open stay was signed, in the place of what was noted. */
export async function signContract(
  manager: EntityManager,
  { stayId, on, byId, now }: { stayId: number; on: Day } & Acting,
  reach: BedReach,
): Promise<Stay | BedRefusal> {
  const found = await lockStay(manager, stayId, reach, { byId, now });
  if ('refused' in found) return found;
  const { stay } = found.locked;
  if (stay.kind !== 'STAY' || stay.to !== null) return refuseBed('WRONG_STATE', ['stayId']);
  const range = dayFault(on, { today: dayOf(now), back: signedDaysBackMax, ahead: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['on'], range);
  await manager.query('UPDATE bed_stay SET contractSignedOn = ? WHERE id = ?', [on, stayId]);
  return (await stayById(manager, stayId, now)) as Stay;
}
