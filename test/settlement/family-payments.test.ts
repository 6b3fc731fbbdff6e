import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { hoursChecks } from '../../src/visits/audit-hours.js';
import { elderVisitRecords } from '../../src/visits/elder-visit-records.js';
import { recordFamilyPayment } from '../../src/visits/family-payments.js';
import { expectAuditClean } from '../support/audited.js';
import { carerOf } from '../support/care.js';
import { openStationOffice, type Person, type StationOffice } from '../support/station-office.js';
import { noon } from '../support/town.js';

let office: StationOffice;
let familyToken: string;
let visitId: number;
let day = 10;
const march = '2026-03';

beforeAll(async () => {
  office = await openStationOffice();
  const { token, accountId } = await office.server.account('FAMILY', null, '女儿', office.elderId);
  await office.server.database.write((m) =>
    m.query("UPDATE access_grant SET familyRights = 'BOOKING' WHERE accountId = ?", [accountId]),
  );
  familyToken = token;
});
/** An hour costs 50 yuan: the funder pays 36, the family 14. */
beforeEach(async () => {
  day += 1;
  visitId = await office.bring(`2026-03-${day}`);
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

interface Answer {
  id?: string;
  fen?: number;
  code?: string;
  field?: string[];
  message?: string;
}
const fields = '{ ... on FamilyPayment { id fen } ... on CareRefusal { code message field } }';
async function pay(
  fen: number,
  more: Partial<Record<'requestId' | 'means' | 'caregiverId', string>> = {},
  by: Person = 'station',
) {
  const { requestId = randomUUID(), means = 'CASH', caregiverId } = more;
  const whom = caregiverId === undefined ? '' : `, caregiverId: "${caregiverId}"`;
  const given = `requestId: "${requestId}", visitId: "${visitId}", fen: ${fen}, means: ${means}${whom}`;
  type Data = { recordFamilyPayment: Answer };
  return (await office.ask<Data>(by, `mutation { recordFamilyPayment(${given}) ${fields} }`))
    .recordFamilyPayment;
}
async function reverse(
  paymentId: string | undefined,
  requestId: string = randomUUID(),
  by: Person = 'station',
) {
  const given = `requestId: "${requestId}", paymentId: "${paymentId}", reason: "记错了"`;
  type Data = { reverseFamilyPayment: Answer };
  return (await office.ask<Data>(by, `mutation { reverseFamilyPayment(${given}) ${fields} }`))
    .reverseFamilyPayment;
}
const refusal = ({ code, field }: Answer) => [code, field?.join('.')];

const seen = `familyPaidFen familyPayments { fen means takenBy recordedBy reversesId reason }`;
async function seenBy(token: string) {
  type Data = { elder: { visits: { nodes: { id: string }[] } } | null };
  const query = `{ elder(id: "${office.elderId}") { visits(first: 200) { nodes { id ${seen} } } } }`;
  const { body } = await office.server.post<Data>(query, {}, token);
  const found = body.data?.elder?.visits.nodes.find(({ id }) => Number(id) === visitId);
  return body.errors?.[0]?.extensions.code ?? found;
}

it('is written down as often as there are parts of it, and never more than is owed', async () => {
  expect(await pay(1000)).toMatchObject({ fen: 1000 });
  const tooMuch = await pay(401);
  expect(refusal(tooMuch)).toEqual(['VALUE_OUT_OF_RANGE', 'fen']);
  expect(tooMuch.message).toContain('400');
  for (const fen of [0, -5]) expect(refusal(await pay(fen))).toEqual(['VALUE_OUT_OF_RANGE', 'fen']);
  expect(await pay(400, { means: 'TRANSFER' })).toMatchObject({ fen: 400 });
  expect(refusal(await pay(1))).toEqual(['VALUE_OUT_OF_RANGE', 'fen']);
  expect(await seenBy(familyToken)).toMatchObject({
    familyPaidFen: 1400,
    familyPayments: [
      { fen: 1000, means: 'CASH', reversesId: null, reason: null },
      { fen: 400, means: 'TRANSFER' },
    ],
  });
  const line = (await office.lines(march)).find((each) => Number(each.visit.visitId) === visitId);
  expect(line).toMatchObject({ kind: 'USE', selfPaidFen: 1400, visit: { familyPaidFen: 1400 } });
});

it('counts once, however often it is sent, and another payment may not go by its id', async () => {
  const requestId = randomUUID();
  const first = await pay(700, { requestId });
  expect(await pay(700, { requestId: requestId.toUpperCase() })).toEqual(first);
  expect(refusal(await pay(600, { requestId }))).toEqual(['REQUEST_ID_REUSED', 'requestId']);
  expect(refusal(await pay(700, { requestId, means: 'TRANSFER' }))).toEqual([
    'REQUEST_ID_REUSED',
    'requestId',
  ]);
  expect(refusal(await pay(700, { requestId: 'x' }))).toEqual(['REQUEST_ID_MALFORMED', 'requestId']);
  const both = await Promise.all(Array.from({ length: 5 }, () => pay(700)));
  expect(both.filter(({ fen }) => fen === 700)).toHaveLength(1);
  const same = randomUUID();
  await reverse(first.id);
  const again = await Promise.all(Array.from({ length: 5 }, () => pay(300, { requestId: same })));
  expect(new Set(again.map(({ id }) => id)).size).toBe(1);
  expect(await seenBy(familyToken)).toMatchObject({ familyPaidFen: 1000 });
});

it('of two visits that come with one id at the same moment, one is paid, and the other is told so', async () => {
  const first = visitId;
  const second = await office.bring('2026-03-27');
  const requestId = randomUUID();
  const paid = await Promise.all(
    [first, second, first, second].map((id) => {
      visitId = id;
      return pay(200, { requestId });
    }),
  );
  expect(paid.map(({ fen, code }) => code ?? fen).sort()).toEqual([
    ...[200, 200, 'REQUEST_ID_REUSED', 'REQUEST_ID_REUSED'],
  ]);
  expect(new Set(paid.flatMap(({ id }) => id ?? [])).size).toBe(1);
  const [row] = await office.server.database.read((m) =>
    m.query('SELECT COUNT(*) AS count FROM family_payment WHERE requestId = ?', [requestId]),
  );
  expect(Number(row.count)).toBe(1);
});

it('is taken back by its opposite, once, and then is owed again', async () => {
  const { id } = await pay(1400);
  const requestId = randomUUID();
  const opposite = await reverse(id, requestId);
  expect(opposite).toMatchObject({ fen: -1400 });
  expect(await reverse(id, requestId)).toEqual(opposite);
  expect(refusal(await reverse(id))).toEqual(['WRONG_STATE', 'paymentId']);
  expect(refusal(await reverse(opposite.id))).toEqual(['WRONG_STATE', 'paymentId']);
  expect(refusal(await reverse('999999'))).toEqual(['PAYMENT_UNKNOWN', 'paymentId']);
  expect(refusal(await reverse(id, randomUUID(), 'otherCounty'))).toEqual(['PAYMENT_UNKNOWN', 'paymentId']);
  expect(await seenBy(familyToken)).toMatchObject({
    familyPaidFen: 0,
    familyPayments: [{ fen: 1400 }, { fen: -1400, reversesId: id, reason: '记错了' }],
  });
  expect(await pay(1400)).toMatchObject({ fen: 1400 });
});

describe('to a caregiver at the door', () => {
  const carer = async () => {
    const [row]: { caregiverId: number; accountId: number; name: string }[] =
      await office.server.database.read((m) =>
        m.query(
          `SELECT c.id AS caregiverId, c.accountId, a.name FROM visit_caregiver p
             JOIN caregiver c ON c.id = p.caregiverId JOIN account a ON a.id = c.accountId WHERE p.visitId = ?`,
          [visitId],
        ),
      );
    if (!row) throw new Error('nobody brought it');
    return { ...row, ...carerOf({ ...office.town, serviceId: 0 }, row) };
  };

  it('is told by the caregiver, of its own visit alone', async () => {
    const { accountId, reach, name } = await carer();
    const given = { fen: 900, means: 'CASH' as const, caregiverId: null, byId: accountId, now: noon };
    const record = (id: number) =>
      office.server.database.write((m) =>
        recordFamilyPayment(m, { ...given, requestId: randomUUID(), visitId: id }, reach),
      );
    expect(await record(visitId)).toMatchObject({ fen: 900, takenBy: name, recordedBy: name });
    const stranger = { ...reach, own: { ...reach.own, accountId: office.town.managerId } };
    const foreign = { ...given, requestId: randomUUID(), visitId };
    expect(
      await office.server.database.write((m) => recordFamilyPayment(m, foreign, stranger)),
    ).toMatchObject({ refused: 'VISIT_UNKNOWN' });
  });

  it('is handed in at the station, which says who took it', async () => {
    const { caregiverId, name } = await carer();
    expect(await pay(500, { caregiverId: String(caregiverId) })).toMatchObject({ fen: 500 });
    expect(refusal(await pay(500, { caregiverId: '999999' }))).toEqual(['VALUE_OUT_OF_RANGE', 'caregiverId']);
    expect(await seenBy(familyToken)).toMatchObject({ familyPayments: [{ takenBy: name }] });
  });
});

it('is owed for what was brought alone: not before the check-in, nor once the visit is blocked', async () => {
  const early = await office.callOff('2026-03-30', { causedBy: 'STATION' });
  const doubtful = await office.bring('2026-03-28', { isDoubtful: true });
  visitId = early;
  expect(refusal(await pay(100))).toEqual(['WRONG_STATE', 'visitId']);
  visitId = doubtful;
  expect(await pay(100)).toMatchObject({ fen: 100 });
  expect(await office.decide(doubtful, 'BLOCK', '2026-03-29T09:00:00')).toBe('BLOCK');
  expect(refusal(await pay(100))).toEqual(['VALUE_OUT_OF_RANGE', 'fen']);
  // What was paid meanwhile is given back by whoever took it.
  const [payment]: { id: number }[] = await office.server.database.read((m) =>
    m.query('SELECT id FROM family_payment WHERE visitId = ?', [doubtful]),
  );
  expect(await reverse(String(payment?.id))).toMatchObject({ fen: -100 });
});

it('stands in the ledger of hours, and in what is kept of the elder', async () => {
  await pay(1400);
  const { database } = office.server;
  const [row]: { owedFen: number | string; paidFen: number | string }[] = await database.read((m) =>
    m.query(
      `SELECT (SELECT SUM(e.fen) FROM hours_entry e JOIN hours_posting p ON p.id = e.postingId
                WHERE e.account = 'FAMILY' AND p.visitId = ?) AS owedFen,
              (SELECT SUM(e.fen) FROM family_payment_entry e JOIN family_payment p ON p.id = e.paymentId
                WHERE e.account = 'FAMILY' AND p.visitId = ?) AS paidFen`,
      [visitId, visitId],
    ),
  );
  expect([Number(row?.owedFen), Number(row?.paidFen)]).toEqual([-1400, 1400]);
  const kept = (await database.read((m) => elderVisitRecords.collect(m, office.elderId))) as {
    payments: { fen: number }[];
  }[];
  expect(kept.flatMap(({ payments }) => payments.map(({ fen }) => fen))).toContain(1400);
});

it('is found by the audit when it was written wrongly', async () => {
  const { id } = await pay(100);
  const { database } = office.server;
  const broken = async () => {
    const said: string[] = [];
    await database.read((m) => runChecks(m, hoursChecks, (line) => said.push(line)));
    return said.filter((line) => !line.startsWith('holds')).join('\n');
  };
  const write = (sql: string) => database.write((m) => m.query(sql, [id]));
  expect(await broken()).toBe('');
  for (const [wrong, right, name] of [
    [
      'UPDATE family_payment_entry SET fen = 99 WHERE line = 1 AND paymentId = ?',
      'UPDATE family_payment_entry SET fen = 100 WHERE line = 1 AND paymentId = ?',
      'moves its sum',
    ],
    [
      'UPDATE family_payment_entry SET ownerId = ownerId + 1 WHERE line = 2 AND paymentId = ?',
      'UPDATE family_payment_entry SET ownerId = ownerId - 1 WHERE line = 2 AND paymentId = ?',
      'moves its sum',
    ],
    [
      `UPDATE family_payment SET stationId = ${office.town.otherStationId} WHERE id = ?`,
      `UPDATE family_payment SET stationId = ${office.town.stationId} WHERE id = ?`,
      'of the elder and the station',
    ],
    [
      'UPDATE family_payment SET fen = 999999 WHERE id = ?',
      'UPDATE family_payment SET fen = 100 WHERE id = ?',
      'more for a visit than was agreed',
    ],
  ] as const) {
    await write(wrong);
    expect(await broken()).toContain(name);
    await write(right);
  }
  expect(await broken()).toBe('');
});
