import { afterAll, beforeAll, expect, it } from 'vitest';
import { GraphClient } from '../../seeds/day/graph-client.js';
import { PatientClient } from '../../seeds/day/patient-client.js';
import { chooseStatements } from '../../seeds/month/choose-statements.js';
import { lendPlaces, type MonthPeople } from '../../seeds/month/people.js';
import { type PlayedMonth, playMonth, wrongAnswers } from '../../seeds/month/play-month.js';
import { reconcileStatement } from '../../seeds/month/reconcile.js';
import { expectAuditClean } from '../support/audited.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { at } from '../support/settlement.js';
import { addPerson, signedIn } from '../support/staff.js';
import { intakeOf, tap } from '../support/taps.js';
import { addDiner } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

const month = '2026-03';
let server: ListeningServer;
let town: TwoCounties;
let graph: GraphClient;
let client: PatientClient;
let people: MonthPeople;
let admin: string;
let played: PlayedMonth;

/** Six elders eat at two canteens of a street, one of them twice; then the month is over. */
beforeAll(async () => {
  server = await startListeningServer({ at: at('2026-03-11T12:00:00') });
  town = await buildTwoCounties(server.database);
  const intake = intakeOf(town, { clock: server.clock });
  for (let index = 0; index < 6; index += 1) {
    const { uid } = await addDiner(town);
    const swipedAt = at('2026-03-11T12:00:00');
    await intake.record(tap(town, { cardUid: uid, swipedAt }, { canteen: index % 2 === 0 ? 0 : 1 }));
  }
  server.clock.set(at('2026-04-01T09:00:00'), 0);
  graph = new GraphClient(`${server.origin}/graphql`, 1);
  client = new PatientClient(graph);
  const account = async (role: 'MANAGER' | 'FINANCE' | 'AUDITOR', facilityId: number) =>
    (await server.account(role, facilityId)).token;
  const person = async (role: 'MANAGER', facilityId: number) => {
    const { userName } = await addPerson(server.database, role, facilityId);
    return (await signedIn(server, userName)).accessToken;
  };
  admin = await server.adminToken();
  people = {
    // At one of the two; the other is lent.
    canteen: await person('MANAGER', town.canteenIds[0]),
    street: await person('MANAGER', town.streetId),
    county: await account('MANAGER', town.countyId),
    finance: await account('FINANCE', town.countyId),
    auditor: await account('AUDITOR', town.countyId),
  };
});
afterAll(async () => {
  await graph.close();
  await server.close();
});

const ids = () => town.canteenIds.map(String);

it('chooses the first month with meals that are not settled, without the canteen that is left out', async () => {
  const options = { countyId: String(town.countyId), leftOut: 'CANTEEN-1', count: 10, today: '2026-04-01' };
  expect(await chooseStatements(client, admin, options)).toEqual({
    month,
    canteens: [{ canteenId: ids()[1], streetId: String(town.streetId) }],
  });
  const elsewhere = { ...options, countyId: String(town.otherCountyId) };
  expect(await chooseStatements(client, admin, elsewhere)).toBeUndefined();
});

it('closes the month of both canteens, each step by whom the table names and by nobody else', async () => {
  const takeBack = await lendPlaces(client, admin, { token: people.canteen, facilityIds: ids() });
  const statements = ids().map((canteenId) => ({ canteenId, month }));
  const done: number[] = [];
  const onProgress = (count: number) => done.push(count);
  played = await playMonth({ client, people, database: server.database, statements, onProgress });
  expect(wrongAnswers(played.tried)).toEqual([]);
  expect(done).toEqual([1, 2]);
  const said = new Set(played.tried.map((each) => each.said));
  for (const answer of [
    'FORBIDDEN',
    'NOT_ENTITLED',
    'SAME_PERSON',
    'DISPUTES_OPEN',
    'FROZEN',
    'MONTH_CLOSED',
  ]) {
    expect(said).toContain(answer);
  }
  await takeBack();
  const asked = { canteenId: ids()[1], month: '2026-04' };
  const query =
    'query Lent($canteenId: ID!, $month: String!) { canteenStatement(canteenId: $canteenId, month: $month) { state } }';
  await expect(client.ask(query, asked, people.canteen)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

it('every way to its money leads to the same', async () => {
  const meals = { grossFen: 3600, subsidyFen: 900, discountFen: 0, selfPaidFen: 2700 };
  expect(played.reconciled).toHaveLength(2);
  for (const { faults, ...ways } of played.reconciled) {
    expect(faults).toEqual([]);
    expect(ways).toMatchObject({
      statement: meals,
      ledger: meals,
      trialBalance: meals,
      csv: meals,
      xlsx: meals,
    });
  }
  await expectAuditClean(server.database);
});

it('and a line that was changed behind its back shows', async () => {
  await server.database.write((manager) =>
    manager.query(
      `UPDATE statement_line SET subsidyFen = subsidyFen + 100, selfPaidFen = selfPaidFen - 100
        WHERE statementId = (SELECT id FROM month_statement WHERE facilityId = ?) AND subsidyFen > 0`,
      [town.canteenIds[0]],
    ),
  );
  const { faults } = await server.database.read((manager) =>
    reconcileStatement(
      { canteenId: ids()[0] as string, month },
      { client, financeToken: people.finance, manager },
    ),
  );
  expect(faults.join('; ')).toContain('CSV 补贴（元） 900 against 1200');
});
