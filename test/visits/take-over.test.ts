import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instantOn } from '../../src/shared/china-time.js';
import { addWorker, planDate } from '../support/planned-day.js';
import {
  book,
  closeTakeOver,
  idsOf,
  ill,
  known,
  near,
  newCaregivers,
  recordAbsence,
  server,
  services,
  startTakeOver,
  token,
  town,
} from '../support/taken-over.js';

beforeAll(startTakeOver);
beforeEach(newCaregivers);
afterAll(closeTakeOver);

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
