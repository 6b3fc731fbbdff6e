import { checkCharacter } from '../../src/elders/resident-id.rules.js';
import { addFacility, type NewFacility } from '../../src/network/add-facility.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { buildTown, type Town, today } from './town.js';

/** A town, and a second county of the same city with a home-care station of its own. */
export interface TwoCounties extends Town {
  otherCountyId: number;
  otherStationId: number;
}

export async function buildTwoCounties(database: Database): Promise<TwoCounties> {
  const town = await buildTown(database);
  const add = async (facility: Omit<NewFacility, 'openedOn' | 'name'>) => {
    const wanted = { ...facility, name: facility.code, openedOn: '2020-01-01' };
    const added = await database.write((manager) => addFacility(manager, wanted, 'everywhere', today));
    if (isRefusal(added)) throw new Error(added.refused);
    return added.id;
  };
  const otherCountyId = await add({
    code: 'OTHER-COUNTY',
    kind: 'COUNTY_CENTER',
    divisionCode: '411303',
    parentId: town.cityId,
  });
  const otherStreetId = await add({
    code: 'OTHER-STREET',
    kind: 'STREET_CENTER',
    divisionCode: '411303001',
    parentId: otherCountyId,
  });
  const otherStationId = await add({
    code: 'OTHER-STATION',
    kind: 'HOME_CARE_STATION',
    divisionCode: '411303001001',
    parentId: otherStreetId,
  });
  return { ...town, otherCountyId, otherStationId };
}

let issued = 0;

/** A valid ID number that no other call of this process was given. */
export function newIdNumber(birthDate = '1950-01-01'): string {
  issued += 1;
  // A division and a birthday have a thousand numbers; then the division before it begins.
  const division = 411399 - Math.floor(issued / 1000);
  const first17 = `${division}${birthDate.replaceAll('-', '')}${String(issued % 1000).padStart(3, '0')}`;
  return first17 + checkCharacter(first17);
}

/** A card uid that no other call of this process was given. */
export function newUid(): string {
  issued += 1;
  return `04B${String(issued).padStart(5, '0')}`;
}
