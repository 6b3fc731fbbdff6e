import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { covers, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate, isDuplicateKey } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows } from '../shared/statements.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
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

/**
 * True when the elder's file may be kept at this station: an open home-care station in scope. Without a
 * station only somebody whose scope is everywhere would ever find the file again.
 */
async function mayStandAt(
  manager: EntityManager,
  stationId: number | null,
  scope: Scope,
  today: Day,
): Promise<boolean> {
  if (stationId === null) return scope === 'everywhere';
  // Locked, so that the station does not close between this look and the row that names it.
  const stations: unknown[] = await manager.query(
    `SELECT id FROM facility
      WHERE id = ? AND kind = 'HOME_CARE_STATION' AND openedOn <= ? AND (closedOn IS NULL OR closedOn > ?)
      ${forUpdate(manager)}`,
    [stationId, today, today],
  );
  return stations.length > 0 && covers(manager, scope, stationId, today);
}

async function insertElder(
  manager: EntityManager,
  input: NormalizedRegistration,
  today: Day,
): Promise<Elder> {
  const { categories, idNumber, phone, address, ...given } = input;
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
  await insertRows(
    manager,
    'elder_category',
    ['elderId', 'category'],
    categories.map((category) => [elder.id, category]),
  );
  return elder;
}
