import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { bedMutations, bedQueries } from './bed-walk.js';
import { careMutations, careQueries } from './care-walk.js';
import { deliveryMutations, deliveryQueries } from './delivery-walk.js';
import { flagMutations, flagQueries } from './flags.js';
import { hoursMutations, hoursQueries } from './hours-walk.js';
import { indicators } from './indicators.js';
import { planMutations, planQueries } from './plan-walk.js';
import { dinner } from './rule-documents.js';
import type { FieldPath } from './schema-walk.js';
import { statementSteps } from './statement-walk.js';
import { today } from './town.js';
import { newIdNumber, newUid } from './two-counties.js';
import type { Side } from './walk-sides.js';

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
  cityCategories: () => '',
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
  correctIdNumber: ({ elderId }) => `(elderId: ${elderId}, idNumber: "${newIdNumber()}")`,
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

export function queryOf({ steps, query }: Pick<FieldPath, 'steps' | 'query'>, side: Side): string {
  const [operation = ''] = steps;
  const arguments_ = queryArguments[operation];
  if (!arguments_)
    throw new Error(`${operation} is new: say in queryArguments how it is asked about a place`);
  return query.replace('ARGUMENTS', arguments_(side));
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
