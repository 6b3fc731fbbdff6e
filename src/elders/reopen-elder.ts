import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { lockElder } from './find-elder.js';

/** What another area does about it in the same transaction, such as ending doubts that the end had raised. */
export type AfterReopening = (
  manager: EntityManager,
  reopened: { elderId: number; hadEndedOn: Day },
) => Promise<unknown>;

/**
 * Takes back the end of an elder's file: of who came back, or of whom it was entered wrongly. One that ended on another
 * day is reopened and ended again, which looks at what was paid after that day. What the end called off stays called
 * off. Refused are an unknown elder, a file in use, and one of which the person was erased.
 */
export async function reopenElder(
  manager: EntityManager,
  elderId: number,
  scope: Scope,
  today: Day,
  afterwards: readonly AfterReopening[] = [],
): Promise<Elder | ElderRefusal> {
  const elder = await lockElder(manager, elderId, scope, today);
  if (!elder) return refuseElder('ELDER_UNKNOWN', ['elderId']);
  if (elder.status === 'ACTIVE') {
    const text = { zh: '该老人的档案尚未结束', en: 'The file of this elder is in use' };
    return refuseElder('ELDER_NOT_ENDED', ['elderId'], text);
  }
  if (elder.erasedAt) return refuseElder('ELDER_ERASED', ['elderId']);
  const reopened = { status: 'ACTIVE', endedOn: null } as const;
  await manager.update(Elder, { id: elder.id }, reopened);
  const hadEndedOn = elder.endedOn ?? today;
  for (const each of afterwards) await each(manager, { elderId: elder.id, hadEndedOn });
  return Object.assign(elder, reopened);
}
