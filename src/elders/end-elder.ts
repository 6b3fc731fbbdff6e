import type { EntityManager } from 'typeorm';
import { Elder, type ElderStatus } from '../../entities/elders/elder.entity.js';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { lockElder } from './find-elder.js';

/** How an elder's file can end. */
export type ElderEnding = Exclude<ElderStatus, 'ACTIVE'>;

/** What another area does about it in the same transaction, such as looking at what was paid after that day. */
export type AfterEnding = (manager: EntityManager, ended: { elderId: number; on: Day }) => Promise<unknown>;

export interface Ending {
  elderId: number;
  status: ElderEnding;
  /** The day of death, of moving away or of closing the file. */
  on: Day;
}

/**
 * Ends an elder's file. The cards stay as they are: a swipe is refused for the elder's sake, and says so.
 * Refused are an unknown elder, a file that has ended, and a day after today or before the registration.
 */
export async function endElder(
  manager: EntityManager,
  { elderId, status, on }: Ending,
  scope: Scope,
  today: Day,
  afterwards: readonly AfterEnding[] = [],
): Promise<Elder | ElderRefusal> {
  const elder = await lockElder(manager, elderId, scope, today);
  if (!elder) return refuseElder('ELDER_UNKNOWN', ['elderId']);
  if (elder.status !== 'ACTIVE') return refuseElder('ELDER_NOT_ACTIVE', ['elderId']);
  if (on > today || on < elder.registeredOn) return refuseElder('DAY_OUT_OF_RANGE', ['on']);
  await manager.update(Elder, { id: elder.id }, { status, endedOn: on });
  for (const each of afterwards) await each(manager, { elderId: elder.id, on });
  return Object.assign(elder, { status, endedOn: on });
}
