import { afterAll, beforeAll, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { addFlag } from '../support/flags.js';
import { intakeOf, tap } from '../support/taps.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let canteenId: number;
let swipeId: string;
const tokens = { street: '', street2: '', canteen: '', elsewhere: '', auditor: '', admin: '' };

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTwoCounties(server.database);
  [canteenId] = town.canteenIds;
  tokens.street = await server.managerToken(town.streetId);
  tokens.street2 = await server.managerToken(town.streetId);
  tokens.canteen = await server.managerToken(canteenId);
  tokens.elsewhere = await server.managerToken(town.otherCountyId);
  tokens.auditor = (await server.account('AUDITOR', town.countyId)).token;
  tokens.admin = await server.adminToken();
  const request = tap(town, { cardUid: (await addDiner(town)).uid });
  await intakeOf(town).record(request);
  ({ swipeId } = request.command);
});
afterAll(() => server.close());

type Token = keyof typeof tokens;

async function ask<Data>(token: Token, query: string, language = 'en') {
  const { body } = await server.post<Data>(query, {}, tokens[token], { 'accept-language': language });
  return body;
}

const newFlag = (rule = 'DURING_STAY' as const) => addFlag(server.database, { canteenId, swipeId, rule });

interface Stepped {
  step: { state?: string; assigneeName?: string | null; code?: string; message?: string; field?: string[] };
}

/** The state that a step led to, or its refusal. */
async function step(token: Token, mutation: string): Promise<string> {
  const { data, errors } = await ask<Stepped>(
    token,
    `mutation { step: ${mutation} { ... on FraudFlag { state } ... on FraudFlagRefusal { code field } } }`,
  );
  if (errors) return String(errors[0]?.extensions.code);
  const { state, code, field } = data.step;
  return state ?? `${code} ${field?.join('.')}`;
}

it('is taken, taken over, decided once, and tells who did what', async () => {
  const id = await newFlag();
  const decide = (note = '核实') => `decideFraudFlag(id: ${id}, decision: CONFIRMED, note: "${note}")`;
  expect(await step('street', `releaseFraudFlag(id: ${id})`)).toBe('WRONG_STATE id');
  expect(await step('street', `takeFraudFlag(id: ${id})`)).toBe('IN_WORK');
  expect(await step('street', `takeFraudFlag(id: ${id})`)).toBe('IN_WORK');
  expect(await step('street2', decide())).toBe('IN_OTHER_HANDS id');
  expect(await step('street2', `takeFraudFlag(id: ${id})`)).toBe('IN_WORK');
  expect(await step('street', decide())).toBe('IN_OTHER_HANDS id');
  expect(await step('street2', decide(' '))).toBe('NOTE_INVALID note');
  expect(await step('street2', decide('长'.repeat(201)))).toBe('NOTE_INVALID note');
  expect(await step('street2', decide('a\\u0000b'))).toBe('NOTE_INVALID note');
  const results = await Promise.all([1, 2, 3].map(() => step('street2', decide())));
  expect(results.sort()).toEqual(['CONFIRMED', 'WRONG_STATE id', 'WRONG_STATE id']);
  const { data } = await ask<{ fraudFlag: object }>(
    'auditor',
    `{ fraudFlag(id: ${id}) { rule reason state assigneeName measured threshold elderName day canteen { id }
         swipes { swipeId elderName cardEnd outcome subsidyFen remedies } events { step toState note } } }`,
  );
  expect(data.fraudFlag).toMatchObject({
    rule: 'DURING_STAY',
    reason: '1 swipes while the elder lived in an institution or was on leave from it',
    state: 'CONFIRMED',
    assigneeName: null,
    elderName: '王**',
    day: today,
    canteen: { id: String(canteenId) },
    swipes: [{ swipeId, elderName: '王**', outcome: 'ACCEPTED', remedies: ['VOID_SWIPE', 'DISPUTE_LINE'] }],
  });
  expect((data.fraudFlag as { events: { step: string }[] }).events.map((event) => event.step)).toEqual([
    'FIND',
    'TAKE',
    'TAKE',
    'CONFIRM',
  ]);
});

it('is not decided on swipes that came after it was shown, which is said in both languages', async () => {
  const subject = 'reader:shown';
  const swipeIds = await newSwipes(3);
  const id = await addFlag(server.database, { canteenId, subject, swipeIds: swipeIds.slice(0, 1) });
  const shown = `{ fraudFlag(id: ${id}) { swipeCount swipes { swipeId } } }`;
  const { data: seen } = await ask<{ fraudFlag: { swipeCount: number } }>('street', shown);
  expect(seen.fraudFlag.swipeCount).toBe(1);
  await addFlag(server.database, { canteenId, subject, swipeIds });
  const decide = `decideFraudFlag(id: ${id}, decision: HARMLESS, note: "核实")`;
  expect(await step('street', decide)).toBe('EVIDENCE_CHANGED id');
  for (const [language, message] of [
    ['en', 'id: Swipes were added since: take it to see them, then decide'],
    ['zh', 'id: 此后又有新的刷卡记录，请先接手查看，再作决定'],
  ] as const) {
    const asked = `mutation { step: ${decide} { ... on FraudFlagRefusal { message } } }`;
    expect((await ask<Stepped>('street', asked, language)).data.step.message).toBe(message);
  }
  const take = `mutation { takeFraudFlag(id: ${id}) { ... on FraudFlag { state swipes { swipeId } events { step } } } }`;
  const { data: taken } = await ask<{ takeFraudFlag: object }>('street', take);
  expect(taken.takeFraudFlag).toMatchObject({
    state: 'IN_WORK',
    swipes: [{}, {}, {}],
    events: [{ step: 'FIND' }, { step: 'GROW' }, { step: 'TAKE' }],
  });
  expect(await step('street', decide)).toBe('HARMLESS');
});

async function newSwipes(count: number): Promise<number[]> {
  for (let each = 0; each < count; each += 1) {
    await intakeOf(town).record(tap(town, { cardUid: (await addDiner(town)).uid }));
  }
  const rows: { id: number | string }[] = await server.database.read((manager) =>
    manager.query('SELECT id FROM swipe ORDER BY id DESC LIMIT ?', [count]),
  );
  return rows.map((row) => Number(row.id));
}

it('does not exist for the canteen itself, for others, and for whoever asks for nonsense', async () => {
  const id = await newFlag();
  for (const token of ['canteen', 'elsewhere'] as const) {
    expect(await step(token, `takeFraudFlag(id: ${id})`)).toBe('FLAG_UNKNOWN id');
    const { data } = await ask<{ fraudFlag: unknown; fraudFlags: { nodes: unknown[] } }>(
      token,
      `{ fraudFlag(id: ${id}) { id } fraudFlags(within: ${canteenId}) { nodes { id } } }`,
    );
    expect(data).toEqual({ fraudFlag: null, fraudFlags: { nodes: [] } });
  }
  expect(await step('street', 'takeFraudFlag(id: "x")')).toBe('FLAG_UNKNOWN id');
  expect(await step('auditor', `takeFraudFlag(id: ${id})`)).toBe('FORBIDDEN');
});

it('is no word in the records of the canteen either, but in those of the place above it', async () => {
  const id = await newFlag();
  expect(await step('street', `takeFraudFlag(id: ${id})`)).toBe('IN_WORK');
  const recorded = async (facilityId: number) => {
    const { token } = await server.account('AUDITOR', facilityId);
    const query = '{ auditLog(operation: "takeFraudFlag") { nodes { subject facility { id } } } }';
    const { body } = await server.post<{ auditLog: { nodes: { subject: string }[] } }>(query, {}, token);
    return body.data.auditLog.nodes.filter(({ subject }) => subject === `flag:${id}`);
  };
  expect(await recorded(canteenId)).toEqual([]);
  expect(await recorded(town.streetId)).toEqual([
    { subject: `flag:${id}`, facility: { id: String(town.streetId) } },
  ]);
  expect(await step('street', `releaseFraudFlag(id: ${id})`)).toBe('OPEN');
});

it('lists page by page what nobody decided on, in as many statements for many as for few', async () => {
  for (let count = 0; count < 5; count += 1) await newFlag();
  const page = (first: number, after = '') =>
    `{ fraudFlags(within: ${canteenId}, first: ${first}${after}) { nodes { id state swipes { swipeId } events { step } canteen { id } } pageInfo { hasNextPage endCursor } } }`;
  interface Page {
    fraudFlags: { nodes: { id: string; state: string }[]; pageInfo: { endCursor: string } };
  }
  const { data: all } = await ask<Page>('street', page(200));
  expect(all.fraudFlags.nodes.every(({ state }) => state === 'OPEN')).toBe(true);
  const { data: first } = await ask<Page>('street', page(2));
  const { data: next } = await ask<Page>(
    'street',
    page(200, `, after: "${first.fraudFlags.pageInfo.endCursor}"`),
  );
  expect([...first.fraudFlags.nodes, ...next.fraudFlags.nodes]).toEqual(all.fraudFlags.nodes);
  const countOf = async (rows: number) =>
    (await statementsOf(server.database, () => ask('street', page(rows)))).statements.length;
  expect(await countOf(1)).toBe(await countOf(5));
  const { errors } = await ask('street', page(2, ', after: "rubbish"'));
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

it('speaks Chinese and English, and tells what it is held against', async () => {
  const id = await newFlag();
  const { data } = await ask<{ fraudFlag: { reason: string }; flagThresholds: object[] }>(
    'street',
    `{ fraudFlag(id: ${id}) { reason } flagThresholds { name value unit meaning fromDay } }`,
    'zh',
  );
  expect(data.fraudFlag.reason).toBe('老人入住机构（含住院请假）期间刷卡 1 次');
  expect(data.flagThresholds).toContainEqual({
    name: 'MANY_CARDS_SECONDS',
    value: 10,
    unit: 'SECONDS',
    meaning: '上述卡数须出现在此时间内',
    fromDay: '2000-01-01',
  });
  const set = (token: Token, more: string) =>
    ask<{ setFlagThreshold: object }>(
      token,
      `mutation { setFlagThreshold(name: SEATS_PERCENT, ${more}) { ... on FlagThreshold { value fromDay } ... on FlagThresholdRefusal { code message field } } }`,
    );
  expect((await set('admin', `value: 120, fromDay: "2026-04-01"`)).data.setFlagThreshold).toEqual({
    value: 120,
    fromDay: '2026-04-01',
  });
  expect((await set('admin', `value: 9, fromDay: "2026-04-01"`)).data.setFlagThreshold).toMatchObject({
    code: 'VALUE_OUT_OF_RANGE',
    message: 'value: must be 10 to 1000',
  });
  expect((await set('street', `value: 120, fromDay: "2026-04-01"`)).errors?.[0]?.extensions.code).toBe(
    'FORBIDDEN',
  );
  const early = await ask('street', '{ flagThresholds(on: "1999-12-31") { value } }');
  expect(early.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

it('a canteen says neither how many seats it has nor where it is; whoever stands above it does', async () => {
  const configure = (token: Token, room: string) =>
    ask<{ configureCanteen: object }>(
      token,
      `mutation { configureCanteen(input: { canteenId: ${canteenId}, priceFenMax: 3000, windows: []${room} }) {
         ... on CanteenSettings { seats seatings latitude longitude } ... on CanteenRefusal { code field } } }`,
    ).then(({ data }) => data.configureCanteen);
  expect(await configure('canteen', ', seats: 5000')).toEqual({
    code: 'ROOM_NOT_YOURS',
    field: ['input', 'seats'],
  });
  const room = { seats: 40, seatings: 2, latitude: 32.990833, longitude: 112.528333 };
  const said = ', seats: 40, seatings: 2, latitude: 32.990833, longitude: 112.528333';
  expect(await configure('street', said)).toEqual(room);
  expect(await configure('canteen', '')).toEqual(room);
  expect(await configure('street', ', seatings: null')).toEqual({ ...room, seatings: null });
  for (const [wrong, refusal] of [
    [', seats: 0', { code: 'SEATS_INVALID', field: ['input', 'seats'] }],
    [', seatings: 21', { code: 'SEATS_INVALID', field: ['input', 'seatings'] }],
    [', latitude: 33.0', { code: 'POSITION_INVALID', field: ['input', 'longitude'] }],
    [', latitude: 91.0, longitude: 0.0', { code: 'POSITION_INVALID', field: ['input', 'latitude'] }],
    [', latitude: 33.0, longitude: null', { code: 'POSITION_INVALID', field: ['input', 'longitude'] }],
  ] as const) {
    expect(await configure('street', wrong)).toEqual(refusal);
  }
});
