import type { EntityManager } from 'typeorm';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { openOnDay } from './tree.js';

/** The kinds that stand for the whole of their division; a regional centre serves more than the town it stands in. */
const centerKinds: readonly FacilityKind[] = ['CITY_CENTER', 'COUNTY_CENTER', 'STREET_CENTER'];

/** What the network calls its cities, counties and streets: by division code, the name of the centre open on `day`. */
export async function areaNames(manager: EntityManager, day: Day): Promise<Map<string, string>> {
  const rows: { divisionCode: string; name: string }[] = await manager.query(
    `SELECT facility.divisionCode, facility.name FROM facility
      WHERE facility.kind IN (${placeholders(centerKinds)}) AND ${openOnDay('facility')}
      ORDER BY facility.id DESC`,
    [...centerKinds, day, day],
  );
  return new Map(rows.map(({ divisionCode, name }) => [divisionCode, name]));
}
