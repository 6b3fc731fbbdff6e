import { randomUUID } from 'node:crypto';
import {
  BedHold,
  BedOffer,
  BedStay,
  StayTransfer,
  WaitlistEntry,
  WaitlistLine,
} from '../../entities/index.js';
import { addBeds } from './beds.js';
import { noon, type Town, today } from './town.js';
import type { Side } from './walk-sides.js';

/** Of a place: a bed with a resident, one that is free, one that is held, and a question whether it takes one over. */
export interface BedSide {
  bedId: number;
  freeBedId: number;
  roomId: number;
  stayId: number;
  holdId: number;
  transferId: number;
  /** Somebody in line here, with an offer. */
  waiterId: number;
  entryId: number;
  offerId: number;
}

export const noBedSide: BedSide = {
  bedId: 999_999,
  freeBedId: 999_998,
  roomId: 999_999,
  stayId: 999_999_999,
  holdId: 999_999_998,
  transferId: 999_999_997,
  waiterId: 999_999,
  entryId: 999_999_996,
  offerId: 999_999_995,
};

/** Written as they would be by people who may: the walk asks who sees them and who may change them. */
export async function addBedSide(
  town: Town,
  { facilityId, elderId, heldFor }: { facilityId: number; elderId: number; heldFor: number },
): Promise<BedSide> {
  const beds = await addBeds(town, facilityId, [{}, {}, {}, {}]);
  const [bedId = 0, freeBedId = 0, heldBedId = 0, offeredBedId = 0] = beds;
  const [stayId, holdId, transferId] = [
    await town.ids.take(1),
    await town.ids.take(1),
    await town.ids.take(1),
  ];
  const waiting = await addOffer(town, { facilityId, bedId: offeredBedId, elderId });
  await town.database.write(async (manager) => {
    await manager.insert(BedStay, {
      id: stayId,
      bedId,
      facilityId,
      elderId,
      fromDay: '2026-03-01',
      openBedId: bedId,
      openElderId: elderId,
      admittedOn: '2026-03-01',
      trialEndsOn: '2026-03-31',
      enteredAt: noon,
    });
    await manager.insert(BedHold, {
      id: holdId,
      bedId: heldBedId,
      facilityId,
      elderId: heldFor,
      fromDay: today,
      expiresAt: new Date(noon.getTime() + 86_400_000),
      expiresOn: '2026-03-11',
      heldAt: noon,
      heldById: town.managerId,
    });
    await manager.insert(StayTransfer, {
      id: transferId,
      stayId,
      openStayId: stayId,
      toFacilityId: facilityId,
      onDay: today,
      state: 'ASKED',
      askedAt: noon,
      askedById: town.managerId,
    });
  });
  const rows = await town.database.read((manager) =>
    manager.query('SELECT roomId FROM bed WHERE id = ?', [freeBedId]),
  );
  return { bedId, freeBedId, roomId: rows[0].roomId, stayId, holdId, transferId, ...waiting };
}

/** A place in line with an offer that is open. */
async function addOffer(
  town: Town,
  { facilityId, bedId, elderId }: { facilityId: number; bedId: number; elderId: number },
): Promise<Pick<BedSide, 'waiterId' | 'entryId' | 'offerId'>> {
  const [entryId, offerId] = [await town.ids.take(1), await town.ids.take(1)];
  await town.database.write(async (manager) => {
    await manager.insert(WaitlistLine, { facilityId, bedType: 'GENERAL' });
    await manager.insert(WaitlistEntry, {
      id: entryId,
      requestId: randomUUID(),
      contentHash: '',
      elderId,
      openElderId: elderId,
      facilityId,
      bedType: 'GENERAL',
      joinedOn: today,
      joinedAt: noon,
      joinedById: town.managerId,
    });
    await manager.insert(BedHold, {
      id: offerId,
      bedId,
      facilityId,
      elderId,
      fromDay: today,
      expiresAt: new Date(noon.getTime() + 86_400_000),
      expiresOn: '2026-03-11',
      heldAt: noon,
      heldById: town.managerId,
    });
    await manager.insert(BedOffer, {
      id: offerId,
      entryId,
      elderId,
      bedId,
      offeredAt: noon,
      offeredById: town.managerId,
    });
  });
  return { waiterId: elderId, entryId, offerId };
}

const day = `"${today}"`;
const uuid = () => `requestId: "${randomUUID()}"`;
const list = '"building,floor,room,bed,type\\nA,1,101,1,NURSING"';

/** How queries about beds are asked about a place. */
export const bedQueries: Record<string, (side: Side) => string> = {
  availableBeds: ({ facilityId }) => `(within: ${facilityId}, from: ${day})`,
  occupancy: ({ facilityId }) => `(within: ${facilityId}, from: ${day}, to: "2026-03-12")`,
  bedFigures: ({ facilityId }) => `(within: ${facilityId}, from: ${day}, to: "2026-03-12")`,
  freeBeds: ({ facilityId }) => `(within: ${facilityId})`,
  bedBoard: ({ facilityId }) => `(facilityId: ${facilityId})`,
  openTransfers: ({ facilityId }) => `(facilityId: ${facilityId})`,
  stayCharges: ({ stayId }) => `(stayId: ${stayId}, month: "2026-03")`,
  dischargeReasons: () => '',
  bedSubsidies: ({ facilityId }) => `(facilityId: ${facilityId})`,
  waitlist: ({ facilityId }) => `(facilityId: ${facilityId})`,
  countyWaitlist: ({ facilityId }) => `(within: ${facilityId})`,
  waitlistPositionOf: ({ waiterId }) => `(elderId: ${waiterId})`,
  waitlistRules: () => '',
  waitlistClasses: () => '',
  waitlistLines: ({ facilityId }) => `(facilityId: ${facilityId})`,
  admissionRules: ({ facilityId }) => `(facilityId: ${facilityId})`,
  explainPosition: ({ entryId }) => `(entryId: ${entryId})`,
};

/** Terms that any bed may be given on. */
export const ruleInput =
  '{ needsAssessment: true, levelMin: 0, levelMax: 2, contractBy: TRIAL_END, trialDays: 30, holdDaysMax: 7, homeLeaveDaysMax: 30, hospitalLeaveDaysMax: 60, homeLeavePercent: 50, hospitalLeavePercent: 50, entryDaysBackMax: 31 }';

/** What a funder may pay for any bed. */
export const subsidyInput =
  '{ per: MONTH, homeLeaveDaysMax: 5, hospitalDaysMax: 10, rates: [{ fen: 10000 }] }';
/** How beds may be offered, and who may come before whom. */
export const offersInput =
  '{ offerHours: 48, moveInDaysMax: 14, refusalsMax: 2, refusalDays: 365, closedDays: 365, silenceRefuses: false, passesOn: true }';
export const classesInput =
  '[{ rank: 1, category: DESTITUTE, atOnce: true, nameZh: "特困", nameEn: "Destitute" }, { rank: 2, atOnce: false, nameZh: "其他", nameEn: "Others" }]';

/** How mutations about beds are asked about a place. */
export const bedMutations: Record<string, (side: Side) => string> = {
  addRooms: ({ facilityId }) =>
    `(facilityId: ${facilityId}, rooms: [{ building: "B", floor: 1, room: "1", beds: [{ label: "1", type: GENERAL }] }])`,
  importBeds: ({ facilityId }) => `(facilityId: ${facilityId}, format: CSV, content: ${list}, dryRun: false)`,
  closeRooms: ({ roomId }) => `(roomIds: [${roomId}], on: ${day})`,
  closeBed: ({ freeBedId }) => `(bedId: ${freeBedId}, from: ${day}, reason: REPAIR)`,
  openBed: ({ freeBedId }) => `(bedId: ${freeBedId}, on: ${day})`,
  setBedFee: ({ facilityId }) => `(facilityId: ${facilityId}, type: GENERAL, from: ${day}, fenPerDay: 100)`,
  holdBed: ({ freeBedId, elderId }) =>
    `(${uuid()}, bedId: ${freeBedId}, elderId: ${elderId}, from: ${day}, expiresAt: "2026-03-11T12:00:00+08:00")`,
  releaseHold: ({ holdId }) => `(stayId: ${holdId})`,
  admit: ({ freeBedId, elderId }) => `(${uuid()}, bedId: ${freeBedId}, elderId: ${elderId}, from: ${day})`,
  cancelAdmission: ({ stayId }) => `(stayId: ${stayId})`,
  signContract: ({ stayId }) => `(stayId: ${stayId}, on: ${day})`,
  transferStay: ({ stayId, freeBedId }) => `(${uuid()}, stayId: ${stayId}, bedId: ${freeBedId}, on: ${day})`,
  askTransfer: ({ stayId, facilityId }) =>
    `(${uuid()}, stayId: ${stayId}, facilityId: ${facilityId}, on: ${day})`,
  acceptTransfer: ({ transferId, freeBedId }) =>
    `(${uuid()}, transferId: ${transferId}, bedId: ${freeBedId})`,
  declineTransfer: ({ transferId }) => `(transferId: ${transferId})`,
  withdrawTransfer: ({ transferId }) => `(transferId: ${transferId})`,
  startLeave: ({ stayId }) => `(stayId: ${stayId}, on: ${day})`,
  endLeave: ({ stayId }) => `(stayId: ${stayId}, on: ${day})`,
  discharge: ({ stayId }) => `(stayId: ${stayId}, on: ${day}, reason: "HOME")`,
  changeDischarge: ({ stayId }) => `(stayId: ${stayId}, on: ${day})`,
  setAdmissionRule: ({ facilityId }) =>
    `(facilityId: ${facilityId}, type: GENERAL, from: ${day}, rule: ${ruleInput})`,
  setBedSubsidy: ({ facilityId }) =>
    `(facilityId: ${facilityId}, funder: "BUREAU", from: ${day}, rule: ${subsidyInput})`,
  chargeStay: ({ stayId }) => `(stayId: ${stayId}, month: "2026-03")`,
  joinWaitlist: ({ elderId, facilityId }) =>
    `(${uuid()}, elderId: ${elderId}, facilityId: ${facilityId}, type: NURSING)`,
  offerBed: ({ freeBedId }) => `(bedId: ${freeBedId})`,
  setWaitlistRule: () => `(from: ${day}, rule: ${offersInput})`,
  setWaitlistClasses: () => `(from: ${day}, classes: ${classesInput})`,
  setOffersPassOn: ({ facilityId }) => `(facilityId: ${facilityId}, type: GENERAL, passesOn: true)`,
  setFreeBedsOffered: ({ facilityId }) => `(facilityId: ${facilityId}, type: GENERAL, offersFree: false)`,
  leaveWaitlist: ({ entryId }) => `(entryId: ${entryId})`,
  acceptOffer: ({ offerId }) => `(offerId: ${offerId}, from: ${day})`,
  declineOffer: ({ offerId }) => `(offerId: ${offerId}, reason: "far")`,
};
