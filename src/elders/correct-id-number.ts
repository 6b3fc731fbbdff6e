import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { isDuplicateKey } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { lockElder } from './find-elder.js';
import { birthDateOf, isResidentId, normalizedResidentId } from './resident-id.rules.js';
import { sealIdNumber } from './sealed-fields.js';

/**
 * Puts right an ID number that was typed wrongly, and with it the birth date, also in a file that has ended: as long as
 * a wrong file holds a number, whose it is cannot be registered. What was decided by the age as it was stays, such as the
 * subsidies of meals. Refusals come in the order of elderRefusalCodes and write nothing.
 */
export async function correctIdNumber(
  manager: EntityManager,
  correction: { elderId: number; idNumber: string },
  scope: Scope,
  today: Day,
): Promise<Elder | ElderRefusal> {
  const elder = await lockElder(manager, correction.elderId, scope, today);
  if (!elder) return refuseElder('ELDER_UNKNOWN', ['elderId']);
  if (elder.erasedAt) {
    const text = { zh: '该老人的身份信息已清除，不能更正', en: 'The person was erased from this file' };
    return refuseElder('ELDER_ERASED', ['elderId'], text);
  }
  const idNumber = normalizedResidentId(correction.idNumber);
  if (!isResidentId(idNumber) || birthDateOf(idNumber) > elder.registeredOn) {
    return refuseElder('ID_NUMBER_INVALID', ['idNumber']);
  }
  const sealed = sealIdNumber(cipherOf(manager), idNumber);
  const taken = refuseElder('ID_NUMBER_TAKEN', ['idNumber']);
  const holder = await manager.findOneBy(Elder, { idNumberHash: sealed.idNumberHash });
  if (holder && holder.id !== elder.id) return taken;
  const columns = { ...sealed, birthDate: birthDateOf(idNumber) };
  try {
    await manager.update(Elder, { id: elder.id }, columns);
  } catch (error) {
    // Somebody registered that person, or put it into another file, at the same moment; what came first stands.
    if (isDuplicateKey(error)) return taken;
    throw error;
  }
  return Object.assign(elder, columns);
}
