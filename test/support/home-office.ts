import { randomUUID } from 'node:crypto';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { setBedSubsidy } from '../../src/beds/bed-days/set-bed-subsidy.js';
import { discharge } from '../../src/beds/discharge.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import type { Day } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { insertRows } from '../../src/shared/statements.js';
import { addBeds, addHome, addResident, admitted, allBeds, type BedWish } from './beds.js';
import { at, saidOf, stepFields } from './settlement.js';
import { startTestServer, type TestServer } from './test-server.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

const people = ['home', 'home2', 'street', 'street2', 'county', 'finance', 'otherCounty', 'auditor'] as const;
export type HomePerson = (typeof people)[number];

export interface HomeLineAnswer {
  id: string;
  kind: string;
  day: string;
  correctsMonth: string | null;
  elderId: string;
  elderName: string;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  funders: { code: string; fen: number }[];
  dispute: { id: string; state: string; decision: string | null } | null;
  stay: {
    stayId: string;
    bedName: string;
    bedType: string;
    level: number | null;
    presentDays: number;
    homeLeaveDays: number;
    hospitalDays: number;
    countedDays: number;
    days: string;
  };
}

type Terms = Parameters<typeof setBedSubsidy>[1]['terms'];
/** 300 yuan a month from level 2 on, 100 for whoever else has one; five days at home and ten in hospital count. */
export const cityTerms: Terms = {
  per: 'MONTH',
  wholeMonthDays: null,
  homeLeaveDaysMax: 5,
  hospitalDaysMax: 10,
  rates: [
    { bedType: null, levelMin: 2, levelMax: 4, fen: 30_000 },
    { bedType: null, levelMin: 0, levelMax: 1, fen: 10_000 },
  ],
};

/** Noon of a day, by which something is entered. */
export const noonOf = (day: Day) => at(`${day}T12:00:00`);

export type HomeOffice = Awaited<ReturnType<typeof openHomeOffice>>;

/** What managers of the home do, as of a day. */
export function homeDeeds(town: TwoCounties) {
  const { database, ids, managerId: byId } = town;
  const acting = (on: Day) => ({ byId, now: noonOf(on) });
  const done = <Result extends object>(result: Result) => {
    if ('refused' in result) throw new Error(JSON.stringify(result));
    return result;
  };
  return {
    /** An elder comes into a bed on a day, entered on that day or another. */
    admit: async (bedId: number, elderId: number, from: Day, entered = from) =>
      (await admitted(town, { bedId, elderId, from, now: noonOf(entered) })).id,
    async discharge(stayId: number, on: Day, entered = on) {
      const wanted = { stayId, on, reason: 'HOME', note: null, ...acting(entered) };
      done(await database.write((manager) => discharge(manager, wanted, allBeds)));
    },
    async leave(stayId: number, kind: LeaveKind, from: Day, to: Day | null, entered = to ?? from) {
      const id = await ids.take(1);
      const wanted = { id, stayId, on: from, kind, expectedBackOn: null, ...acting(entered) };
      done(await database.write((manager) => startLeave(manager, wanted, allBeds)));
      if (to === null) return;
      const ending = { stayId, on: to, ...acting(entered) };
      done(await database.write((manager) => endLeave(manager, ending, allBeds)));
    },
    async move(stayId: number, bedId: number, on: Day, entered = on) {
      const id = await ids.take(1);
      const wanted = { id, requestId: randomUUID(), stayId, bedId, on, ...acting(entered) };
      const stay = await database.write((manager) => transferStay(manager, wanted, allBeds));
      return (done(stay) as { id: number }).id;
    },
    async pays(funder: string, terms: Terms, from: Day, facilityId: number | null = town.countyId) {
      const wanted = { key: { facilityId, funder, from }, terms, ...acting(from) };
      const set = await database.write((manager) => setBedSubsidy(manager, wanted, 'everywhere'));
      if (isRefusal(set)) throw new Error(JSON.stringify(set));
    },
  };
}

/** A server with a home beneath a street, a funder that pays for its beds, and somebody at each level. */
export async function openHomeOffice(beds: readonly BedWish[] = Array<BedWish>(8).fill({ type: 'NURSING' })) {
  const settings = { callerRatePerSecond: 0, objectRatePerMinute: 0 };
  const server = await startTestServer({ at: noonOf('2026-02-01'), settings });
  const town = await buildTwoCounties(server.database);
  const deeds = homeDeeds(town);
  const homeId = await addHome(town, town.streetId);
  const bedIds = await addBeds(town, homeId, beds);
  await server.database.write((manager) =>
    insertRows(manager, 'funder', ['code', 'name', 'level'], [['CHARITY', '慈善会', 'DONOR']]),
  );
  await deeds.pays('BUREAU', cityTerms, '2026-02-01');
  const tokens = await tokensOf(server, town, homeId);
  const post = <Data>(person: HomePerson, query: string) => server.post<Data>(query, {}, tokens[person]);
  const ask = async <Data>(person: HomePerson, query: string) => {
    const { body } = await post<Data>(person, query);
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data;
  };
  return {
    ...{ server, town, deeds, homeId, bedIds, tokens, ask },
    resident: (options: Parameters<typeof addResident>[1] = {}) => addResident(town, options),
    async step(person: HomePerson, mutation: string, month: string, more = '') {
      const { body } = await post<Record<string, Parameters<typeof saidOf>[0]>>(
        person,
        `mutation { ${mutation}(canteenId: ${homeId}, month: "${month}"${more}) ${stepFields} }`,
      );
      return saidOf(body.data?.[mutation], body.errors?.[0]?.extensions.code);
    },
    async say(person: HomePerson, mutation: string) {
      const fields = '... on CanteenStatement { state } ... on StatementRefusal { code field }';
      const { body } = await post<Record<string, { state?: string; code?: string; field?: string[] }>>(
        person,
        `mutation { said: ${mutation} { ${fields} } }`,
      );
      const { said } = body.data ?? {};
      return (
        said?.state ??
        [said?.code ?? body.errors?.[0]?.extensions.code, said?.field?.join('.')].join(' ').trim()
      );
    },
    async lines(month: string, filter = '', facilityId = homeId) {
      const data = await ask<{ statementLines: { nodes: HomeLineAnswer[] } }>(
        'county',
        `{ statementLines(canteenId: ${facilityId}, month: "${month}", first: 200${filter}) { nodes {
            id kind day correctsMonth elderId elderName grossFen subsidyFen discountFen funders { code fen }
            dispute { id state decision }
            stay { stayId bedName bedType level presentDays homeLeaveDays hospitalDays countedDays days } } } }`,
      );
      return data.statementLines.nodes;
    },
    async statement(month: string, facilityId = homeId) {
      type Sums = Record<
        | 'lines'
        | 'bedDays'
        | 'homeLeaveDays'
        | 'hospitalDays'
        | 'countedDays'
        | 'elders'
        | 'meals'
        | 'visits',
        number
      > &
        Record<'grossFen' | 'subsidyFen' | 'discountFen' | 'operatorFen', number>;
      type Data = {
        canteenStatement: {
          kind: string;
          state: string;
          sums: Sums;
          shares: { part: string; code: string; units: number; fen: number }[];
        };
      };
      const query = `{ canteenStatement(canteenId: ${facilityId}, month: "${month}") { kind state
          sums { lines bedDays homeLeaveDays hospitalDays countedDays elders meals visits grossFen subsidyFen
                 discountFen operatorFen }
          shares { part code units fen } } }`;
      return (await ask<Data>('county', query)).canteenStatement;
    },
    /** The days of the home as the figures of occupancy have them. */
    async figures(from: Day, to: Day, facilityId = homeId) {
      type Data = { bedFigures: { occupiedDays: number; leaveDays: number } };
      const query = `{ bedFigures(within: ${facilityId}, from: "${from}", to: "${to}") { occupiedDays leaveDays } }`;
      return (await ask<Data>('county', query)).bedFigures;
    },
  };
}

async function tokensOf(
  server: TestServer,
  town: TwoCounties,
  homeId: number,
): Promise<Record<HomePerson, string>> {
  return {
    home: await server.managerToken(homeId),
    home2: await server.managerToken(homeId),
    street: await server.managerToken(town.streetId),
    street2: await server.managerToken(town.streetId),
    county: await server.managerToken(town.countyId),
    finance: (await server.account('FINANCE', town.countyId)).token,
    otherCounty: await server.managerToken(town.otherCountyId),
    auditor: (await server.account('AUDITOR', town.countyId)).token,
  };
}
