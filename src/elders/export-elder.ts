import type { EntityManager } from 'typeorm';
import { Facility } from '../../entities/network/facility.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { categoriesOfElders, cityCategoriesOfElders } from './elder-categories.js';
import { contactsOf } from './elder-contacts.js';
import { doorsOf } from './elder-door.js';
import { findElder } from './find-elder.js';
import type { PersonalRecords } from './personal-records.js';
import { inDegrees } from './position.rules.js';
import { openIdentity } from './shown-identities.js';

/** Everything that is held about one elder, in a form that can be handed over. */
export interface ElderExport {
  exportedAt: string;
  registration: Record<string, unknown>;
  /** The records of each area, by its name. */
  [area: string]: unknown;
}

/** Undefined for an elder that `scope` does not cover. The identity in it is whole: the file is the elder's own. */
export async function exportElder(
  manager: EntityManager,
  { elderId, records, now }: { elderId: number; records: readonly PersonalRecords[]; now: Date },
  scope: Scope,
): Promise<ElderExport | undefined> {
  const elder = await findElder(manager, elderId, scope, dayOf(now));
  if (!elder) return undefined;
  const { idNumberSealed, idNumberHash, phoneSealed, addressSealed, homeStationId, erasedAt, ...plain } =
    elder;
  const station = homeStationId === null ? null : await manager.findOneBy(Facility, { id: homeStationId });
  const categories = (await categoriesOfElders(manager, [elderId])).get(elderId) ?? [];
  const cityCategories = (await cityCategoriesOfElders(manager, [elderId])).get(elderId) ?? [];
  const door = (await doorsOf(manager, [elderId])).get(elderId) ?? null;
  const collected: [string, unknown][] = [];
  for (const { name, collect } of records) collected.push([name, await collect(manager, elderId)]);
  return {
    exportedAt: now.toISOString(),
    registration: {
      ...plain,
      ...openIdentity(manager, elder),
      erasedAt: erasedAt?.toISOString() ?? null,
      homeStation: station && { code: station.code, name: station.name },
      categories,
      cityCategories,
      emergencyContacts: (await contactsOf(manager, [elderId])).get(elderId) ?? [],
      door: door && { ...inDegrees(door.position), note: door.note },
    },
    ...Object.fromEntries(collected),
  };
}
