import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instantOn } from '../../src/shared/china-time.js';
import { statementsOf } from '../support/count-statements.js';
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
