import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askTransfer } from '../../src/beds/ask-transfer.js';
import { startLeave } from '../../src/beds/leave-stay.js';
import { addDays } from '../../src/shared/china-time.js';
import { addBeds, addHome, addResident, admitted, allBeds, tryHold } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, noon, type Town, today } from '../support/town.js';
import { joined, tryOffer } from '../support/waiting.js';

let server: TestServer;
let town: Town;
let manager: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  town = await buildTown(server.database);
  manager = await server.managerToken(town.countyId);
});
afterAll(() => server.close());

interface Home {
  id: number;
  elderId: number;
  entryId: number;
  stayId: number;
}

/** A home with so many of everything that a question about beds shows. */
async function homeOf(count: number): Promise<Home> {
  const id = await addHome(town);
  const other = await addHome(town);
  await addBeds(town, other, [{}]);
  const { managerId: byId } = town;
  const [elderIds, bedIds] = [
    await Promise.all(Array.from({ length: count * 4 }, () => addResident(town))),
    await addBeds(
      town,
      id,
      Array.from({ length: count * 5 }, () => ({})),
    ),
  ];
  const at = (list: readonly number[], index: number) => list[index] ?? 0;
  let [stayId, entryId] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const stay = await admitted(town, { bedId: at(bedIds, index), elderId: at(elderIds, index) });
    const away = await admitted(town, {
      bedId: at(bedIds, count + index),
      elderId: at(elderIds, count + index),
    });
    stayId = stay.id;
    await tryHold(town, { bedId: at(bedIds, 2 * count + index), elderId: at(elderIds, 2 * count + index) });
    entryId = (await joined(town, { elderId: at(elderIds, 3 * count + index), facilityId: id })).id;
    const offered = await tryOffer(town, { bedId: at(bedIds, 3 * count + index), entryId });
    if ('refused' in offered) throw new Error(offered.refused);
    await server.database.write(async (writer) => {
      const leave = { id: await town.ids.take(1), stayId: away.id, on: today, kind: 'HOME' as const };
      await startLeave(writer, { ...leave, expectedBackOn: null, byId, now: noon }, allBeds);
      const asked = { id: await town.ids.take(1), requestId: randomUUID(), stayId, facilityId: other };
      const result = await askTransfer(writer, { ...asked, on: addDays(today, 1), byId, now: noon }, allBeds);
      if ('refused' in result) throw new Error(result.refused);
    });
  }
  return { id, elderId: at(elderIds, 3 * count), entryId, stayId };
}

const bed = 'id room label state facility { name }';
const stay = `id from state bed { ${bed} } elder { id name }`;
const questions: Record<string, (home: Home) => string> = {
  bedBoard: ({ id }) =>
    `bedBoard(facilityId: ${id}) { state bed { ${bed} } stay { ${stay} } occupant { name } }`,
  'beds of a facility': ({ id }) => `facility(id: ${id}) { beds(first: 200) { nodes { ${bed} } } }`,
  availableBeds: ({ id }) =>
    `availableBeds(within: ${id}, from: "${today}", first: 200) { totalCount nodes { ${bed} } }`,
  'occupancy of a year ahead': ({ id }) =>
    `occupancy(within: ${id}, from: "${today}", to: "2027-03-01") { date total occupied free }`,
  bedFigures: ({ id }) =>
    `bedFigures(within: ${id}, from: "2026-01-01", to: "2026-03-01") { occupiedDays averageStayDays }`,
  freeBeds: ({ id }) => `freeBeds(within: ${id}) { type days { date free } }`,
  waitlist: ({ id }) =>
    `waitlist(facilityId: ${id}) { position elder { name } facility { name } offer { bed { ${bed} } } }`,
  countyWaitlist: ({ id }) =>
    `countyWaitlist(within: ${id}) { position elder { name } facility { name } offer { bed { ${bed} } } }`,
  waitlistPositionOf: ({ elderId }) => `waitlistPositionOf(elderId: ${elderId}) { position className }`,
  explainPosition: ({ entryId }) => `explainPosition(entryId: ${entryId})`,
  openTransfers: ({ id }) => `openTransfers(facilityId: ${id}) { id stay { ${stay} } }`,
  stayCharges: ({ stayId }) => `stayCharges(stayId: ${stayId}, month: "2026-03") { fen lines { days } }`,
};

const incidental = /id_sequence|access_token|^(BEGIN|START|COMMIT|SET|ROLLBACK|SAVEPOINT|RELEASE)/i;

it('no question about beds asks more often where there is more to show', async () => {
  const few = await homeOf(2);
  const many = await homeOf(12);
  for (const [name, question] of Object.entries(questions)) {
    const asked = async (home: Home) => {
      const { result, statements } = await statementsOf(server.database, () =>
        server.post(`{ ${question(home)} }`, {}, manager),
      );
      expect(result.body.errors, name).toBeUndefined();
      expect(JSON.stringify(result.body.data).length, name).toBeGreaterThan(40);
      return statements.filter((statement) => !incidental.test(statement)).length;
    };
    const counts = { name, few: await asked(few), many: await asked(many) };
    expect(counts).toEqual({ ...counts, many: counts.few });
    expect(counts.few, name).toBeLessThanOrEqual(24);
  }
});

const edges = [
  '0001-01-01',
  '1000-01-01',
  '2024-02-29',
  '2028-02-29',
  '2100-02-28',
  '9999-12-16',
  '9999-12-31',
];

it('every question about a day is answered at the ends of the calendar and on leap days', async () => {
  const { id } = await homeOf(1);
  const total = (on: string) => (on < '2020' ? 0 : 5);
  for (const on of edges) {
    const answers = `bedBoard(facilityId: ${id}, on: "${on}") { state }
      occupancy(within: ${id}, from: "${on}", to: "${on}") { total }
      bedFigures(within: ${id}, from: "${on}", to: "${on}") { registeredDays }
      availableBeds(within: ${id}, from: "${on}") { totalCount }
      facility(id: ${id}) { rollup(on: "${on}") { beds { total } } beds(first: 5) { nodes { state(on: "${on}") } } }`;
    const { body } = await server.post<{
      bedBoard: unknown[];
      facility: { rollup: { beds: { total: number } } };
    }>(`{ ${answers} }`, {}, manager);
    expect(body.errors, on).toBeUndefined();
    expect({ on, board: body.data.bedBoard.length }).toEqual({ on, board: total(on) });
    expect({ on, count: body.data.facility.rollup.beds.total }).toEqual({ on, count: total(on) });
  }
  const free = async (on: string) => {
    const asked = `{ freeBeds(within: ${id}, on: "${on}") { days { date } } }`;
    const { body } = await server.post<{ freeBeds: { days: unknown[] }[] }>(asked, {}, manager);
    return body.errors?.[0]?.extensions?.code ?? body.data.freeBeds[0]?.days.length;
  };
  expect(await free('9999-12-16')).toBe(15);
  expect(await free('9999-12-17')).toBe('BAD_USER_INPUT');
});
