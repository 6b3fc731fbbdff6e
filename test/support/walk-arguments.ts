import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { expect } from 'vitest';
import { Facility, FacilityPlacement } from '../../entities/index.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { addBedSide, type BedSide, bedMutations, bedQueries, noBedSide } from './bed-walk.js';
import { careMutations, careQueries, describeSide } from './care-walk.js';
import { addDelivery, deliveryMutations, deliveryQueries } from './delivery-walk.js';
import { letIn } from './families.js';
import { addFlag, flagMutations, flagQueries } from './flags.js';
import { type HoursSide, hoursMutations, hoursQueries, hoursSide } from './hours-walk.js';
import { indicators } from './indicators.js';
import { nothing } from './nothing.js';
import { addPlan, planMutations, planQueries } from './plan-walk.js';
import { dinner, proposedRules } from './rule-documents.js';
import type { FieldPath } from './schema-walk.js';
import { addPerson } from './staff.js';
import { statementSteps } from './statement-walk.js';
import { intakeOf, tap } from './taps.js';
import type { TestServer } from './test-server.js';
import { addDiner, noon, today, windows } from './town.js';
import { newIdNumber, newUid, type TwoCounties } from './two-counties.js';
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

const day = `"${today}"`;
const allScores = indicators
  .filter(([, group]) => group !== null)
  .map(([code]) => `{ code: "${code}", score: 1 }`)
  .join(', ');
const documentText = JSON.stringify(JSON.stringify(dinner()));
const instant = '"2026-03-10T12:00:00+08:00"';
const future = `"${new Date(Date.now() + 86_400_000).toISOString()}"`;
const requestId = () => `requestId: "${randomUUID()}"`;

/** How each query is asked about a place. A query that is not here fails the walk. */
export const queryArguments: Record<string, (side: Side) => string> = {
  viewer: () => '',
  facility: ({ facilityId }) => `(id: ${facilityId})`,
  facilities: ({ facilityId }) => `(within: ${facilityId})`,
  elder: ({ elderId }) => `(id: ${elderId})`,
  elders: ({ facilityId }) => `(within: ${facilityId})`,
  previewSwipe: ({ cardUid }) => `(cardUid: "${cardUid}", grossFen: 400)`,
  readerSnapshot: ({ facilityId }) => `(canteenId: ${facilityId})`,
  readerSnapshotKeys: () => '',
  swipe: ({ swipeId }) => `(swipeId: "${swipeId}")`,
  sequenceGaps: ({ readerId }) => `(readerId: ${readerId})`,
  trialBalance: ({ facilityId }) => `(within: ${facilityId}, from: ${day}, to: "2026-04-01", by: CANTEEN)`,
  accountStatement: ({ elderId }) => `(elderId: ${elderId}, month: "2026-03")`,
  ...flagQueries,
  openReviews: ({ facilityId }) => `(within: ${facilityId})`,
  swipeReview: ({ swipeId }) => `(swipeId: "${swipeId}")`,
  canteenDay: ({ facilityId }) => `(canteenId: ${facilityId}, date: ${day})`,
  canteenStatement: ({ facilityId }) => `(canteenId: ${facilityId}, month: "2026-03")`,
  statements: ({ facilityId }) => `(within: ${facilityId}, month: "2026-03")`,
  statementLines: ({ facilityId }) => `(canteenId: ${facilityId}, month: "2026-03")`,
  services: ({ facilityId }) => `(within: ${facilityId})`,
  visitSlots: ({ elderId }) => `(elderId: ${elderId}, serviceCode: "B", from: ${instant}, to: ${instant})`,
  previewVisit: ({ elderId }) =>
    `(input: { ${requestId()}, elderId: ${elderId}, serviceCode: "B", startsAt: ${instant} })`,
  visitsAtStays: ({ facilityId }) => `(within: ${facilityId})`,
  visitsDue: ({ facilityId }) => `(within: ${facilityId})`,
  visit: ({ visitId }) => `(id: ${visitId})`,
  visitsOn: ({ facilityId }) => `(date: ${day}, stationId: ${facilityId})`,
  ...bedQueries,
  assessmentScale: () => '',
  assessmentsOf: ({ elderId }) => `(elderId: ${elderId})`,
  assessmentsDue: ({ facilityId }) => `(within: ${facilityId})`,
  staffAccounts: ({ facilityId }) => `(within: ${facilityId})`,
  exportElder: ({ elderId }) => `(elderId: ${elderId})`,
  consentText: () => '',
  readers: ({ facilityId }) => `(within: ${facilityId})`,
  auditLog: ({ facilityId }) => `(place: ${facilityId})`,
  subsidyRuleSets: ({ facilityId }) => `(facilityId: ${facilityId})`,
  explainSubsidy: ({ elderId, facilityId }) =>
    `(elderId: ${elderId}, canteenId: ${facilityId}, grossFen: 1200, at: ${instant})`,
  ...deliveryQueries,
  ...hoursQueries,
  ...careQueries,
  ...planQueries,
  previewRuleChange: ({ ruleSetId }) => `(id: ${ruleSetId}, fromDay: "2026-03-01", toDay: "2026-04-01")`,
};

/** How each mutation is asked about a place. A mutation that is not here fails the walk. */
export const mutationArguments: Record<string, (side: Side) => string> = {
  addFacility: ({ facilityId }) =>
    `(input: { code: "NEW-${facilityId}", name: "New", kind: NEIGHBOR_POINT, divisionCode: "411302001001", parentId: ${facilityId} })`,
  renameFacility: ({ facilityId }) => `(id: ${facilityId}, name: "Renamed")`,
  moveFacility: ({ facilityId }) => `(id: ${facilityId}, parentId: ${facilityId}, on: ${day})`,
  closeFacility: ({ facilityId }) => `(id: ${facilityId}, on: ${day})`,
  configureCanteen: ({ facilityId }) =>
    `(input: { canteenId: ${facilityId}, priceFenMax: 2000, windows: [] })`,
  registerElder: ({ facilityId }) =>
    `(input: { name: "王小明", idNumber: "${newIdNumber()}", categories: [], homeStationId: ${facilityId} })`,
  changeElder: ({ elderId }) => `(input: { elderId: ${elderId}, categories: [LEFT_BEHIND] })`,
  reopenElder: ({ elderId }) => `(elderId: ${elderId})`,
  endElder: ({ elderId }) => `(elderId: ${elderId}, status: DECEASED, on: ${day})`,
  signIn: () => '(userName: "nobody", password: "nothing at all")',
  refreshSession: () => '(refreshToken: "x")',
  signOut: () => '',
  signOutEverywhere: () => '',
  changePassword: () => '(currentPassword: "nothing at all", newPassword: "nothing at all 2")',
  startTotp: () => '(password: "nothing at all")',
  confirmTotp: () => '(code: "123456")',
  openAccount: ({ facilityId }) =>
    `(input: { name: "New", userName: "n${randomUUID().slice(0, 8)}", password: "correct horse 9", role: STAFF, facilityId: ${facilityId} })`,
  grantRole: ({ facilityId, accountId }) =>
    `(accountId: ${accountId}, role: STAFF, facilityId: ${facilityId})`,
  withdrawGrant: ({ grantId }) => `(grantId: ${grantId})`,
  requestSignInCode: () => '(phone: "13900000000")',
  signInByCode: () => '(phone: "13900000000", code: "123456")',
  letRelativeIn: ({ elderId }) =>
    `(input: { elderId: ${elderId}, phone: "13900000000", name: "New", rights: [], until: ${future}, how: ONLINE, consentVersion: "2026-1" })`,
  changeRelativeRights: ({ relativeId }) =>
    `(grantId: ${relativeId}, rights: [], until: ${future}, how: ONLINE, consentVersion: "2026-1")`,
  withdrawRelative: ({ relativeId }) => `(grantId: ${relativeId}, how: ONLINE)`,
  resetPassword: ({ accountId }) => `(accountId: ${accountId}, newPassword: "correct horse 9")`,
  eraseElder: ({ elderId }) => `(elderId: ${elderId})`,
  issueCard: ({ elderId }) => `(elderId: ${elderId}, uid: "${newUid()}")`,
  topUpCard: ({ cardUid }) => `(${requestId()}, cardUid: "${cardUid}", fen: 100)`,
  reportCardLost: ({ cardUid }) => `(cardUid: "${cardUid}")`,
  replaceCard: ({ cardUid }) => `(${requestId()}, cardUid: "${cardUid}", newCardUid: "${newUid()}")`,
  recordSwipe: ({ cardUid }) => `(input: ${swipeInput(cardUid)})`,
  recordSwipes: ({ cardUid }) => `(inputs: [${swipeInput(cardUid)}])`,
  explainGap: ({ readerId }) => `(readerId: ${readerId}, fromSequence: 1, toSequence: 2, reason: "lost")`,
  refundCard: ({ cardUid }) => `(${requestId()}, cardUid: "${cardUid}", fen: 100)`,
  closeMealAccount: ({ elderId }) => `(${requestId()}, elderId: ${elderId})`,
  decideReview: ({ swipeId }) => `(${requestId()}, swipeId: "${swipeId}", bornBy: CANTEEN, note: "seen")`,
  correctSwipe: ({ swipeId }) => `(swipeId: "${swipeId}", reason: "mistake")`,
  voidSwipe: ({ swipeId }) => `(swipeId: "${swipeId}", reason: "mistake")`,
  ...flagMutations,
  ...statementSteps(),
  ...deliveryMutations,
  ...hoursMutations,
  ...careMutations,
  ...planMutations,
  disputeLine: ({ facilityId }) =>
    `(canteenId: ${facilityId}, month: "2026-02", lineId: "1", reason: "doubt")`,
  answerDispute: () => '(disputeId: "1", answer: "photo")',
  decideDispute: () => '(disputeId: "1", decision: UPHELD, reason: "photo")',
  bookVisit: ({ elderId }) =>
    `(input: { ${requestId()}, elderId: ${elderId}, serviceCode: "B", startsAt: ${instant} })`,
  rescheduleVisit: ({ visitId }) => `(visitId: ${visitId}, startsAt: ${instant})`,
  cancelVisit: ({ visitId }) => `(visitId: ${visitId}, reason: "ill")`,
  assignVisit: ({ visitId }) => `(visitId: ${visitId}, caregiverId: 1)`,
  holdBed: ({ elderId }) =>
    `(${requestId()}, bedId: 1, elderId: ${elderId}, from: ${day}, expiresAt: ${instant})`,
  admit: ({ elderId }) => `(${requestId()}, bedId: 1, elderId: ${elderId}, from: ${day})`,
  transferStay: () => `(${requestId()}, stayId: 1, bedId: 2, on: ${day})`,
  startLeave: () => `(stayId: 1, on: ${day})`,
  endLeave: () => `(stayId: 1, on: ${day})`,
  discharge: () => `(stayId: 1, on: ${day}, reason: "home")`,
  joinWaitlist: ({ elderId, facilityId }) =>
    `(${requestId()}, elderId: ${elderId}, facilityId: ${facilityId}, type: NURSING)`,
  offerBed: () => '(bedId: 1)',
  acceptOffer: () => `(offerId: 1, from: ${day})`,
  declineOffer: () => '(offerId: 1, reason: "far")',
  checkIn: ({ visitId }) => `(visitId: ${visitId}, at: ${instant}, latitude: 33.0, longitude: 112.5)`,
  checkOut: ({ visitId }) => `(visitId: ${visitId}, at: ${instant}, latitude: 33.0, longitude: 112.5)`,
  ...bedMutations,
  recordAssessment: ({ elderId }) =>
    `(${requestId()}, elderId: ${elderId}, assessedOn: ${day}, scores: [${allScores}])`,
  reportChangeOfState: ({ elderId }) => `(elderId: ${elderId}, on: ${day}, kind: ILLNESS)`,
  enrolReader: ({ facilityId }) => `(canteenId: ${facilityId}, name: "SN")`,
  rotateReader: ({ readerId }) => `(readerId: ${readerId})`,
  revokeReader: ({ readerId }) => `(readerId: ${readerId})`,
  setClock: () => `(at: ${instant}, rate: 0)`,
  proposeRuleSet: ({ facilityId }) =>
    `(input: { code: "WALK-${facilityId}", facilityId: ${facilityId}, fromDay: "2026-05-01", document: ${documentText} })`,
  approveRuleSet: ({ ruleSetId }) => `(id: ${ruleSetId})`,
  rejectRuleSet: ({ ruleSetId }) => `(id: ${ruleSetId}, note: "no")`,
  withdrawRuleSet: ({ ruleSetId }) => `(id: ${ruleSetId})`,
};

function swipeInput(cardUid: string): string {
  return `{ swipeId: "${randomUUID()}", sequence: 1, cardUid: "${cardUid}", swipedAt: ${instant}, grossFen: 400 }`;
}
export interface Answered {
  data: Record<string, unknown> | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code?: string; requestId?: string };
  }[];
}
export function queryOf({ steps, query }: Pick<FieldPath, 'steps' | 'query'>, side: Side): string {
  const [operation = ''] = steps;
  const arguments_ = queryArguments[operation];
  if (!arguments_)
    throw new Error(`${operation} is new: say in queryArguments how it is asked about a place`);
  return query.replace('ARGUMENTS', arguments_(side));
}
/** What an answer tells, without the ids that the question itself brought and those of the request. */
export function told({ data, errors }: Answered, side: Side): string {
  const codes = (errors ?? []).map(({ message, extensions }) => [message, extensions.code]);
  let text = JSON.stringify([data, codes]);
  const { facilityCode: _code, ...ids } = side;
  for (const value of Object.values(ids)) {
    text = text.replaceAll(new RegExp(`(?<!-)\\b${value}\\b(?!-)`, 'gi'), '#');
  }
  return text;
}

/** True when the answer holds the last field of a path, whatever its value. */
export function reaches(data: unknown, steps: readonly string[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  if (Array.isArray(data)) return data.some((each) => reaches(each, steps));
  if (typeof data !== 'object' || data === null) return false;
  const name = step.split('.').at(-1) ?? step;
  return name in data && reaches((data as Record<string, unknown>)[name], rest);
}
/** Which member of a union came, and what a refusal says. */
export function answerOf(schema: GraphQLSchema, operation: string): string {
  const type = schema.getMutationType()?.getFields()[operation]?.type;
  const named = String(type).replace(/[[\]!]/g, '');
  const possible = schema.getType(named);
  const members = possible && 'getTypes' in possible ? possible.getTypes() : [];
  const refusals = members.filter(({ name }) => name.endsWith('Refusal'));
  const said = refusals.map(({ name }) =>
    `... on ${name} { message field }`.replace(/^\.\.\. on VoidRefusal.*/, '... on VoidRefusal { message }'),
  );
  return `{ __typename ${said.join(' ')} }`;
}
