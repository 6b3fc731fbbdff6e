import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CaregiverAbsence } from '../../entities/index.js';
import { instantOn } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import {
  addHome,
  addPlanServices,
  addWorker,
  bookedVisit,
  placeStation,
  planDate,
  type Services,
} from '../support/planned-day.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let services: Services;
let token: string;
let elders: number[];

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTwoCounties(server.database);
  services = await addPlanServices(server.database);
  await placeStation(server.database, town.stationId);
  token = await server.managerToken(town.countyId);
  elders = [];
  for (let number = 0; number < 6; number++) elders.push(await addHome(town, { north: number, east: 0 }));
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

let ill: number;
let near: number;
let known: number;
beforeEach(async () => {
  await server.database.write(async (manager) => {
    const ofVisits = ['event', 'caregiver', 'former_caregiver', 'booking'].map((part) => `visit_${part}`);
    for (const table of [...ofVisits, 'visit', 'caregiver_absence']) {
      await manager.query(`DELETE FROM ${table}`);
    }
    await manager.query('UPDATE caregiver SET stationId = ?', [town.otherStationId]);
  });
  const { stationId } = town;
  ill = await addWorker(server.database, { stationId, name: '病' });
  near = await addWorker(server.database, { stationId, name: '近' });
  known = await addWorker(server.database, { stationId, name: '熟' });
});

const book = (elder: number, minute: number, more: Partial<Parameters<typeof bookedVisit>[1]> = {}) =>
  bookedVisit(server.database, {
    elderId: elders[elder] as number,
    serviceId: services.cleaning,
    stationId: town.stationId,
    minute,
    caregiverIds: [ill],
    ...more,
  });

interface AtRisk {
  version: number;
  visit: { id: string };
  missing: { id: string }[];
  proposals: { caregivers: { id: string }[]; strangeness: number; loadMinutes: number }[];
}

async function atRisk(caregiverId = ill, from = 0, to = 1440, asker = token): Promise<AtRisk[]> {
  const query = `{ visitsAtRisk(caregiverId: ${caregiverId}, from: "${instantOn(planDate, from).toISOString()}", to: "${instantOn(planDate, to).toISOString()}") {
    version visit { id } missing { id } proposals { caregivers { id } strangeness loadMinutes } } }`;
  const { body } = await server.post<{ visitsAtRisk: AtRisk[] }>(query, {}, asker);
  expect(body.errors).toBe(undefined);
  return body.data.visitsAtRisk;
}

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => Number(id));

interface TakenOver {
  __typename: string;
  code?: string;
  field?: string[];
  message?: string;
  visits?: { id: string; status: string; caregivers: { id: string }[] }[];
}

async function takeOver(
  takeOvers: { visitId: number; version?: number; caregiverIds: number[] }[],
  asker = token,
): Promise<TakenOver> {
  const given = takeOvers.map(
    ({ visitId, version = 1, caregiverIds }) =>
      `{ visitId: ${visitId}, version: ${version}, caregiverIds: [${caregiverIds}] }`,
  );
  const query = `mutation { takeOver(takeOvers: [${given}]) { __typename ... on TakeOverRefusal { code field message } ... on VisitsTakenOver { visits { id status caregivers { id } } } } }`;
  const { body } = await server.post<{ takeOver: TakenOver }>(query, {}, asker);
  expect(body.errors).toBe(undefined);
  return body.data.takeOver;
}

async function stateOf(visitId: number): Promise<unknown> {
  const [visit] = await server.database.read((manager) =>
    manager.query('SELECT version, status FROM visit WHERE id = ?', [visitId]),
  );
  const parts: { caregiverId: number }[] = await server.database.read((manager) =>
    manager.query(
      'SELECT caregiverId FROM visit_caregiver WHERE visitId = ? ORDER BY startsAt, caregiverId',
      [visitId],
    ),
  );
  return [Number(visit.version), visit.status, parts.map(({ caregiverId }) => caregiverId)];
}

function recordAbsence(from: number, to: number, caregiverId = ill): Promise<unknown> {
  return server.database.write((manager) =>
    manager.insert(CaregiverAbsence, {
      caregiverId,
      kind: 'SICK_LEAVE',
      startsAt: instantOn(planDate, from),
      endsAt: instantOn(planDate, to),
      recordedAt: noon,
      recordedById: null,
      withdrawnAt: null,
    }),
  );
}

describe('visitsAtRisk', () => {
  it('lists what the absence touches, and nothing before or after it', async () => {
    await book(0, 540);
    const touched = await book(1, 660);
    await book(2, 780);
    const found = await atRisk(ill, 700, 710);
    expect(idsOf(found.map(({ visit }) => visit))).toEqual([touched]);
    expect(found[0]?.missing).toEqual([{ id: String(ill) }]);
  });

  it('does not ask whether the absence is on record', async () => {
    await book(0, 540);
    const before = await atRisk();
    await recordAbsence(0, 1440);
    expect(await atRisk()).toEqual(before);
  });

  it('ranks whom the elder knows before who has less to do', async () => {
    await book(0, 540, { caregiverIds: [known], day: '2026-03-09', status: 'COMPLETED' });
    await book(5, 900, { caregiverIds: [known] });
    await book(0, 540);
    const [found] = await atRisk();
    expect(found?.proposals.map(({ caregivers }) => idsOf(caregivers))).toEqual([[known], [near]]);
    expect(found?.proposals.map(({ strangeness, loadMinutes }) => [strangeness, loadMinutes])).toEqual([
      [0, 60],
      [1, 0],
    ]);
  });

  it('ranks the shorter way before the lower load, and the lower load before nothing', async () => {
    // Both are strangers; one comes by anyway.
    await book(1, 700, { caregiverIds: [known] });
    await book(1, 540);
    const [found] = await atRisk();
    expect(found?.proposals.map(({ caregivers }) => idsOf(caregivers))).toEqual([[known], [near]]);
  });

  it('names nobody who is not free, travel counted, nor without the skill', async () => {
    const { stationId } = town;
    const unskilled = await addWorker(server.database, { stationId, name: '新', skills: [] });
    // Ends when the other begins: no minute for the way.
    await book(4, 480 + 60, { caregiverIds: [near] });
    await book(1, 600, { serviceId: services.bathing, caregiverIds: [known, ill] });
    const [found] = await atRisk();
    expect(found?.proposals).toEqual([]);
    await server.database.write((manager) =>
      manager.query('DELETE FROM visit_caregiver WHERE caregiverId = ?', [near]),
    );
    const [again] = await atRisk();
    expect(again?.proposals.map(({ caregivers }) => idsOf(caregivers).sort())).toEqual([
      [known, near].sort(),
    ]);
    expect(unskilled).toBeGreaterThan(0);
  });

  it('replaces both of a pair that is away', async () => {
    const { stationId } = town;
    const fourth = await addWorker(server.database, { stationId, name: '四' });
    await recordAbsence(0, 1440, fourth);
    await book(1, 600, { serviceId: services.bathing, caregiverIds: [ill, fourth] });
    const [found] = await atRisk();
    expect(idsOf(found?.missing ?? []).sort()).toEqual([ill, fourth].sort());
    expect(found?.proposals.map(({ caregivers }) => idsOf(caregivers).sort())).toContainEqual(
      [near, known].sort(),
    );
  });

  it('is empty for a caregiver elsewhere and for nobody, with the same work', async () => {
    await book(0, 540);
    const other = await server.managerToken(town.otherCountyId);
    expect(await atRisk(ill, 0, 1440, other)).toEqual([]);
    const foreign = await statementsOf(server.database, () => atRisk(ill, 0, 1440, other));
    const unknown = await statementsOf(server.database, () => atRisk(999_999, 0, 1440, other));
    expect(unknown.statements.map((text) => text.replaceAll(/\d+/g, '0'))).toEqual(
      foreign.statements.map((text) => text.replaceAll(/\d+/g, '0')),
    );
  });

  it('asks the database the same, however many visits are at risk', async () => {
    await book(0, 540);
    const one = await statementsOf(server.database, () => atRisk());
    await book(1, 660);
    await book(2, 780);
    await book(3, 900);
    const four = await statementsOf(server.database, () => atRisk());
    expect(four.result).toHaveLength(4);
    expect(four.statements.length).toBe(one.statements.length);
  });

  it.each([
    ['turned round', 10, 5],
    ['of no time', 10, 10],
    ['of two months', 0, 60 * 1440],
  ])('is no answer to an absence %s', async (_what, from, to) => {
    const query = `{ visitsAtRisk(caregiverId: ${ill}, from: "${instantOn(planDate, from).toISOString()}", to: "${instantOn(planDate, to).toISOString()}") { version } }`;
    const { body } = await server.post(query, {}, token);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: ['to'] });
  });
});

describe('takeOver', () => {
  it('gives all of the visits to those who are named, each with its event', async () => {
    const [one, two] = [await book(0, 540), await book(1, 700)];
    await recordAbsence(0, 1440);
    const answer = await takeOver([
      { visitId: one, caregiverIds: [near] },
      { visitId: two, caregiverIds: [known] },
    ]);
    expect(answer.visits?.map(({ id, caregivers }) => [Number(id), idsOf(caregivers)])).toEqual([
      [one, [near]],
      [two, [known]],
    ]);
    expect(await stateOf(one)).toEqual([2, 'ASSIGNED', [near]]);
    const events = await server.database.read((manager) =>
      manager.query('SELECT visitId, version, kind, status, byId FROM visit_event ORDER BY visitId'),
    );
    expect(
      events.map((row: { kind: string; version: number; status: string }) => [
        row.kind,
        Number(row.version),
        row.status,
      ]),
    ).toEqual([
      ['ASSIGN', 2, 'ASSIGNED'],
      ['ASSIGN', 2, 'ASSIGNED'],
    ]);
    expect(events[0].byId).not.toBe(null);
  });

  it('changes nothing when one of them cannot be', async () => {
    const [one, two] = [await book(0, 540), await book(1, 560, { caregiverIds: [known] })];
    const answer = await takeOver([
      { visitId: one, caregiverIds: [near] },
      { visitId: two, caregiverIds: [near] },
    ]);
    expect(answer).toMatchObject({ code: 'NOT_POSSIBLE' });
    expect(await stateOf(one)).toEqual([1, 'ASSIGNED', [ill]]);
    expect(await stateOf(two)).toEqual([1, 'ASSIGNED', [known]]);
  });

  it('keeps the one of two who stays', async () => {
    const visitId = await book(1, 600, { serviceId: services.bathing, caregiverIds: [ill, known] });
    expect(await takeOver([{ visitId, caregiverIds: [known, near] }])).toMatchObject({
      __typename: 'VisitsTakenOver',
    });
    expect(await stateOf(visitId)).toEqual([2, 'ASSIGNED', [near, known].sort((a, b) => a - b)]);
  });

  it('lets the second come when the second was to come', async () => {
    const visitId = await book(1, 600, {
      serviceId: services.turning,
      caregiverIds: [ill, known],
      after: [0, 20],
    });
    await takeOver([{ visitId, caregiverIds: [near, known] }]);
    const rows: { caregiverId: number; startsAt: number | string }[] = await server.database.read((manager) =>
      manager.query('SELECT caregiverId, startsAt FROM visit_caregiver WHERE visitId = ? ORDER BY startsAt', [
        visitId,
      ]),
    );
    expect(rows.map(({ caregiverId, startsAt }) => [caregiverId, new Date(Number(startsAt))])).toEqual([
      [near, instantOn(planDate, 600)],
      [known, instantOn(planDate, 620)],
    ]);
  });

  it('goes past the wish for a caregiver by name', async () => {
    const visitId = await book(0, 540, { wishedCaregiverId: ill });
    await recordAbsence(0, 1440);
    expect(await takeOver([{ visitId, caregiverIds: [near] }])).toMatchObject({
      __typename: 'VisitsTakenOver',
    });
  });

  it('is refused with code and field', async () => {
    const visitId = await book(0, 540);
    const stranger = await addWorker(server.database, { stationId: town.otherStationId, name: '外' });
    const begun = await book(1, 700, { status: 'IN_PROGRESS' });
    const refused = async (...given: Parameters<typeof takeOver>) => {
      const { code, field } = await takeOver(...given);
      return [code, field?.join('.')];
    };
    const good = { visitId, caregiverIds: [near] };
    expect(await refused([])).toEqual(['VISITS_INVALID', 'takeOvers']);
    expect(await refused([good, good])).toEqual(['VISITS_INVALID', 'takeOvers']);
    expect(await refused([good, { ...good, visitId: 999_999 }])).toEqual([
      'VISIT_UNKNOWN',
      'takeOvers.1.visitId',
    ]);
    expect(await refused([good], await server.managerToken(town.otherCountyId))).toEqual([
      'VISIT_UNKNOWN',
      'takeOvers.0.visitId',
    ]);
    expect(await refused([{ visitId, caregiverIds: [stranger] }])).toEqual([
      'CAREGIVER_UNKNOWN',
      'takeOvers.0.caregiverIds.0',
    ]);
    expect(await refused([{ visitId: begun, caregiverIds: [near] }])).toEqual([
      'WRONG_STATUS',
      'takeOvers.0.visitId',
    ]);
    expect(await refused([{ ...good, version: 7 }])).toEqual(['VISIT_CHANGED', 'takeOvers.0.version']);
    expect(await refused([{ visitId, caregiverIds: [] }])).toEqual([
      'NOT_POSSIBLE',
      'takeOvers.0.caregiverIds',
    ]);
    expect(await refused([{ visitId, caregiverIds: [near, known] }])).toEqual([
      'NOT_POSSIBLE',
      'takeOvers.0.caregiverIds',
    ]);
    expect(await refused([{ visitId, caregiverIds: [ill] }])).toEqual([undefined, undefined]);
    await recordAbsence(0, 1440, near);
    expect(await refused([{ ...good, version: 2 }])).toEqual(['NOT_POSSIBLE', 'takeOvers.0.caregiverIds']);
  });

  it('gives two visits at the same time to one of two managers, and never to the same person twice', async () => {
    const [one, two] = [await book(0, 540), await book(1, 560, { caregiverIds: [known] })];
    const answers = await Promise.all([
      takeOver([{ visitId: one, caregiverIds: [near] }]),
      takeOver([{ visitId: two, caregiverIds: [near] }]),
    ]);
    expect(answers.map(({ __typename: name, code }) => code ?? name).sort()).toEqual([
      'NOT_POSSIBLE',
      'VisitsTakenOver',
    ]);
  });
});
