import { overlookRecords, server, tokens, town } from './audited-server.js';
import { type Carer, type CareTown, carerOf, later, newVisit, tapOf, tapped } from './care.js';
import { noon } from './town.js';
import { addCaregiver, addServices } from './visits.js';

let place: CareTown | undefined;
let carerToken = '';
/** The caregiver of all cases, and the visit of the one under test. */
export let carer: Carer;
export let visitId = 0;
export let elderId = 0;

/** A visit at noon of a caregiver whose token is at hand. */
export async function given(): Promise<CareTown> {
  if (!place) {
    place = { ...town, ...(await addServices(server.database)) };
    const { token, accountId } = await server.account('CAREGIVER', town.countyId);
    const caregiverId = await addCaregiver(server.database, { stationId: town.stationId, accountId });
    carer = carerOf(place, { caregiverId, accountId });
    carerToken = token;
  }
  tokens.staff = carerToken;
  ({ visitId, elderId } = await newVisit(place, [carer]));
  return place;
}

/** The same, begun, and done where it is said. */
export async function begun(isDone = false): Promise<CareTown> {
  const care = await given();
  await tapped(care, carer, tapOf(visitId, { at: later(-1) }), noon);
  if (isDone) {
    const out = tapOf(visitId, { kind: 'OUT', at: later(-1), isOffline: true });
    await tapped(care, carer, out, noon);
  }
  await overlookRecords();
  return care;
}

/** Past the notice, by somebody else of the station, who said that it lay with the family. */
export async function calledOff(): Promise<void> {
  await given();
  await server.database.write(async (m) => {
    await m.query("UPDATE visit SET status = 'CANCELLED', version = version + 1 WHERE id = ?", [visitId]);
    await m.query(
      `INSERT INTO visit_event (visitId, version, kind, status, startsAt, at, isOverride, causedBy)
       SELECT id, version, 'CANCEL', status, startsAt, ?, ?, 'FAMILY' FROM visit WHERE id = ?`,
      [noon.getTime(), true, visitId],
    );
  });
  await overlookRecords();
}
