import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type CategoryChange, replaceCategories, unknownCityCategory } from './elder-categories.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { lockElder } from './find-elder.js';

import { mayStandAt } from './home-station.js';
import { normalizedPhone, personFault } from './registration.rules.js';
import { sealField } from './sealed-fields.js';

/** What is to be different in an elder's file; what is undefined stays as it is. */
export interface ElderChange extends CategoryChange {
  elderId: number;
  name?: string | undefined;
  homeStationId?: number | null | undefined;
  /** Null, or an empty text, where it is not known any more. */
  phone?: string | null | undefined;
  address?: string | null | undefined;
}

/**
 * Changes what an elder's file says from now on: the categories by which rules subsidise, where the elder lives and is
 * looked after. What was decided by the file as it was stays. Refusals come in the order of elderRefusalCodes and
 * write nothing.
 */
export async function changeElder(
  manager: EntityManager,
  change: ElderChange,
  scope: Scope,
  today: Day,
): Promise<Elder | ElderRefusal> {
  const { elderId, homeStationId, cityCategories = [] } = change;
  const elder = await lockElder(manager, elderId, scope, today);
  if (!elder) return refuseElder('ELDER_UNKNOWN', ['input', 'elderId']);
  if (elder.status !== 'ACTIVE') return refuseElder('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  const person = personOf(change);
  const fault = personFault(person);
  if (fault) return fault;
  const isMoved = homeStationId !== undefined && homeStationId !== elder.homeStationId;
  if (isMoved && !(await mayStandAt(manager, homeStationId, scope, today))) {
    return refuseElder('HOME_STATION_UNKNOWN', ['input', 'homeStationId']);
  }
  const unknown = await unknownCityCategory(manager, cityCategories);
  if (unknown) return unknown;
  const cipher = cipherOf(manager);
  const { name = elder.name, phone, address } = person;
  const columns = {
    name,
    phoneSealed: phone === undefined ? elder.phoneSealed : sealField(cipher, 'phone', phone),
    addressSealed: address === undefined ? elder.addressSealed : sealField(cipher, 'address', address),
    homeStationId: isMoved ? homeStationId : elder.homeStationId,
  };
  await manager.update(Elder, { id: elderId }, columns);
  await replaceCategories(manager, elderId, change);
  return Object.assign(elder, columns);
}

/** What is said of the person, as it is stored. */
function personOf({ name, phone, address }: ElderChange): Parameters<typeof personFault>[0] {
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(phone !== undefined && { phone: normalizedPhone(phone ?? '') || null }),
    ...(address !== undefined && { address: address?.trim() || null }),
  };
}
