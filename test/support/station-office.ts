import { VisitCaregiver } from '../../entities/index.js';
import { instantOn } from '../../src/shared/china-time.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { type Carer, carerOf, setDoor, tapOf, tapped, toldOf } from './care.js';
import { addService, approveHours, bookIn } from './hours.js';
import { hoursRules } from './hours-cases.js';
import { at, saidOf, stepFields } from './settlement.js';
import { startTestServer, type TestServer } from './test-server.js';
import { addDiner, noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';
import { addCaregiver } from './visits.js';

const people = ['station', 'station2', 'street', 'street2', 'county', 'finance', 'otherCounty'] as const;
export type Person = (typeof people)[number];

export interface StationLineAnswer {
  id: string;
  kind: string;
  day: string;
  correctsMonth: string | null;
  grossFen: number;
  subsidyFen: number;
  selfPaidFen: number;
  funders: { code: string; fen: number }[];
  dispute: { id: string; state: string; decision: string | null } | null;
  visit: {
    visitId: string;
    minutes: number;
    hoursMinutes: number;
    paidBecause: string | null;
    familyPaidFen: number;
  };
}

interface Bringing {
  isDoubtful?: boolean;
  uploadedAt?: string;
  hour?: number;
  /** When it is looked for and taken for missed, before anything is told. */
  missedAt?: string;
  /** What is done between the two taps. */
  between?: () => Promise<unknown>;
}

export interface StationOffice {
  server: TestServer;
  town: TwoCounties;
  /** A visit of an hour at ten, brought as its hour says, and told of at `uploadedAt`. */
  bring(day: string, options?: Bringing): Promise<number>;
  /** Books a visit and calls it off an hour before it begins. */
  callOff(day: string, more?: { causedBy?: 'FAMILY' | 'STATION' }): Promise<number>;
  decide(visitId: number, verdict: 'PAY' | 'BLOCK', now: string): Promise<string>;
  step(person: Person, mutation: string, month: string, more?: string): Promise<string>;
  ask<Data>(person: Person, query: string): Promise<Data>;
  lines(month: string, filter?: string): Promise<StationLineAnswer[]>;
  elderId: number;
}

/** A server with a home-care station beneath a street, hours that a funder pays, and somebody at each level. */
export async function openStationOffice(
  lateCancellation: 'GIVE_BACK' | 'FORFEIT' | 'PAY' = 'FORFEIT',
): Promise<StationOffice> {
  const settings = { callerRatePerSecond: 0, objectRatePerMinute: 0 };
  const server = await startTestServer({ at: noon, settings });
  const town = await buildTwoCounties(server.database);
  const { database } = server;
  const { stationId } = town;
  const serviceId = await addService(database);
  // Forty hours a month at 40 yuan, of which the family pays a tenth.
  const rule = {
    minutes: 2400,
    pays: { kind: 'PER_HOUR' as const, fen: 4000 },
    selfPaidPercent: 10,
    lateCancellation,
  };
  await approveHours(database, town.countyId, hoursRules([rule]));
  const { elderId } = await addDiner(town, { name: '王小明' });
  await setDoor({ ...town, serviceId }, elderId);
  const carer = await carerAt(server, town);
  const tokens: Record<Person, string> = {
    station: await server.managerToken(stationId),
    station2: await server.managerToken(stationId),
    street: await server.managerToken(town.streetId),
    street2: await server.managerToken(town.streetId),
    county: await server.managerToken(town.countyId),
    finance: (await server.account('FINANCE', town.countyId)).token,
    otherCounty: await server.managerToken(town.otherCountyId),
  };
  const post = <Data>(person: Person, query: string) => server.post<Data>(query, {}, tokens[person]);
  return {
    server,
    town,
    elderId,
    async bring(day, { isDoubtful = false, uploadedAt, hour = 10, missedAt, between } = {}) {
      const visitId = await assigned(server, { elderId, serviceId, stationId, day, at: hour * 60 }, carer);
      if (missedAt !== undefined) await raiseAlerts(database, at(missedAt));
      for (const [kind, minute] of [
        ['IN', hour * 60],
        ['OUT', hour * 60 + 60],
      ] as const) {
        const tap = { kind, at: instantOn(day, minute), isOffline: uploadedAt !== undefined };
        const where = isDoubtful ? { latitude: null, longitude: null, accuracyMetres: null } : {};
        const now = uploadedAt === undefined ? tap.at : at(uploadedAt);
        const told = toldOf(await tapped(server, carer, tapOf(visitId, { ...tap, ...where }), now));
        if (told !== 'recorded') throw new Error(`${kind} ${told}`);
        if (kind === 'IN') await between?.();
      }
      return visitId;
    },
    async callOff(day, { causedBy } = {}) {
      const visitId = await assigned(server, { elderId, serviceId, stationId, day, at: 14 * 60 }, carer);
      server.clock.set(instantOn(day, 13 * 60), 0);
      const cause = causedBy === undefined ? '' : `, causedBy: ${causedBy}`;
      const { body } = await post<{ cancelVisit: { status?: string } }>(
        'station',
        `mutation { cancelVisit(visitId: ${visitId}, reason: "老人不在家"${cause}) {
           ... on Visit { status } ... on VisitRefusal { code } } }`,
      );
      if (body.data?.cancelVisit.status !== 'CANCELLED') throw new Error(JSON.stringify(body));
      return visitId;
    },
    async decide(visitId, verdict, now) {
      server.clock.set(at(now), 0);
      const { body } = await post<{ decideVisitEvidence: { decided?: string; code?: string } }>(
        'station',
        `mutation { decideVisitEvidence(visitId: ${visitId}, verdict: ${verdict}, note: "核实") {
           ... on VisitEvidence { decided } ... on CareRefusal { code } } }`,
      );
      const { decided, code } = body.data.decideVisitEvidence;
      return decided ?? code ?? '';
    },
    async step(person, mutation, month, more = '') {
      const { body } = await post<Record<string, Parameters<typeof saidOf>[0]>>(
        person,
        `mutation { ${mutation}(canteenId: ${stationId}, month: "${month}"${more}) ${stepFields} }`,
      );
      return saidOf(body.data?.[mutation], body.errors?.[0]?.extensions.code);
    },
    async ask<Data>(person: Person, query: string) {
      const { body } = await post<Data>(person, query);
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data;
    },
    async lines(month, filter = '') {
      const { body } = await post<{ statementLines: { nodes: StationLineAnswer[] } }>(
        'finance',
        `{ statementLines(canteenId: ${stationId}, month: "${month}", first: 200${filter}) { nodes {
            id kind day correctsMonth grossFen subsidyFen selfPaidFen funders { code fen }
            dispute { id state decision } visit { visitId minutes hoursMinutes paidBecause familyPaidFen } } } }`,
      );
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data.statementLines.nodes;
    },
  };
}

async function carerAt({ database }: TestServer, town: TwoCounties): Promise<Carer> {
  const caregiverId = await addCaregiver(database, { stationId: town.stationId });
  const [row]: { accountId: number }[] = await database.read((manager) =>
    manager.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  return carerOf({ ...town, serviceId: 0 }, { caregiverId, accountId: row?.accountId ?? 0 });
}

/** A visit with hours reserved, and the caregiver who is to bring it. */
async function assigned(
  { database }: TestServer,
  visit: Parameters<typeof bookIn>[1],
  { caregiverId }: Carer,
): Promise<number> {
  return database.write(async (manager) => {
    const { visitId } = await bookIn(manager, visit);
    const from = visit.at ?? 600;
    await manager.insert(VisitCaregiver, {
      visitId,
      caregiverId,
      startsAt: instantOn(visit.day, from),
      endsAt: instantOn(visit.day, from + 60),
    });
    await manager.query("UPDATE visit SET status = 'ASSIGNED' WHERE id = ?", [visitId]);
    return visitId;
  });
}
