import { afterAll, beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { careChecks } from '../../src/visits/audit-care.js';
import { elderCareRecords } from '../../src/visits/elder-care-records.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { expectAuditClean } from '../support/audited.js';
import { openStationOffice, type StationOffice } from '../support/station-office.js';

let office: StationOffice;
let token: Record<'daughter' | 'nosy' | 'stranger' | 'station2' | 'street' | 'street2' | 'elsewhere', string>;
const visits: Record<string, number> = {};
const [march, april] = ['2026-03', '2026-04'];

beforeAll(async () => {
  office = await openStationOffice('PAY');
  const { server, town, elderId } = office;
  const relative = async (rights: string) => {
    const account = await server.account('FAMILY', null, '女儿', elderId);
    await server.database.write((m) =>
      m.query('UPDATE access_grant SET familyRights = ? WHERE accountId = ?', [rights, account.accountId]),
    );
    return account.token;
  };
  token = {
    daughter: await relative('BOOKING'),
    nosy: await relative('HEALTH MONEY'),
    stranger: await server.managerToken(town.otherStationId),
    station2: await server.managerToken(town.stationId),
    street: await server.managerToken(town.streetId),
    street2: await server.managerToken(town.streetId),
    elsewhere: await server.managerToken(town.otherCountyId),
  };
  visits.theirs = await office.callOff('2026-03-12', { causedBy: 'FAMILY' });
  visits.denied = await office.callOff('2026-03-13', { causedBy: 'FAMILY' });
  visits.own = await office.callOff('2026-03-16', { causedBy: 'STATION' });
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

type Who = keyof typeof token;
interface Answer {
  decision?: string | null;
  reason?: string;
  code?: string;
  field?: string[];
}
async function asked(who: Who, query: string) {
  const { body } = await office.server.post<Record<string, unknown>>(query, {}, token[who]);
  return body.errors ? body.errors[0]?.extensions.code : Object.values(body.data ?? {})[0];
}
const fields = '{ ... on VisitObjection { reason decision note } ... on CareRefusal { code field } }';
const object = (who: Who, visitId: number | undefined, reason = '是站点没有人来') =>
  asked(who, `mutation { objectToCancellation(visitId: "${visitId}", reason: "${reason}") ${fields} }`);
const decide = (who: Who, visitId: number | undefined, isUpheld: boolean) =>
  asked(
    who,
    `mutation { decideObjection(visitId: "${visitId}", isUpheld: ${isUpheld}, note: "已查通话") ${fields} }`,
  );
const refused = (code: string, field: string) => ({ code, field: [field] });
const waiting = async (who: Who) =>
  ((await asked(who, '{ objectionsForReview { visit { id } } }')) as { visit: { id: string } }[]).map(
    ({ visit }) => Number(visit.id),
  );
const minutes = async () => {
  const month = { elderId: office.elderId, month: march };
  const found = await office.server.database.read((m) => hoursOf(m, month, 'everywhere', '2026-03-17'));
  return [found?.reservedMinutes, found?.usedMinutes, found?.lostMinutes, found?.leftMinutes];
};
const mine = async () => {
  const query = `{ elder(id: "${office.elderId}") { visits(first: 50) { nodes { id status cancelledBy objection { decision note } } } } }`;
  const { visits: found } = (await asked('daughter', query)) as {
    visits: { nodes: ({ id: string } & Record<string, unknown>)[] };
  };
  return new Map(found.nodes.map(({ id, ...visit }) => [Number(id), visit]));
};

it('is said by relatives who may book, about what a station said was theirs, once and within thirty days', async () => {
  expect(await object('nosy', visits.theirs)).toBe('FORBIDDEN');
  for (const who of ['stranger', 'elsewhere'] as const)
    expect(await object(who, visits.theirs)).toEqual(refused('VISIT_UNKNOWN', 'visitId'));
  expect(await waiting('street')).toEqual([]);
  expect(await object('daughter', visits.theirs, ' ')).toEqual(refused('NOTE_INVALID', 'reason'));
  expect(await object('daughter', 0)).toEqual(refused('VISIT_UNKNOWN', 'visitId'));
  expect(await object('daughter', visits.own)).toEqual(refused('WRONG_STATE', 'visitId'));
  const said = await object('daughter', visits.theirs);
  expect(said).toMatchObject({ reason: '是站点没有人来', decision: null });
  expect(await object('daughter', visits.theirs)).toEqual(said);
  expect(await object('daughter', visits.theirs, '另一个理由')).toEqual(refused('WRONG_STATE', 'visitId'));
  expect(await object('station2', visits.denied, '代老人提出')).toMatchObject({ decision: null });
  expect(await waiting('street')).toEqual([visits.theirs, visits.denied]);
  expect(await waiting('elsewhere')).toEqual([]);
  const found = await mine();
  expect(found.get(visits.theirs ?? 0)).toEqual({
    ...{ status: 'CANCELLED', cancelledBy: 'FAMILY' },
    objection: { decision: null, note: null },
  });
  expect(found.get(visits.own ?? 0)).toMatchObject({ cancelledBy: 'STATION', objection: null });
  expect(await minutes()).toEqual([0, 120, 0, 2280]);
});

it('is decided above the station alone, once, and when it is right nobody pays, after the month too', async () => {
  const { server } = office;
  server.clock.set(new Date('2026-04-01T09:00:00+08:00'), 0);
  expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
  expect(await decide('station2', visits.theirs, true)).toEqual(refused('OWN_VISIT', 'visitId'));
  expect(await decide('elsewhere', visits.theirs, true)).toEqual(refused('VISIT_UNKNOWN', 'visitId'));
  expect(await decide('daughter', visits.theirs, true)).toBe('FORBIDDEN');
  expect(await decide('street', visits.own, true)).toEqual(refused('WRONG_STATE', 'visitId'));
  const answers = (await Promise.all([
    decide('street', visits.theirs, true),
    decide('street2', visits.theirs, true),
  ])) as Answer[];
  expect(answers.map(({ decision, code }) => decision ?? code).sort()).toEqual(['UPHELD', 'WRONG_STATE']);
  expect(await decide('street', visits.denied, false)).toMatchObject({ decision: 'DENIED' });
  expect(await waiting('street')).toEqual([]);
  expect(await minutes()).toEqual([0, 60, 0, 2340]);
  expect((await office.lines(april)).map(({ kind, grossFen }) => [kind, grossFen])).toEqual([
    ['CORRECT', -3600],
  ]);
  const found = await mine();
  expect(found.get(visits.theirs ?? 0)).toMatchObject({
    ...{ cancelledBy: 'STATION', objection: { decision: 'UPHELD', note: '已查通话' } },
  });
  expect(found.get(visits.denied ?? 0)).toMatchObject({ cancelledBy: 'FAMILY' });
  // The street cannot take back by a dispute what was taken back already.
  const line = (await office.lines(march)).find(({ visit }) => Number(visit.visitId) === visits.theirs);
  const doubt = `, lineId: "${line?.id}", reason: "家属有异议"`;
  expect(await office.step('street', 'disputeLine', march, doubt)).toBe('SUBMITTED');
  const id = (await office.lines(march, ', disputed: OPEN'))[0]?.dispute?.id;
  await asked('station2', `mutation { answerDispute(disputeId: "${id}", answer: "已退") { __typename } }`);
  const upheld = `mutation { decideDispute(disputeId: "${id}", decision: UPHELD, reason: "属实") { ... on StatementRefusal { code } } }`;
  expect(await asked('street2', upheld)).toEqual({ code: 'LINE_NOT_DISPUTABLE' });
  await expectAuditClean(server.database);
});

it('comes too late after thirty days', async () => {
  const late = await office.callOff('2026-04-03', { causedBy: 'FAMILY' });
  office.server.clock.set(new Date('2026-05-03T13:00:00.001+08:00'), 0);
  expect(await object('daughter', late)).toEqual(refused('TIME_OUT_OF_RANGE', 'visitId'));
  office.server.clock.set(new Date('2026-05-03T13:00:00+08:00'), 0);
  expect(await object('daughter', late)).toMatchObject({ decision: null });
});

it('is in the export in words, and checked by the audit', async () => {
  const { database } = office.server;
  const said = await database.read((m) => elderCareRecords.collect(m, office.elderId));
  expect(said).toMatchObject({
    objections: expect.arrayContaining([
      expect.objectContaining({ reason: '是站点没有人来', note: '已查通话', decision: 'UPHELD' }),
    ]),
  });
  const broken = async () => {
    const lines: string[] = [];
    await database.read((m) => runChecks(m, careChecks, (line) => lines.push(line)));
    return lines.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
  };
  const name = careChecks.at(-1)?.name;
  const change = (sql: string) => database.write((m) => m.query(sql));
  expect(await broken()).toEqual([]);
  for (const [there, back] of [
    [
      `UPDATE visit_event SET causedBy = 'STATION' WHERE visitId = ${visits.theirs} AND kind = 'CANCEL'`,
      `UPDATE visit_event SET causedBy = 'FAMILY' WHERE visitId = ${visits.theirs} AND kind = 'CANCEL'`,
    ],
    [
      `UPDATE visit_objection SET decision = 'UPHELD' WHERE visitId = ${visits.denied}`,
      `UPDATE visit_objection SET decision = 'DENIED' WHERE visitId = ${visits.denied}`,
    ],
  ] as const) {
    await change(there);
    expect(await broken()).toEqual([name]);
    await change(back);
  }
  await database.write((m) => elderCareRecords.erase(m, office.elderId));
  const [row] = await database.read((m) =>
    m.query(
      'SELECT COUNT(*) AS count FROM visit_objection WHERE reasonSealed IS NOT NULL OR noteSealed IS NOT NULL',
    ),
  );
  expect(Number(row.count)).toBe(0);
  expect(await broken()).toEqual([]);
});
