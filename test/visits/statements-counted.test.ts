import { afterAll, beforeAll, expect, it } from 'vitest';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { insertRows } from '../../src/shared/statements.js';
import { measurementName, noteName } from '../../src/visits/sealed-care.js';
import { addElder, addHomeServices, addWorker } from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

/** What one is asked with ten visits, and what with a hundred: every edge to what hangs on a visit is asked for all. */
const [few, many] = [10, 100];

let server: TestServer;
let town: TwoCounties;
let elderId: number;
const tokens: Record<'manager' | 'family', string> = { manager: '', family: '' };
const caregivers: number[] = [];
const counts = new Map<string, number[]>();

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  town = await buildTwoCounties(server.database);
  await addHomeServices(server);
  tokens.manager = await server.managerToken(town.countyId);
  elderId = await addElder(town);
  const family = await server.account('FAMILY', null, '女儿', elderId);
  await server.database.write((m) =>
    m.query("UPDATE access_grant SET familyRights = 'BOOKING HEALTH MONEY' WHERE accountId = ?", [
      family.accountId,
    ]),
  );
  tokens.family = family.token;
  for (let index = 0; index < 5; index += 1) caregivers.push(await addWorker(town));
});
afterAll(() => server.close());

/** Visits of today that were brought, doubted, alarmed about, noted, measured and paid, each by another caregiver. */
async function addVisits(from: number, to: number): Promise<void> {
  const elders: number[] = [];
  for (let index = from; index < to; index += 1)
    elders.push(index % 2 === 0 ? elderId : await addElder(town));
  const { stationId } = town;
  await server.database.write(async (m) => {
    const [{ id: serviceId }] = await m.query("SELECT id FROM home_service WHERE code = 'CLEANING'");
    const cipher = cipherOf(m);
    const rows = elders.map((elder, index) => ({
      ...{ id: 10_000 + from + index, elder, carer: caregivers[index % caregivers.length] as number },
      at: noon.getTime() - (from + index + 60) * 60_000,
    }));
    const insert = (table: string, row: (of: (typeof rows)[number]) => Record<string, unknown>) =>
      insertRows(
        m,
        table,
        Object.keys(row(rows[0] as never)),
        rows.map((each) => Object.values(row(each))),
      );
    const span = (at: number) => ({ startsAt: at, endsAt: at + 1_800_000 });
    await insert('visit', ({ id, elder, at }) => ({
      ...{ id, requestId: `c-${id}`, occurrence: 0, elderId: elder, serviceId, stationId, ...span(at) },
      ...{ status: 'CANCELLED', subsidyFen: 1000, selfPaidFen: 4000, bookedAt: 0, version: 1 },
    }));
    await insert('visit_caregiver', ({ id, carer, at }) => ({
      visitId: id,
      caregiverId: carer,
      ...span(at),
    }));
    await insert('visit_event', ({ id, at }) => ({
      ...{ visitId: id, version: 1, kind: 'CANCEL', status: 'CANCELLED', startsAt: at, at },
      ...{ byId: town.managerId, isOverride: true, causedBy: 'FAMILY' },
    }));
    await insert('visit_objection', ({ id, at }) => ({
      ...{ visitId: id, openStationId: stationId, madeAt: at, madeById: town.managerId },
    }));
    await insert('visit_evidence', ({ id, at }) => ({
      ...{
        visitId: id,
        score: 50,
        decision: 'LOOK',
        reasons: 'LATE',
        scoredAt: at,
        openStationId: stationId,
      },
    }));
    await insert('visit_alert', ({ id, at }) => ({
      ...{ visitId: id, kind: 'NOT_BEGUN', level: 'STATION', facilityId: stationId, raisedAt: at },
    }));
    await insert('care_note', ({ id, elder, carer, at }) => ({
      ...{ requestId: `n-${id}`, visitId: id, elderId: elder, caregiverId: carer, writtenAt: at },
      textSealed: cipher.encrypt(noteName, '好'),
    }));
    await insert('care_measurement', ({ id, elder, carer, at }) => ({
      ...{ id, requestId: `m-${id}`, visitId: id, elderId: elder, caregiverId: carer, measuredAt: at },
      ...{ kind: 'PULSE', valueSealed: cipher.encrypt(measurementName, '700') },
    }));
    await insert('care_alert', ({ id, elder, at }) => ({
      ...{ measurementId: id, elderId: elder, stationId, direction: 'LOW', raisedAt: at },
    }));
    await insert('family_payment', ({ id, elder, at }) => ({
      ...{ id, requestId: `p-${id}`, visitId: id, elderId: elder, stationId, fen: 100, means: 'CASH' },
      ...{ takenById: town.managerId, bookedOn: today, recordedAt: at, recordedById: town.managerId },
    }));
    await insert('hours_posting', ({ id, elder, at }) => ({
      ...{ id, kind: 'FORFEIT', visitId: id, step: 2, elderId: elder, stationId, openStationId: stationId },
      ...{ bookedOn: today, postedAt: at },
    }));
    await insert('hours_entry', ({ id }) => ({
      ...{ postingId: id, line: 1, account: 'STATION_RECEIVABLE', ownerId: stationId, minutes: 0, fen: 1000 },
    }));
  });
}

const visit = `id startsAt status cancelledBy objection { decision note } elder { name } service { name } station { name }
  caregivers { name } agreed { flexMinutes } familyPaidFen familyPayments { fen takenBy } rating { stars } toBring`;
const questions: [string, keyof typeof tokens, string][] = [
  [
    'visitsOn',
    'manager',
    `{ visitsOn(date: "${today}", stationId: STATION) { ${visit} history { by } note } }`,
  ],
  ['visitAlerts', 'manager', `{ visitAlerts(first: 200) { facility { name } visit { ${visit} } } }`],
  ['careAlerts', 'manager', `{ careAlerts(first: 200) { value visit { ${visit} } } }`],
  ['objectionsForReview', 'manager', `{ objectionsForReview(first: 200) { reason visit { ${visit} } } }`],
  [
    'evidenceForReview',
    'manager',
    `{ evidenceForReview(first: 200) { nodes { note checks { countsAt } visit { ${visit} } } } }`,
  ],
  ['visitsDue', 'manager', '{ visitsDue(within: STATION, first: 200) { nodes { dueOn elder { name } } } }'],
  [
    'statementLines',
    'manager',
    '{ statementLines(canteenId: STATION, month: "2026-03", first: 200) { nodes { elderName funders { code } visit { familyPaidFen } } } }',
  ],
  [
    'careNotes, measurements and visits of an elder',
    'family',
    `{ elder(id: ELDER) { careNotes(first: 100) { text caregiverName } measurements(first: 100) { value }
        visits(first: 200) { nodes { ${visit} } } } }`,
  ],
];

it('every question about visits is as many statements with a hundred visits as with ten', async () => {
  const measure = async () => {
    for (const [name, who, text] of questions) {
      const query = text.replaceAll('STATION', String(town.stationId)).replaceAll('ELDER', String(elderId));
      const asked = () => server.post<Record<string, unknown>>(query, {}, tokens[who]);
      const { result, statements } = await statementsOf(server.database, asked);
      expect([name, result.body.errors]).toEqual([name, undefined]);
      const found = JSON.stringify(result.body.data).split('"startsAt"').length - 1;
      counts.set(name, [...(counts.get(name) ?? []), statements.length, found]);
    }
  };
  await addVisits(0, few);
  await measure();
  await addVisits(few, many);
  await measure();
  for (const [name, [before, foundBefore, after, foundAfter]] of counts) {
    expect([name, after]).toEqual([name, before]);
    if (foundBefore) expect([name, Number(foundAfter)]).toEqual([name, foundBefore * (many / few)]);
  }
});
