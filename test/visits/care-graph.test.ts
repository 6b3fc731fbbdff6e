import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  careRows,
  carerOf,
  expectCareClean,
  later,
  newVisit,
  tapOf,
  tapped,
} from '../support/care.js';
import { statementsOf } from '../support/count-statements.js';
import { looksIn } from '../support/looks.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon, today } from '../support/town.js';
import { addCaregiver, addDoor } from '../support/visits.js';

let open: TestDatabase;
let server: TestServer;
let town: CareTown;
let own: Carer & { token: string };
let colleague: Carer & { token: string };
let manager: string;
let stranger: string;

beforeAll(async () => {
  open = await openTestDatabase();
  server = await startTestServer({
    on: open,
    at: noon,
    settings: { objectRatePerMinute: 0, callerRatePerSecond: 0 },
  });
  town = await buildCareTown(open.database);
  own = await carerWithToken();
  colleague = await carerWithToken();
  manager = await server.managerToken(town.stationId);
  stranger = await server.managerToken(town.otherCountyId);
});
afterAll(async () => {
  await expectCareClean(open);
  await server.close();
  await open.drop();
});

async function carerWithToken() {
  const { token, accountId } = await server.account('CAREGIVER', town.stationId);
  const caregiverId = await addCaregiver(open.database, { stationId: town.stationId, accountId });
  return { ...carerOf(town, { caregiverId, accountId }), token };
}

async function relative(elderId: number, rights: string): Promise<string> {
  const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
  await open.database.write((writer) =>
    writer.query('UPDATE access_grant SET familyRights = ? WHERE accountId = ?', [rights, accountId]),
  );
  return token;
}

/** What the one operation of a query answered, or the codes of its errors. */
async function ask<Answer = Record<string, unknown>>(query: string, token: string): Promise<Answer> {
  const { body } = await server.post<Record<string, Answer>>(query, {}, token);
  if (body.errors) return body.errors.map(({ extensions }) => String(extensions.code)).join() as Answer;
  return Object.values(body.data)[0] as Answer;
}

/** A visit that its caregiver has begun, and ended where it is said. */
async function begun({ isDone = false, carer = own as Carer, metres = 0 } = {}) {
  const visit = await newVisit(town, [carer], { from: later(-60).toISOString() });
  const away = metres === 0 ? {} : { latitude: 33 + metres / 111_195 };
  await tapped(town, carer, tapOf(visit.visitId, { at: later(-60), isOffline: true, ...away }), noon);
  if (isDone) {
    const out = tapOf(visit.visitId, { kind: 'OUT', at: later(-1), isOffline: true, ...away });
    await tapped(town, carer, out, noon);
  }
  return visit;
}

const refusal = '... on CareRefusal { refused: code field }';

describe('checkIn and checkOut', () => {
  const visitRefusal = '... on VisitRefusal { refused: code field message alternatives { startsAt } }';
  const check = (name: string, id: number, more = '') =>
    `mutation { ${name}(visitId: ${id}, at: "2026-03-10T12:00:00+08:00", latitude: 33.0, longitude: 112.5${more}) { ... on Visit { status checkedInAt checkedOutAt } ${visitRefusal} } }`;

  it('by the caregiver of the visit begin it and end it', async () => {
    const { visitId } = await newVisit(town, [own]);
    expect(await ask(check('checkIn', visitId), colleague.token)).toMatchObject({
      refused: 'VISIT_UNKNOWN',
      field: ['visitId'],
      alternatives: [],
    });
    expect(await ask(check('checkIn', visitId), manager)).toBe('FORBIDDEN');
    expect(await ask(check('checkOut', visitId), own.token)).toMatchObject({ refused: 'WRONG_STATUS' });
    expect(await ask(check('checkIn', visitId), own.token)).toEqual({
      status: 'IN_PROGRESS',
      checkedInAt: '2026-03-10T04:00:00.000Z',
      checkedOutAt: null,
    });
    const id = randomUUID();
    const out = check('checkOut', visitId, `, requestId: "${id}", offline: false`);
    const done = await ask(out, own.token);
    expect(done).toMatchObject({ status: 'COMPLETED', checkedOutAt: '2026-03-10T04:00:00.000Z' });
    expect(await ask(out, own.token)).toEqual(done);
  });

  it('answer each tap of an upload, in its language', async () => {
    const { visitId } = await newVisit(town, [own]);
    const tap = (kind: string, more = '') =>
      `{ requestId: "${randomUUID()}", visitId: ${visitId}, kind: ${kind}, at: "2026-03-10T11:45:00+08:00"${more} }`;
    const query = `mutation { recordVisitChecks(input: [${tap('OUT')}, ${tap('IN', ', latitude: 33.0, longitude: 112.5, accuracyMetres: 12.5')}, ${tap('IN', ', latitude: 99.0, longitude: 0')}]) { outcome replayed refusal { code field message } visit { status } } }`;
    const completed = { status: 'COMPLETED' };
    const recorded = { outcome: 'RECORDED', replayed: false, refusal: null, visit: completed };
    const refused = {
      code: 'POSITION_INVALID',
      field: ['latitude'],
      message: expect.stringMatching(/^latitude: Latitude/),
    };
    expect(await ask(query, own.token)).toEqual([
      recorded,
      recorded,
      { outcome: 'REFUSED', replayed: false, refusal: refused, visit: null },
    ]);
    const again = await ask<{ replayed: boolean }[]>(query, own.token);
    expect(again.map(({ replayed }) => replayed)).toEqual([true, true, false]);
    expect(await ask('mutation { recordVisitChecks(input: []) { outcome } }', own.token)).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('missing, the station ends a visit, and somebody else looks at it', async () => {
    const { visitId } = await begun();
    const end = (more: string) =>
      `mutation { endVisit(visitId: ${visitId}, ${more}) { ... on Visit { status checkedOutAt } ${visitRefusal} } }`;
    const at = 'at: "2026-03-10T11:55:00+08:00"';
    const before = await careRows(town);
    expect(await ask(end(`${at}, reason: " "`), manager)).toMatchObject({
      refused: 'NOTE_INVALID',
      field: ['reason'],
    });
    expect(await ask(end(`${at}, reason: "忘了"`), stranger)).toMatchObject({ refused: 'VISIT_UNKNOWN' });
    expect(await ask(end('at: "2026-03-10T10:00:00+08:00", reason: "忘了"'), manager)).toMatchObject({
      refused: 'TIME_OUT_OF_RANGE',
      field: ['at'],
    });
    expect(await ask(end('at: "2026-03-10T12:00:01+08:00", reason: "忘了"'), manager)).toMatchObject({
      refused: 'TIME_OUT_OF_RANGE',
    });
    expect(await careRows(town)).toBe(before);
    expect(await ask(end(`${at}, reason: "手机没电"`), manager)).toEqual({
      status: 'COMPLETED',
      checkedOutAt: '2026-03-10T03:55:00.000Z',
    });
    expect(await ask(end(`${at}, reason: "手机没电"`), manager)).toMatchObject({ refused: 'WRONG_STATUS' });
    const evidence = `{ visitEvidence(visitId: ${visitId}) { score decision open paid reasons { code message } } }`;
    expect(await ask(evidence, manager)).toMatchObject({
      decision: 'LOOK',
      open: true,
      paid: false,
      reasons: [{ code: 'ENDED_FOR' }, { code: 'OFFLINE' }],
    });
    const decide = `mutation { decideVisitEvidence(visitId: ${visitId}, verdict: PAY, note: "家属证实") { ... on VisitEvidence { paid open decided note } ${refusal} } }`;
    expect(await ask(decide, manager)).toEqual({ refused: 'OWN_VISIT', field: ['visitId'] });
    const other = await server.managerToken(town.stationId);
    expect(await ask(decide, other)).toEqual({ paid: true, open: false, decided: 'PAY', note: '家属证实' });
  });
});

describe('evidence', () => {
  it('waits at its station, page by page, until somebody who had no part decides', async () => {
    const waiting = [await begun({ isDone: true, metres: 800 }), await begun({ isDone: true, metres: 900 })];
    const list = (token: string, more = 'first: 200') =>
      ask<{ nodes: { visit: { id: string } }[]; pageInfo: object }>(
        `{ evidenceForReview(${more}) { nodes { score decision visit { id elder { name } } checks { kind caregiverName offline distanceMetres tag doubts } } pageInfo { hasNextPage endCursor } } }`,
        token,
      );
    const [first, second] = waiting.map(({ visitId }) => visitId) as [number, number];
    const cursor = Buffer.from(`id:${first - 1}`).toString('base64url');
    const page = await list(manager, `first: 1, after: "${cursor}"`);
    expect(page).toMatchObject({
      nodes: [
        {
          decision: 'BLOCK',
          visit: { id: String(waiting[0]?.visitId) },
          checks: [
            { kind: 'IN', distanceMetres: 800, offline: true, tag: 'NONE', doubts: [] },
            { kind: 'OUT' },
          ],
        },
      ],
      pageInfo: { hasNextPage: true },
    });
    const { endCursor } = page.pageInfo as { endCursor: string };
    expect(await list(manager, `first: 1, after: "${endCursor}"`)).toMatchObject({
      nodes: [{ visit: { id: String(waiting[1]?.visitId) } }],
    });
    expect((await list(stranger)).nodes).toEqual([]);
    expect(await list(own.token)).toBe('FORBIDDEN');
    const decide = (id: number, verdict: string, note = '已核实') =>
      `mutation { decideVisitEvidence(visitId: ${id}, verdict: ${verdict}, note: "${note}") { ... on VisitEvidence { paid decided } ${refusal} } }`;
    const before = await careRows(town);
    expect(await ask(decide(first, 'PAY', ' '), manager)).toEqual({
      refused: 'NOTE_INVALID',
      field: ['note'],
    });
    expect(await ask(decide(first, 'PAY'), stranger)).toEqual({
      refused: 'VISIT_UNKNOWN',
      field: ['visitId'],
    });
    const fine = await begun({ isDone: true });
    const rows = await careRows(town);
    expect(await ask(decide(fine.visitId, 'BLOCK'), manager)).toEqual({
      refused: 'WRONG_STATE',
      field: ['visitId'],
    });
    expect(await careRows(town)).toBe(rows);
    expect(rows).not.toBe(before);
    expect(await ask(decide(first, 'PAY'), manager)).toEqual({ paid: true, decided: 'PAY' });
    expect(await ask(decide(first, 'BLOCK'), manager)).toEqual({ paid: false, decided: 'BLOCK' });
    expect(await ask(decide(second, 'BLOCK'), manager)).toEqual({ paid: false, decided: 'BLOCK' });
    const left = (await list(manager)).nodes.map(({ visit }) => Number(visit.id));
    expect(left.filter((id) => id === first || id === second)).toEqual([]);
  });

  it('is not decided by a manager who brought the visit', async () => {
    const both = await carerWithToken();
    await open.database.write((writer) =>
      writer.query(
        "INSERT INTO access_grant (accountId, role, facilityId, fromAt, showsIdentities) VALUES (?, 'MANAGER', ?, 0, 0)",
        [both.accountId, town.stationId],
      ),
    );
    const { visitId } = await begun({ isDone: true, carer: both, metres: 900 });
    const decide = `mutation { decideVisitEvidence(visitId: ${visitId}, verdict: PAY, note: "是我") { ... on VisitEvidence { paid } ${refusal} } }`;
    expect(await ask(decide, both.token)).toEqual({ refused: 'OWN_VISIT', field: ['visitId'] });
    expect(await ask(decide, manager)).toEqual({ paid: true });
  });
});

const record = (visitId: number, more: string, requestId: string = randomUUID()) =>
  `mutation { recordCare(input: { visitId: ${visitId}, requestId: "${requestId}", ${more} }) { ... on CareRecord { note measurements { kind value beyond } } ${refusal} } }`;

describe('notes and measurements', () => {
  it('are written by the caregiver while the visit is open, and alert the station beyond their limits', async () => {
    const { visitId, elderId } = await begun();
    const values =
      'measurements: [{ kind: SYSTOLIC, value: 160 }, { kind: DIASTOLIC, value: 100.1 }, { kind: TEMPERATURE, value: 36.6 }]';
    const id = randomUUID();
    const query = record(visitId, `note: "精神好", ${values}`, id);
    const recorded = await ask(query, own.token);
    expect(recorded).toEqual({
      note: '精神好',
      measurements: [
        { kind: 'SYSTOLIC', value: 160, beyond: null },
        { kind: 'DIASTOLIC', value: 100.1, beyond: 'HIGH' },
        { kind: 'TEMPERATURE', value: 36.6, beyond: null },
      ],
    });
    const before = await careRows(town);
    expect(await ask(query, own.token)).toEqual(recorded);
    expect(await ask(record(visitId, 'note: "精神不好"', id), own.token)).toEqual({
      refused: 'REQUEST_ID_REUSED',
      field: ['input', 'requestId'],
    });
    expect(await careRows(town)).toBe(before);
    expect(JSON.stringify(await open.writer.query('SELECT * FROM care_note'))).not.toContain('精神好');

    const alerts = await ask<{ id: string }[]>(
      '{ careAlerts { id kind value unit direction visit { id elder { id } } closedAt } }',
      manager,
    );
    expect(alerts).toMatchObject([
      {
        kind: 'DIASTOLIC',
        value: 100.1,
        unit: 'mmHg',
        direction: 'HIGH',
        visit: { id: String(visitId), elder: { id: String(elderId) } },
      },
    ]);
    expect(await ask('{ careAlerts { id } }', stranger)).toEqual([]);
    const answer = `mutation { answerCareAlert(id: ${alerts[0]?.id}, outcome: FAMILY_TOLD, note: "已告知女儿") { ... on AlertAnswered { isClosed } ${refusal} } }`;
    expect(await ask(answer, stranger)).toEqual({ refused: 'ALERT_UNKNOWN', field: ['id'] });
    expect(await ask(answer, manager)).toEqual({ isClosed: true });
    expect(await ask('{ careAlerts(closed: true) { outcome note closedByName } }', manager)).toEqual([
      { outcome: 'FAMILY_TOLD', note: '已告知女儿', closedByName: '测试账户' },
    ]);
  });

  it.each<[string, string, string]>([
    ['nothing', 'note: " "', 'NOTHING_GIVEN input'],
    ['a book', `note: "${'长'.repeat(501)}"`, 'NOTE_INVALID input.note'],
    [
      'a slip of the pen',
      'measurements: [{ kind: PULSE, value: 70 }, { kind: SYSTOLIC, value: 1200 }]',
      'VALUE_OUT_OF_RANGE input.measurements.1.value',
    ],
    [
      'too many decimals',
      'measurements: [{ kind: SUGAR, value: 5.55 }]',
      'VALUE_OUT_OF_RANGE input.measurements.0.value',
    ],
    [
      'the same twice',
      'measurements: [{ kind: PULSE, value: 70 }, { kind: PULSE, value: 71 }]',
      'VALUE_OUT_OF_RANGE input.measurements.1.kind',
    ],
    [
      'pressures turned round',
      'measurements: [{ kind: SYSTOLIC, value: 80 }, { kind: DIASTOLIC, value: 120 }]',
      'VALUE_OUT_OF_RANGE input.measurements.1.kind',
    ],
  ])('%s is refused with its field, and nothing is written', async (_, given, told) => {
    const { visitId } = await begun();
    const before = await careRows(town);
    const { refused, field } = await ask<{ refused: string; field: string[] }>(
      record(visitId, given),
      own.token,
    );
    expect(`${refused} ${field.join('.')}`).toBe(told);
    expect(await careRows(town)).toBe(before);
  });

  it('are refused before the check-in, after the day after the visit, and to anybody else', async () => {
    const { visitId } = await newVisit(town, [own]);
    const note = 'note: "好"';
    expect(await ask(record(visitId, note), own.token)).toEqual({
      refused: 'WRONG_STATE',
      field: ['input', 'visitId'],
    });
    const mine = await begun();
    expect(await ask(record(mine.visitId, note, 'x'), own.token)).toEqual({
      refused: 'REQUEST_ID_MALFORMED',
      field: ['input', 'requestId'],
    });
    expect(await ask(record(mine.visitId, note), colleague.token)).toEqual({
      refused: 'VISIT_UNKNOWN',
      field: ['input', 'visitId'],
    });
    expect(await ask(record(mine.visitId, note), manager)).toBe('FORBIDDEN');
    server.clock.set(new Date('2026-03-11T23:59:59+08:00'), 0);
    expect(await ask(record(mine.visitId, note), own.token)).toMatchObject({ note: '好' });
    server.clock.set(new Date('2026-03-12T00:00:00+08:00'), 0);
    expect(await ask(record(mine.visitId, note), own.token)).toEqual({
      refused: 'TIME_OUT_OF_RANGE',
      field: ['input', 'visitId'],
    });
    server.clock.set(noon, 0);
  });

  it('are read by relatives with the right HEALTH alone, and by the caregiver while the elder is open', async () => {
    const { visitId, elderId } = await begun();
    await ask(record(visitId, 'note: "好", measurements: [{ kind: SUGAR, value: 3.8 }]'), own.token);
    const query = `{ elder(id: ${elderId}) { careNotes { text caregiverName } measurements(kind: SUGAR) { value unit beyond } careLimits { kind low source } } }`;
    const whole = {
      careNotes: [{ text: '好', caregiverName: '测试账户' }],
      measurements: [{ value: 3.8, unit: 'mmol/L', beyond: 'LOW' }],
      careLimits: expect.arrayContaining([{ kind: 'SUGAR', low: 3.9, source: 'DEFAULT' }]),
    };
    expect(await ask(query, own.token)).toEqual(whole);
    expect(await ask(query, manager)).toEqual(whole);
    expect(await ask(query, await relative(elderId, 'HEALTH'))).toEqual(whole);
    expect(await ask(query, await relative(elderId, 'BOOKING MONEY'))).toBe('FORBIDDEN');
    expect(await ask(query, colleague.token)).toBe(null);
    expect(await ask(query, stranger)).toBe(null);
  });

  it('are held against the elder’s own limits, then the nearest facility’s', async () => {
    const { visitId, elderId } = await begun();
    const limit = (whose: string, more: string) =>
      `mutation { setCareLimit(input: { ${whose}, kind: SUGAR, ${more} }) { ... on CareLimit { low high source } ${refusal} } }`;
    const ofElder = `elderId: ${elderId}`;
    const county = await server.managerToken(town.countyId);
    const before = await careRows(town);
    expect(await ask(limit(ofElder, 'low: 10, high: 5'), manager)).toEqual({
      refused: 'VALUE_OUT_OF_RANGE',
      field: ['input', 'high'],
    });
    expect(await ask(limit(ofElder, 'low: -1'), manager)).toEqual({
      refused: 'VALUE_OUT_OF_RANGE',
      field: ['input', 'low'],
    });
    expect(await ask(limit(ofElder, 'high: 9'), stranger)).toEqual({
      refused: 'ELDER_UNKNOWN',
      field: ['input', 'elderId'],
    });
    expect(await ask(limit(`facilityId: ${town.countyId}`, 'high: 9'), manager)).toEqual({
      refused: 'FACILITY_UNKNOWN',
      field: ['input', 'facilityId'],
    });
    expect(await ask(limit(`${ofElder}, facilityId: ${town.countyId}`, 'high: 9'), manager)).toBe(
      'BAD_USER_INPUT',
    );
    expect(await careRows(town)).toBe(before);
    const measured = async () => {
      const { measurements } = await ask<{ measurements: { beyond: string | null }[] }>(
        record(visitId, 'measurements: [{ kind: SUGAR, value: 10 }]'),
        own.token,
      );
      return measurements[0]?.beyond;
    };
    expect(await measured()).toBe(null);
    expect(await ask(limit(`facilityId: ${town.countyId}`, 'high: 9.9'), county)).toEqual({
      low: null,
      high: 9.9,
      source: 'FACILITY',
    });
    expect(await measured()).toBe('HIGH');
    expect(await ask(limit(ofElder, 'low: 10.1'), manager)).toEqual({
      low: 10.1,
      high: null,
      source: 'ELDER',
    });
    expect(await measured()).toBe('LOW');
    expect(await ask(limit(ofElder, 'withdrawn: true'), manager)).toMatchObject({ source: 'FACILITY' });
    expect(await ask(limit(`facilityId: ${town.countyId}`, 'withdrawn: true'), county)).toMatchObject({
      source: 'DEFAULT',
    });
    expect(await measured()).toBe(null);
  });
});

describe('a rating', () => {
  const rate = (id: number, stars: number, more = '') =>
    `mutation { rateVisit(visitId: ${id}, stars: ${stars}${more}) { ... on VisitRating { stars comment ratedAt changedAt } ${refusal} } }`;

  it('is given once by a relative with the right BOOKING, and changed for seven days', async () => {
    const { visitId, elderId } = await begun({ isDone: true });
    const daughter = await relative(elderId, 'BOOKING');
    const son = await relative(elderId, 'BOOKING');
    const before = await careRows(town);
    expect(await ask(rate(visitId, 5), await relative(elderId, 'HEALTH MONEY'))).toBe('FORBIDDEN');
    expect(await ask(rate(visitId, 5), manager)).toBe('FORBIDDEN');
    for (const stars of [0, 6])
      expect(await ask(rate(visitId, stars), daughter)).toEqual({
        refused: 'VALUE_OUT_OF_RANGE',
        field: ['stars'],
      });
    expect(await ask(rate(visitId, 5, `, comment: "${'好'.repeat(501)}"`), daughter)).toEqual({
      refused: 'NOTE_INVALID',
      field: ['comment'],
    });
    const running = await begun();
    expect(await ask(rate(running.visitId, 5), daughter)).toEqual({
      refused: 'VISIT_UNKNOWN',
      field: ['visitId'],
    });
    expect(await ask(rate(running.visitId, 5), await relative(running.elderId, 'BOOKING'))).toEqual({
      refused: 'WRONG_STATE',
      field: ['visitId'],
    });
    expect(await careRows(town)).not.toBe(before);
    expect(await ask(rate(visitId, 2, ', comment: "来晚了"'), daughter)).toMatchObject({
      stars: 2,
      comment: '来晚了',
    });
    expect(await ask(rate(visitId, 5), son)).toEqual({ refused: 'ALREADY_RATED', field: ['visitId'] });
    server.clock.set(new Date(noon.getTime() + 7 * 86_400_000), 0);
    expect(await ask(rate(visitId, 3), daughter)).toMatchObject({ stars: 3, comment: null });
    server.clock.set(new Date(noon.getTime() + 7 * 86_400_000 + 1), 0);
    expect(await ask(rate(visitId, 4), daughter)).toEqual({ refused: 'ALREADY_RATED', field: ['visitId'] });
    server.clock.set(noon, 0);
    const seen = `{ visit(id: ${visitId}) { rating { stars } } }`;
    expect(await ask(seen, manager)).toEqual({ rating: { stars: 3 } });
    expect(await ask(seen, own.token)).toBe('FORBIDDEN');
    const mine = `{ elder(id: ${elderId}) { visits { nodes { rating { stars } } } } }`;
    expect(await ask(mine, daughter)).toEqual({ visits: { nodes: [{ rating: { stars: 3 } }] } });
  });

  it('at the same moment by two is one', async () => {
    const { visitId, elderId } = await begun({ isDone: true });
    const [one, other] = [await relative(elderId, 'BOOKING'), await relative(elderId, 'BOOKING')];
    const told = await Promise.all([ask(rate(visitId, 1), one), ask(rate(visitId, 5), other)]);
    expect(told.filter((answer) => 'refused' in answer)).toHaveLength(1);
  });

  it('counts for its caregivers, at their station', async () => {
    const fresh = await carerWithToken();
    for (const stars of [5, 4, 4]) {
      const { visitId, elderId } = await begun({ isDone: true, carer: fresh });
      await ask(rate(visitId, stars), await relative(elderId, 'BOOKING'));
    }
    const query = (more = '') => `{ caregiverRatings${more} { caregiver { id name } ratings average } }`;
    const all = await ask<object[]>(query(), manager);
    expect(all).toContainEqual({
      caregiver: { id: String(fresh.caregiverId), name: '测试账户' },
      ratings: 3,
      average: 4.33,
    });
    expect(await ask(query(), stranger)).toEqual([]);
    expect(await ask(query(`(from: "2026-03-11")`), manager)).toEqual([]);
    expect(await ask(query(), own.token)).toBe('FORBIDDEN');
  });
});

describe('what a caregiver needs for the day', () => {
  it('comes with visitsOn in order: the address, the door, what to bring, whom to ring; only then and only theirs', async () => {
    const fresh = await carerWithToken();
    const second = await newVisit(town, [fresh], { from: later(120).toISOString() });
    const first = await newVisit(town, [fresh]);
    await addDoor(open.database, first.elderId, { phone: '13800001234', address: '南阳市卧龙区梅溪路1号' });
    const contacts = (id: number, list: string) =>
      `mutation { setElderContacts(elderId: ${id}, contacts: [${list}]) { ... on ElderContacts { contacts { name phone } } ... on ElderContactsRefusal { refused: code field } } }`;
    const daughter = '{ name: "王芳", relation: "女儿", phone: "139-0000-0000" }';
    const before = await careRows(town);
    expect(await ask(contacts(first.elderId, daughter), stranger)).toEqual({
      refused: 'ELDER_UNKNOWN',
      field: ['elderId'],
    });
    expect(
      await ask(contacts(first.elderId, '{ name: "王芳", relation: "女儿", phone: "12" }'), manager),
    ).toEqual({ refused: 'CONTACT_INVALID', field: ['contacts', '0', 'phone'] });
    expect(
      await ask(contacts(first.elderId, [daughter, daughter, daughter, daughter].join()), manager),
    ).toEqual({ refused: 'TOO_MANY', field: ['contacts'] });
    expect(await careRows(town)).toBe(before);
    expect(await ask(contacts(first.elderId, daughter), manager)).toEqual({
      contacts: [{ name: '王芳', phone: '13900000000' }],
    });
    const admin = await server.adminToken();
    const items = (code: string, list: string) =>
      `mutation { setServiceItems(serviceCode: "${code}", items: [${list}]) { ... on ServiceItems { items } ${refusal} } }`;
    expect(await ask(items('NONE', ''), admin)).toEqual({
      refused: 'SERVICE_UNKNOWN',
      field: ['serviceCode'],
    });
    expect(await ask(items('WALKING', '{ zh: "", en: "A stick" }'), admin)).toEqual({
      refused: 'NOTE_INVALID',
      field: ['items', '0', 'zh'],
    });
    expect(
      await ask(items('WALKING', '{ zh: "拐杖", en: "A stick" }, { zh: "雨伞", en: "An umbrella" }'), admin),
    ).toEqual({ items: ['A stick', 'An umbrella'] });

    const last = Math.max(0, ...(await looksIn(open.database)).map(({ id }) => id));
    const query = `{ visitsOn(date: "${today}") { id toBring elder { address door { latitude note } emergencyContacts { name relation phone } } } }`;
    const day = await ask<object[]>(query, fresh.token);
    expect(day).toMatchObject([
      {
        id: String(first.visitId),
        toBring: ['A stick', 'An umbrella'],
        elder: {
          address: '南阳市卧龙区梅溪路1号',
          door: { latitude: 33, note: '三楼，按两次铃' },
          emergencyContacts: [{ name: '王芳', relation: '女儿', phone: '13900000000' }],
        },
      },
      { id: String(second.visitId) },
    ]);
    const looks = (await looksIn(open.database, last)).filter(({ elderId }) => elderId === first.elderId);
    expect(looks.map(({ field }) => field)).toEqual(['address', 'door', 'emergencyContacts']);

    const asked = `{ elder(id: ${first.elderId}) { emergencyContacts { name phone } } }`;
    expect(await ask(asked, manager)).toEqual({ emergencyContacts: [{ name: '王*', phone: '139******00' }] });
    expect(await ask(asked, await relative(first.elderId, 'HEALTH'))).toEqual({
      emergencyContacts: [{ name: '王*', phone: '139******00' }],
    });
    expect(await ask(asked, colleague.token)).toBe(null);
    expect(await ask(`{ elder(id: ${first.elderId}) { door { note } } }`, manager)).toEqual({ door: null });
    server.clock.set(new Date('2026-03-12T00:00:00+08:00'), 0);
    expect(await ask(asked, fresh.token)).toBe(null);
    server.clock.set(noon, 0);
  });

  it('costs as many statements with eight visits as with two, and so do the alerts', async () => {
    const fresh = await carerWithToken();
    const query = `{ visitsOn(date: "${today}") { toBring elder { door { note } emergencyContacts { phone } careNotes { text } measurements { value } careLimits { low } } } }`;
    const counted = async (expected: number) => {
      const { result, statements } = await statementsOf(open.database, () =>
        ask<object[]>(query, fresh.token),
      );
      expect(result).toHaveLength(expected);
      return statements.filter((statement) => !/id_sequence|audit_/.test(statement)).length;
    };
    for (let index = 0; index < 2; index++) await newVisit(town, [fresh]);
    await counted(2);
    const two = await counted(2);
    for (let index = 0; index < 6; index++) await newVisit(town, [fresh]);
    expect(await counted(8)).toBe(two);
  });
});
