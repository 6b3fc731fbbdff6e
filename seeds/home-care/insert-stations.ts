import type { EntityManager } from 'typeorm';
import { insertRows } from '../../src/shared/statements.js';
import { facilityIds, idOf } from '../reference/insert-reference.js';
import { nanyangNetwork } from '../reference/nanyang/network.js';
import { stationPlace } from './places.js';

/** A home-care station with where its caregivers set out. */
export interface PlacedStation {
  id: number;
  code: string;
  divisionCode: string;
  latitudeMicro: number;
  longitudeMicro: number;
}

/** All stations of the city, in the order of their codes' network; whichever has no place yet is given one. */
export async function insertStationPlaces(manager: EntityManager): Promise<PlacedStation[]> {
  const ids = await facilityIds(manager);
  const stations = nanyangNetwork()
    .filter(({ kind }) => kind === 'HOME_CARE_STATION')
    .map(({ code, divisionCode }, index) => {
      return { id: idOf(ids, code), code, divisionCode, ...stationPlace(divisionCode, index) };
    });
  const rows: { facilityId: number }[] = await manager.query('SELECT facilityId FROM home_station');
  const present = new Set(rows.map(({ facilityId }) => facilityId));
  await insertRows(
    manager,
    'home_station',
    ['facilityId', 'latitudeMicro', 'longitudeMicro', 'travelMode'],
    stations
      .filter(({ id }) => !present.has(id))
      .map(({ id, latitudeMicro, longitudeMicro }) => [id, latitudeMicro, longitudeMicro, 'CYCLE']),
  );
  return stations;
}
