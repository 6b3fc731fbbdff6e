import {
  buildCareTown,
  type Carer,
  type CareTown,
  carerOf,
  expectCareClean,
  later,
  newVisit,
  tapOf,
  tapped,
} from './care.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { startTestServer, type TestServer } from './test-server.js';
import { noon } from './town.js';
import { addCaregiver } from './visits.js';

export type CarerWithToken = Carer & { token: string };

/** Two caregivers of a station, its manager and the next county's, and the server that they ask. */
export interface CareOffice {
  open: TestDatabase;
  server: TestServer;
  town: CareTown;
  own: CarerWithToken;
  colleague: CarerWithToken;
  manager: string;
  stranger: string;
  /** What the one operation of a query answered, or the codes of its errors. */
  ask<Answer = Record<string, unknown>>(query: string, token: string): Promise<Answer>;
  /** A further caregiver of the station. */
  newCarer(): Promise<CarerWithToken>;
  /** The token of a relative of the elder with these rights. */
  relative(elderId: number, rights: string): Promise<string>;
  /** A visit that its caregiver has begun, and ended where it is said. */
  begun(options?: {
    isDone?: boolean;
    carer?: Carer;
    metres?: number;
  }): Promise<{ visitId: number; elderId: number }>;
  /** Finds nothing wrong in what was written, and closes everything. */
  close(): Promise<void>;
}

export const careRefusal = '... on CareRefusal { refused: code field }';

export async function openCareOffice(): Promise<CareOffice> {
  const open = await openTestDatabase();
  const settings = { objectRatePerMinute: 0, callerRatePerSecond: 0 };
  const server = await startTestServer({ on: open, at: noon, settings });
  const town = await buildCareTown(open.database);
  const newCarer = () => carerWithToken(server, town);
  const own = await newCarer();
  return {
    open,
    server,
    town,
    own,
    colleague: await newCarer(),
    manager: await server.managerToken(town.stationId),
    stranger: await server.managerToken(town.otherCountyId),
    ask: (query, token) => ask(server, query, token),
    newCarer,
    relative: (elderId, rights) => relativeOf(server, elderId, rights),
    begun: (options = {}) => begunVisit(town, { carer: own, ...options }),
    async close() {
      await expectCareClean(open);
      await server.close();
      await open.drop();
    },
  };
}

async function carerWithToken(server: TestServer, town: CareTown): Promise<CarerWithToken> {
  const { token, accountId } = await server.account('CAREGIVER', town.stationId);
  const caregiverId = await addCaregiver(server.database, { stationId: town.stationId, accountId });
  return { ...carerOf(town, { caregiverId, accountId }), token };
}

async function relativeOf(server: TestServer, elderId: number, rights: string): Promise<string> {
  const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
  await server.database.write((writer) =>
    writer.query('UPDATE access_grant SET familyRights = ? WHERE accountId = ?', [rights, accountId]),
  );
  return token;
}

async function ask<Answer>(server: TestServer, query: string, token: string): Promise<Answer> {
  const { body } = await server.post<Record<string, Answer>>(query, {}, token);
  if (body.errors) return body.errors.map(({ extensions }) => String(extensions.code)).join() as Answer;
  return Object.values(body.data)[0] as Answer;
}

async function begunVisit(
  town: CareTown,
  { isDone = false, carer, metres = 0 }: { isDone?: boolean; carer: Carer; metres?: number },
) {
  const visit = await newVisit(town, [carer], { from: later(-60).toISOString() });
  const away = metres === 0 ? {} : { latitude: 33 + metres / 111_195 };
  await tapped(town, carer, tapOf(visit.visitId, { at: later(-60), isOffline: true, ...away }), noon);
  if (isDone) {
    const out = tapOf(visit.visitId, { kind: 'OUT', at: later(-1), isOffline: true, ...away });
    await tapped(town, carer, out, noon);
  }
  return visit;
}
