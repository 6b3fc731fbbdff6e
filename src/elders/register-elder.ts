import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { isDuplicateKey } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertCategories, unknownCityCategory } from './elder-categories.js';

import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { mayStandAt } from './home-station.js';
import {
  type NormalizedRegistration,
  normalizedRegistration,
  type Registration,
  registrationFault,
} from './registration.rules.js';
import { birthDateOf } from './resident-id.rules.js';
import { idNumberHash, sealIdentity } from './sealed-fields.js';

/**
 * Opens the file of an elder, from today on. The birth date is the one within the ID number.
 * Refusals come in the order of elderRefusalCodes and write nothing.
 */
export async function registerElder(
  manager: EntityManager,
  registration: Registration,
  scope: Scope,
  today: Day,
): Promise<Elder | ElderRefusal> {
  const input = normalizedRegistration(registration);
  const fault = registrationFault(input, today);
  if (fault) return fault;
  if (!(await mayStandAt(manager, input.homeStationId, scope, today))) {
    return refuseElder('HOME_STATION_UNKNOWN', ['input', 'homeStationId']);
  }
  const unknown = await unknownCityCategory(manager, input.cityCategories);
  if (unknown) return unknown;
  const taken = refuseElder('ID_NUMBER_TAKEN', ['input', 'idNumber']);
  if (await manager.existsBy(Elder, { idNumberHash: idNumberHash(cipherOf(manager), input.idNumber) }))
    return taken;
  try {
    return await insertElder(manager, input, today);
  } catch (error) {
    // Two counters registered the same person at once; the row that came first stands.
    if (isDuplicateKey(error)) return taken;
    throw error;
  }
}

async function insertElder(
  manager: EntityManager,
  input: NormalizedRegistration,
  today: Day,
): Promise<Elder> {
  const { categories, cityCategories, idNumber, phone, address, ...given } = input;
  const elder = manager.create(Elder, {
    ...given,
    ...sealIdentity(cipherOf(manager), { idNumber, phone, address }),
    birthDate: birthDateOf(idNumber),
    status: 'ACTIVE',
    registeredOn: today,
    endedOn: null,
    erasedAt: null,
  });
  await manager.insert(Elder, elder);
  await insertCategories(manager, elder.id, [...categories, ...cityCategories]);
  return elder;
}
