import { randomUUID } from 'node:crypto';
import { AccessGrant } from '../../entities/index.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { type Answer, startTestServer, type TestServer } from './test-server.js';
import { addDiner, type Diner, windows } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** Beijing time. */
export const at = (text: string) => new Date(`${text}+08:00`);

export interface Office {
  server: TestServer;
  town: TwoCounties;
  canteenId: number;
  tokens: Record<
    | 'canteen'
    | 'canteen2'
    | 'street'
    | 'street2'
    | 'county'
    | 'finance'
    | 'finance2'
    | 'otherCounty'
    | 'both'
    | 'admin'
    | 'reader',
    string
  >;
  /** A lunch tapped at noon of `day` and uploaded at the instant, now without it; the swipe's id. */
  eat(diner: Diner, day: string, uploadedAt?: string): Promise<string>;
  diner(name?: string): Promise<Diner>;
  /** One step of a statement: the state that it led to, or the code of the refusal and its field. */
  step(token: keyof Office['tokens'], mutation: string, month: string, more?: string): Promise<string>;
  ask<Data>(token: keyof Office['tokens'], query: string): Promise<Answer<Data>>;
  lines(month: string, filter?: string): Promise<ListedLine[]>;
  download(token: keyof Office['tokens'] | undefined, file: string): Promise<Download>;
}

export interface ListedLine {
  id: string;
  kind: string;
  day: string;
  correctsMonth: string | null;
  elderName: string | null;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  funders: { code: string; fen: number }[];
  dispute: { id: string; state: string; decision: string | null } | null;
}

export interface Download {
  status: number;
  headers: Record<string, unknown>;
  bytes: Buffer;
}

let sequence = 0;

/** A server with two counties, a canteen beneath a street, and somebody at each level. */
export async function openOffice(): Promise<Office> {
  const server = await startTestServer({
    at: at('2026-03-10T12:00:00'),
    settings: { callerRatePerSecond: 0 },
  });
  const town = await buildTwoCounties(server.database);
  const [canteenId] = town.canteenIds;
  await server.database.write((manager) =>
    configureCanteen(manager, { canteenId, priceFenMax: 3000, windows }, 'everywhere', '2026-03-10'),
  );
  const manager = async (facilityId: number) => server.managerToken(facilityId);
  const finance = async (facilityId: number) => (await server.account('FINANCE', facilityId)).token;
  const tokens = {
    canteen: await manager(canteenId),
    canteen2: await manager(canteenId),
    street: await manager(town.streetId),
    street2: await manager(town.streetId),
    county: await manager(town.countyId),
    finance: await finance(town.countyId),
    finance2: await finance(town.countyId),
    otherCounty: await manager(town.otherCountyId),
    both: await bothIn(server, [canteenId, town.streetId]),
    admin: await server.adminToken(),
    reader: await server.readerToken(canteenId),
  };
  const ask = <Data>(token: keyof Office['tokens'], query: string) =>
    server.post<Data>(query, {}, tokens[token]);
  return {
    server,
    town,
    canteenId,
    tokens,
    ask,
    diner: (name) => addDiner(town, { balanceFen: 100_000, ...(name ? { name } : {}) }),
    async eat({ uid }, day, uploadedAt) {
      server.clock.set(at(uploadedAt ?? `${day}T12:00:00`), 0);
      sequence += 1;
      const swipeId = randomUUID();
      const input = `swipeId: "${swipeId}", sequence: ${sequence}, cardUid: "${uid}", swipedAt: "${day}T12:00:00+08:00", grossFen: 1200, offline: ${uploadedAt !== undefined}`;
      const { body } = await ask<{ recordSwipe: { outcome: string } }>(
        'reader',
        `mutation { recordSwipe(input: { ${input} }) { outcome } }`,
      );
      if (body.data.recordSwipe.outcome !== 'ACCEPTED') throw new Error(body.data.recordSwipe.outcome);
      return swipeId;
    },
    async step(token, mutation, month, more = '') {
      const { body } = await ask<Record<string, StepAnswer>>(
        token,
        `mutation { ${mutation}(canteenId: ${canteenId}, month: "${month}"${more}) ${stepFields} }`,
      );
      return saidOf(body.data?.[mutation], body.errors?.[0]?.extensions.code);
    },
    async lines(month, filter = '') {
      const { body } = await ask<{ statementLines: { nodes: ListedLine[] } }>(
        'finance',
        `{ statementLines(canteenId: ${canteenId}, month: "${month}", first: 200${filter}) { nodes {
            id kind day correctsMonth elderName grossFen subsidyFen discountFen selfPaidFen
            funders { code fen } dispute { id state decision } } } }`,
      );
      return body.data.statementLines.nodes;
    },
    async download(token, file) {
      const authorization = token ? { authorization: `Bearer ${tokens[token]}` } : {};
      const url = `/exports/statements/${file}`;
      const answer = await server.app.inject({ method: 'GET', url, headers: authorization });
      return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload };
    },
  };
}

/** Somebody who manages two places. */
async function bothIn(server: TestServer, [one, other]: [number, number]): Promise<string> {
  const { token, accountId } = await server.account('MANAGER', one);
  const grant = {
    accountId,
    role: 'MANAGER' as const,
    facilityId: other,
    fromAt: new Date(0),
    untilAt: null,
  };
  await server.database.write((manager) => manager.insert(AccessGrant, { ...grant, elderId: null }));
  return token;
}

interface StepAnswer {
  __typename: string;
  state: string;
  code: string;
  field: string[];
  message: string;
}

export const stepFields =
  '{ __typename ... on CanteenStatement { state version } ... on StatementRefusal { code field message } }';

export function saidOf(answer: StepAnswer | null | undefined, error: unknown): string {
  if (!answer) return String(error);
  return answer.__typename === 'CanteenStatement' ? answer.state : `${answer.code} ${answer.field.join('.')}`;
}
