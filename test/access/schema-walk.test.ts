import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { Facility, FacilityPlacement } from '../../entities/index.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { resolvedEdges } from '../../schema/guard.js';
import { policy, rolesFor } from '../../src/access/policy.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { type FieldPath, pathsToEveryField } from '../support/schema-walk.js';
import { addPerson } from '../support/staff.js';
import { intakeOf, tap } from '../support/taps.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon, today, windows } from '../support/town.js';
import { buildTwoCounties, newIdNumber, newUid, type TwoCounties } from '../support/two-counties.js';

/** Something of each kind at one place, by which an operation can be asked about that place. */
interface Side {
  facilityId: number;
  facilityCode: string;
  elderId: number;
  cardUid: string;
  swipeId: string;
  readerId: number;
  /** Somebody who works there, and the grant. */
  accountId: number;
  grantId: number;
}

/** Every caller but an administrator holds its role in one county: the places in it, in the next, above, nowhere. */
const sideNames = ['inside', 'beside', 'above', 'nowhere'] as const;
type SideName = (typeof sideNames)[number];

let server: TestServer;
let town: TwoCounties;
let sides: Record<SideName, Side>;
let tokens: Map<Role, string>;
let paths: FieldPath[];
let schema: GraphQLSchema;

beforeAll(async () => {
  // The walk asks about one card far more often than anybody may.
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  town = await buildTwoCounties(server.database);
  sides = {
    inside: await buildSide(town.streetId, '411302001001'),
    beside: await buildSide(town.otherCountyId, '411303001001'),
    above: await buildSide(town.cityId, '411302001001'),
    nowhere: {
      facilityId: 999_999,
      facilityCode: 'NOWHERE',
      elderId: 999_999,
      cardUid: '04FFFFFFFF',
      swipeId: randomUUID(),
      readerId: 999_999,
      accountId: 999_999,
      grantId: 999_999,
    },
  };
  tokens = new Map();
  for (const role of roles) {
    const place = { ADMIN: null, FAMILY: null, READER: sides.inside.facilityId }[role as string];
    const elderId = role === 'FAMILY' ? sides.inside.elderId : undefined;
    const { token } = await server.account(role, place === undefined ? town.countyId : place, role, elderId);
    tokens.set(role, token);
  }
  schema = await buildYinlingSchema();
  paths = pathsToEveryField(schema);
});
afterAll(() => server.close());

/** A canteen beneath a facility with an elder registered there, who has had lunch there. */
async function buildSide(parentId: number, divisionCode: string): Promise<Side> {
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
  return { facilityId, facilityCode, elderId, cardUid: uid, swipeId, readerId, accountId, grantId };
}

const day = `"${today}"`;
const instant = '"2026-03-10T12:00:00+08:00"';
const requestId = () => `requestId: "${randomUUID()}"`;

/** How each query is asked about a place. A query that is not here fails the walk. */
const queryArguments: Record<string, (side: Side) => string> = {
  viewer: () => '',
  facility: ({ facilityId }) => `(id: ${facilityId})`,
  facilities: ({ facilityId }) => `(within: ${facilityId})`,
  elder: ({ elderId }) => `(id: ${elderId})`,
  elders: ({ facilityId }) => `(within: ${facilityId})`,
  previewSwipe: ({ cardUid }) => `(cardUid: "${cardUid}", grossFen: 400)`,
  swipe: ({ swipeId }) => `(swipeId: "${swipeId}")`,
  canteenDay: ({ facilityId }) => `(canteenId: ${facilityId}, date: ${day})`,
  canteenStatement: ({ facilityId }) => `(canteenId: ${facilityId}, month: "2026-03")`,
  statements: ({ facilityId }) => `(within: ${facilityId}, month: "2026-03")`,
  statementLines: ({ facilityId }) => `(canteenId: ${facilityId}, month: "2026-03")`,
  services: ({ facilityId }) => `(within: ${facilityId})`,
  visitSlots: ({ elderId }) => `(elderId: ${elderId}, serviceCode: "B", from: ${instant}, to: ${instant})`,
  visit: () => '(id: 1)',
  visitsOn: ({ facilityId }) => `(date: ${day}, stationId: ${facilityId})`,
  availableBeds: ({ facilityId }) => `(within: ${facilityId}, from: ${day})`,
  occupancy: ({ facilityId }) => `(within: ${facilityId}, from: ${day}, to: ${day})`,
  waitlist: ({ facilityId }) => `(facilityId: ${facilityId})`,
  staffAccounts: ({ facilityId }) => `(within: ${facilityId})`,
  exportElder: ({ elderId }) => `(elderId: ${elderId})`,
  readers: ({ facilityId }) => `(within: ${facilityId})`,
  auditLog: ({ facilityId }) => `(place: ${facilityId})`,
};

/** How each mutation is asked about a place. A mutation that is not here fails the walk. */
const mutationArguments: Record<string, (side: Side) => string> = {
  addFacility: ({ facilityId }) =>
    `(input: { code: "NEW-${facilityId}", name: "New", kind: NEIGHBOR_POINT, divisionCode: "411302001001", parentId: ${facilityId} })`,
  renameFacility: ({ facilityId }) => `(id: ${facilityId}, name: "Renamed")`,
  moveFacility: ({ facilityId }) => `(id: ${facilityId}, parentId: ${facilityId}, on: ${day})`,
  closeFacility: ({ facilityId }) => `(id: ${facilityId}, on: ${day})`,
  configureCanteen: ({ facilityId }) =>
    `(input: { canteenId: ${facilityId}, priceFenMax: 2000, windows: [] })`,
  registerElder: ({ facilityId }) =>
    `(input: { name: "王小明", idNumber: "${newIdNumber()}", categories: [], homeStationId: ${facilityId} })`,
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
  resetPassword: ({ accountId }) => `(accountId: ${accountId}, newPassword: "correct horse 9")`,
  eraseElder: ({ elderId }) => `(elderId: ${elderId})`,
  issueCard: ({ elderId }) => `(elderId: ${elderId}, uid: "${newUid()}")`,
  topUpCard: ({ cardUid }) => `(${requestId()}, cardUid: "${cardUid}", fen: 100)`,
  reportCardLost: ({ cardUid }) => `(cardUid: "${cardUid}")`,
  replaceCard: ({ cardUid }) => `(${requestId()}, cardUid: "${cardUid}", newCardUid: "${newUid()}")`,
  recordSwipe: ({ cardUid }) => `(input: ${swipeInput(cardUid)})`,
  recordSwipes: ({ cardUid }) => `(inputs: [${swipeInput(cardUid)}])`,
  voidSwipe: ({ swipeId }) => `(swipeId: "${swipeId}", reason: "mistake")`,
  ...statementSteps(),
  disputeLine: ({ facilityId }) =>
    `(canteenId: ${facilityId}, month: "2026-02", lineId: "1", reason: "doubt")`,
  answerDispute: () => '(disputeId: "1", answer: "photo")',
  decideDispute: () => '(disputeId: "1", decision: UPHELD, reason: "photo")',
  bookVisit: ({ elderId }) =>
    `(input: { ${requestId()}, elderId: ${elderId}, serviceCode: "B", startsAt: ${instant} })`,
  rescheduleVisit: () => `(visitId: 1, startsAt: ${instant})`,
  cancelVisit: () => '(visitId: 1, reason: "ill")',
  assignVisit: () => '(visitId: 1, caregiverId: 1)',
  checkIn: () => `(visitId: 1, at: ${instant}, latitude: 33.0, longitude: 112.5)`,
  checkOut: () => `(visitId: 1, at: ${instant}, latitude: 33.0, longitude: 112.5)`,
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
  enrolReader: ({ facilityId }) => `(canteenId: ${facilityId}, name: "SN")`,
  rotateReader: ({ readerId }) => `(readerId: ${readerId})`,
  revokeReader: ({ readerId }) => `(readerId: ${readerId})`,
  setClock: () => `(at: ${instant}, rate: 0)`,
};

/** The steps of a statement are all asked alike; those that want a note get one. */
function statementSteps(): Record<string, (side: Side) => string> {
  const of = (note: string) => (side: Side) => `(canteenId: ${side.facilityId}, month: "2026-02"${note})`;
  const plain = ['submitStatement', 'reviewStatement', 'signStatement', 'freezeStatement'];
  const noted = ['returnStatement', 'sendBackStatement', 'payStatement'];
  return Object.fromEntries([
    ...plain.map((name) => [name, of('')]),
    ...noted.map((name) => [name, of(', note: "P-1"')]),
  ]);
}

function swipeInput(cardUid: string): string {
  return `{ swipeId: "${randomUUID()}", sequence: 1, cardUid: "${cardUid}", swipedAt: ${instant}, grossFen: 400 }`;
}

/** The directory of places is open to every caller; so is what a card answers at any canteen. */
const openEverywhere = new Set(['viewer', 'facility', 'facilities', 'previewSwipe']);

/** Edges of the open directory that are closed outside a caller's places, and then say so. */
const closedEdges = /^(Facility\.(rollup|beds)|NetworkRollup\.|BedCount\.|KindCount\.|Bed)/;

function mayTake({ steps }: FieldPath, role: Role): boolean {
  return steps.every((step, index) => {
    const rule = policy[step];
    if (index > 0 && rule === undefined) return true;
    return typeof rule === 'string' || rolesFor(step).includes(role);
  });
}

interface Answered {
  data: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code?: string; requestId?: string } }[];
}

async function ask(query: string, role: Role): Promise<Answered> {
  const { body } = await server.post(query, {}, tokens.get(role));
  return body as Answered;
}

function queryOf({ steps, query }: FieldPath, side: Side): string {
  const [operation = ''] = steps;
  const arguments_ = queryArguments[operation];
  if (!arguments_)
    throw new Error(`${operation} is new: say in queryArguments how it is asked about a place`);
  return query.replace('ARGUMENTS', arguments_(side));
}

/** What an answer tells, without the ids that the question itself brought and those of the request. */
function told({ data, errors }: Answered, side: Side): string {
  const codes = (errors ?? []).map(({ message, extensions }) => [message, extensions.code]);
  let text = JSON.stringify([data, codes]);
  const { facilityId, elderId, cardUid, swipeId, readerId, accountId, grantId } = side;
  for (const value of [facilityId, elderId, cardUid, swipeId, readerId, accountId, grantId]) {
    text = text.replaceAll(new RegExp(`\\b${value}\\b`, 'gi'), '#');
  }
  return text;
}

/** True when the answer holds the last field of a path, whatever its value. */
function reaches(data: unknown, steps: readonly string[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  if (Array.isArray(data)) return data.some((each) => reaches(each, steps));
  if (typeof data !== 'object' || data === null) return false;
  const name = step.split('.').at(-1) ?? step;
  return name in data && reaches((data as Record<string, unknown>)[name], rest);
}

const codesOf = ({ errors }: Answered) => (errors ?? []).map(({ extensions }) => extensions.code);

it('every field that has a resolver of its own is on a path that is walked', () => {
  const walked = new Set(paths.map(({ steps }) => steps.at(-1)));
  const unreached = resolvedEdges()
    .map(({ typeName, fieldName }) => `${typeName}.${fieldName}`)
    .filter((edge) => !walked.has(edge));
  expect(unreached).toEqual([]);
  expect(paths.length).toBeGreaterThan(150);
});

describe.each(roles)('%s', (role) => {
  it('is refused every field that the policy does not open to it, wherever it asks', async () => {
    for (const path of paths.filter((each) => !mayTake(each, role))) {
      for (const name of sideNames) {
        const answered = await ask(queryOf(path, sides[name]), role);
        const where = `${path.steps.join(' ')} ${name}`;
        const codes = codesOf(answered);
        expect(
          codes.filter((code) => code !== 'FORBIDDEN' && code !== 'NOT_IN_SERVICE'),
          where,
        ).toEqual([]);
        // A path that ends early, at something that is not there, never comes to the closed field.
        if (codes.length === 0) expect(reaches(answered.data, path.steps), where).toBe(false);
      }
    }
  });

  it('is answered inside its places, where the policy opens a field', async () => {
    for (const path of paths.filter((each) => mayTake(each, role))) {
      const answered = await ask(queryOf(path, sides.inside), role);
      const codes = codesOf(answered).filter((code) => code !== 'NOT_IN_SERVICE');
      expect(codes, path.steps.join(' ')).toEqual([]);
    }
  });

  it('learns nothing beside and above its places: the answer is that of a thing that does not exist', async () => {
    if (role === 'ADMIN') return;
    for (const path of paths.filter((each) => mayTake(each, role))) {
      const isOpen = openEverywhere.has(path.steps[0] ?? '');
      const closed = path.steps.find((step) => closedEdges.test(step));
      if (isOpen && !closed) continue;
      const nowhere = told(await ask(queryOf(path, sides.nowhere), role), sides.nowhere);
      for (const name of ['beside', 'above'] as const) {
        const answered = await ask(queryOf(path, sides[name]), role);
        const where = `${path.steps.join(' ')} ${name}`;
        if (isOpen) expect(codesOf(answered), where).toEqual(['FORBIDDEN']);
        else expect(told(answered, sides[name]), where).toBe(nowhere);
      }
    }
  });

  it('changes nothing beside and above its places, and learns nothing by trying', async () => {
    const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
    const before = await rowCounts();
    for (const { name: operation, type } of fields) {
      const arguments_ = mutationArguments[operation];
      if (!arguments_)
        throw new Error(`${operation} is new: say in mutationArguments how it is asked about a place`);
      const selection = String(type).match(/^(Boolean|DateTime|String|Int)/) ? '' : answerOf(operation);
      // What everybody may ask is about the caller alone, and about no place.
      if (typeof policy[operation] === 'string') continue;
      const mayAsk = rolesFor(operation).includes(role);
      if (mayAsk && (role === 'ADMIN' || operation === 'setClock' || operation.startsWith('recordSwipe')))
        continue;
      const asked = async (side: Side) =>
        ask(`mutation { ${operation}${arguments_(side)} ${selection} }`, role);
      const nowhere = told(await asked(sides.nowhere), sides.nowhere);
      for (const name of ['beside', 'above', ...(mayAsk ? [] : (['inside'] as const))] as const) {
        const answered = await asked(sides[name]);
        const where = `${operation} ${name}`;
        if (!mayAsk) expect(codesOf(answered), where).toEqual(['FORBIDDEN']);
        expect(told(answered, sides[name]), where).toBe(nowhere);
      }
    }
    expect(await rowCounts()).toEqual(before);
  });
});

/** Which member of a union came, and what a refusal says. */
function answerOf(operation: string): string {
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

async function rowCounts(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    'facility',
    'facility_placement',
    'elder',
    'meal_card',
    'top_up',
    'swipe',
    'ledger_posting',
    'month_statement',
    'statement_event',
    'statement_dispute',
    'account',
    'access_grant',
    'access_token',
  ]) {
    const rows: { count: number | string }[] = await server.database.read((manager) =>
      manager.query(`SELECT COUNT(*) AS count FROM ${table}`),
    );
    counts[table] = Number(rows[0]?.count);
  }
  return counts;
}
