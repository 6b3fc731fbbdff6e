import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { Facility, FacilityPlacement } from '../../entities/index.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { addBedSide, type BedSide, noBedSide } from './bed-walk.js';
import { describeSide } from './care-walk.js';
import { addDelivery } from './delivery-walk.js';
import { letIn } from './families.js';
import { addFlag } from './flags.js';
import { type HoursSide, hoursSide } from './hours-walk.js';
import { nothing } from './nothing.js';
import { addPlan } from './plan-walk.js';
import { proposedRules } from './rule-documents.js';
import { addPerson } from './staff.js';
import { intakeOf, tap } from './taps.js';
import type { TestServer } from './test-server.js';
import { addDiner, noon, today, windows } from './town.js';
import type { TwoCounties } from './two-counties.js';
import { addCaregiver, addServices, addVisit } from './visits.js';

/** Something of each kind at one place, by which an operation can be asked about that place. */
export interface Side extends HoursSide, BedSide {
  facilityId: number;
  facilityCode: string;
  elderId: number;
  cardUid: string;
  swipeId: string;
  readerId: number;
  /** Somebody who works there, and the grant. */
  accountId: number;
  grantId: number;
  /** The grant of a relative of the elder. */
  relativeId: number;
  /** A visit to the elder, as soon as visitSides has added it. */
  visitId: number;
  planId: number;
  ruleSetId: number;
  deliveryId: number;
  flagId: number;
}

/** Every caller but an administrator holds its role in one county: the places in it, in the next, above, nowhere. */
export const sideNames = ['inside', 'beside', 'above', 'nowhere'] as const;
export type SideName = (typeof sideNames)[number];

/** The places of a walk, with something of each kind at each. */
export async function buildSides(server: TestServer, town: TwoCounties): Promise<Record<SideName, Side>> {
  return {
    inside: await buildSide(server, town, town.streetId, '411302001001'),
    beside: await buildSide(server, town, town.otherCountyId, '411303001001'),
    above: await buildSide(server, town, town.cityId, '411302001001'),
    nowhere: { ...nothing, ...noBedSide, swipeId: randomUUID() },
  };
}

/** A visit to the elder of each of these places, by a caregiver of that place: at the first by this account. */
export async function visitSides(
  server: TestServer,
  accountId: number,
  sides: readonly Side[],
): Promise<void> {
  const { serviceId } = await addServices(server.database);
  for (const [index, side] of sides.entries()) {
    const { facilityId: stationId, elderId } = side;
    const caregiver = index === 0 ? { stationId, accountId } : { stationId };
    side.caregiverId = await addCaregiver(server.database, caregiver);
    const { caregiverId } = side;
    const caregiverIds = [caregiverId];
    const visit = { elderId, serviceId, stationId, caregiverIds, from: noon.toISOString() };
    side.visitId = await addVisit(server.database, visit);
    await describeSide(server.database, side, { visitId: side.visitId, caregiverId });
  }
}

/** A canteen beneath a facility with an elder registered there, who has had lunch there. */
export async function buildSide(
  server: TestServer,
  town: TwoCounties,
  parentId: number,
  divisionCode: string,
): Promise<Side> {
  const facilityCode = `SIDE-${divisionCode}-${parentId}`;
  const facilityId = await server.database.write(async (manager) => {
    const kind = 'ELDER_CANTEEN' as const;
    const opened = { code: facilityCode, name: facilityCode, kind, divisionCode };
    const { id } = await manager.save(
      manager.create(Facility, { ...opened, openedOn: '2020-01-01', closedOn: null }),
    );
    await manager.insert(FacilityPlacement, {
      facilityId: id,
      parentId,
      fromDay: '2020-01-01',
      toDay: null,
    });
    await configureCanteen(manager, { canteenId: id, priceFenMax: 3000, windows }, 'everywhere', today);
    return id;
  });
  const { elderId, uid } = await addDiner(town, { homeStationId: facilityId });
  const request = tap(town, { cardUid: uid });
  const answer = await intakeOf(town).record({ ...request, canteenId: facilityId });
  expect(answer.outcome).toBe('ACCEPTED');
  const { swipeId } = request.command;
  const { accountId: readerId } = await server.account('READER', facilityId);
  const { accountId, grantId } = await addPerson(server.database, 'STAFF', facilityId);
  const { id } = await letIn(server, await server.adminToken(), { elderId });
  const staff = { accountId, grantId };
  const deliveryId = await addDelivery(town, { elderId, canteenId: facilityId });
  const ruleSetId = await proposedRules(server.database, facilityId);
  const { elderId: heldFor } = await addDiner(town, { homeStationId: facilityId });
  const beds = await addBedSide(town, { facilityId, elderId, heldFor });
  return {
    ...beds,
    facilityId,
    facilityCode,
    elderId,
    cardUid: uid,
    swipeId,
    readerId,
    ...staff,
    relativeId: Number(id),
    visitId: 0,
    planId: await addPlan(server.database, { stationId: facilityId, accountId }),
    ruleSetId,
    deliveryId,
    ...(await hoursSide(server.database, facilityId)),
    flagId: await addFlag(server.database, { canteenId: facilityId, swipeId }),
  };
}
