import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import {
  addRelative,
  changeRights,
  familyToken,
  type KeptMessages,
  keepMessages,
  letIn,
  type Person,
  relativesSeen,
  withdraw,
} from '../support/families.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let kept: KeptMessages;
let staff: string;
beforeAll(async () => {
  server = await startTestServer({
    at: noon,
    settings: { triesPerAddress: 100_000, callerRatePerSecond: 0 },
  });
  town = await buildTwoCounties(server.database);
  kept = keepMessages(server);
  staff = (await server.account('STAFF', town.streetId)).token;
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

const relative = (rights?: readonly FamilyRight[], more?: Parameters<typeof addRelative>[2]) =>
  addRelative({ server, town, kept, staff }, rights, more);
const all = ['BOOKING', 'HEALTH', 'MONEY'] as const;

describe('a relative', () => {
  const fields: Record<string, FamilyRight | undefined> = {
    name: undefined,
    birthDate: undefined,
    'age(on: "2026-03-10")': undefined,
    'homeStation { name }': undefined,
    idNumber: undefined,
    abilityLevel: 'HEALTH',
    categories: 'HEALTH',
    'card { status balanceFen elder { name } }': 'MONEY',
    'visits { totalCount }': 'BOOKING',
  };

  it.each([[[]], [['BOOKING']], [['HEALTH']], [['MONEY']], [['HEALTH', 'MONEY']], [all]] as const)(
    'with the rights %j sees just those fields',
    async (rights) => {
      const { token, elderId } = await relative(rights);
      for (const [field, right] of Object.entries(fields)) {
        const { body } = await server.post<Record<string, unknown>>(
          `{ elder(id: ${elderId}) { ${field} } }`,
          {},
          token,
        );
        const shown = right === undefined || rights.some((held) => held === right);
        const codes = body.errors?.map(({ extensions }) => extensions.code);
        expect(codes, field).toEqual(shown ? undefined : ['FORBIDDEN']);
      }
      const { body } = await server.post('{ viewer { grants { role rights mayLetIn } } }', {}, token);
      expect(body.data).toEqual({ viewer: { grants: [{ role: 'FAMILY', rights, mayLetIn: false }] } });
    },
  );

  it('cannot find out the ID number by searching for each that it may be', async () => {
    const { token, elderId } = await relative(all);
    const { body } = await server.post<{ elder: { idNumber: string; card: { uid: string } } }>(
      `{ elder(id: ${elderId}) { idNumber card { uid } } }`,
      {},
      await server.adminToken(),
    );
    const { idNumber, card } = body.data.elder;
    const query = `{ byNumber: elders(search: "${idNumber}") { totalCount nodes { id } } byCard: elders(search: "${card.uid}") { totalCount } }`;
    expect((await server.post(query, {}, token)).body.data).toEqual({
      byNumber: { totalCount: 0, nodes: [] },
      byCard: { totalCount: 1 },
    });
    expect((await server.post(query, {}, staff)).body.data).toMatchObject({ byNumber: { totalCount: 1 } });
  });

  it('is in the audit log where the elder is, and for whoever names it elsewhere not at all', async () => {
    const first = await relative(all, { mayLetIn: true });
    const stranger = (await server.account('STAFF', town.otherCountyId)).token;
    const about = async (countyId: number) => {
      const { token } = await server.account('AUDITOR', countyId);
      const query = `{ auditLog(elder: ${first.elderId}) { nodes { operation result details } } }`;
      const { body } = await server.post<{ auditLog: { nodes: { operation: string; result: string }[] } }>(
        query,
        {},
        token,
      );
      return body.data.auditLog.nodes.map(({ operation, result }) => `${operation} ${result}`);
    };
    await withdraw(server, stranger, first.grantId);
    await changeRights(server, stranger, { grantId: first.grantId, rights: [] });
    const letInByIt = await letIn(server, first.token, { elderId: first.elderId });
    await withdraw(server, first.token, letInByIt.id);
    expect(await about(town.otherCountyId)).toEqual([]);
    expect(await about(town.countyId)).toEqual([
      'withdrawRelative DONE',
      'letRelativeIn DONE',
      'letRelativeIn DONE',
    ]);
  });

  it('has a right of one elder and not of another', async () => {
    const { phone, elderId } = await relative(['MONEY']);
    const other = (await addDiner(town)).elderId;
    await letIn(server, staff, { elderId: other, phone, rights: ['HEALTH'] });
    const token = await familyToken(server, kept, phone);
    const codeOf = async (id: number, field: string) =>
      (await server.post(`{ elder(id: ${id}) { ${field} } }`, {}, token)).body.errors?.[0]?.extensions.code;
    expect(await codeOf(elderId, 'card { uid }')).toBeUndefined();
    expect(await codeOf(elderId, 'abilityLevel')).toBe('FORBIDDEN');
    expect(await codeOf(other, 'card { uid }')).toBe('FORBIDDEN');
    expect(await codeOf(other, 'abilityLevel')).toBeUndefined();
  });

  it('sees no other elder, by no id, place or search, and masks where a phone is', async () => {
    const { token, elderId } = await relative(all);
    const stranger = await addDiner(town, { name: '赵大爷' });
    const { body } = await server.post<{ elder: null; within: unknown; search: unknown; card: unknown }>(
      `{ elder(id: ${stranger.elderId}) { name }
         within: elders(within: ${town.streetId}) { totalCount nodes { id } }
         beside: elders(within: ${town.otherCountyId}) { totalCount nodes { id } }
         search: elders(search: "赵大爷") { totalCount nodes { id } }
         card: elders(search: "${stranger.uid}") { totalCount nodes { id } } }`,
      {},
      token,
    );
    const own = { totalCount: 1, nodes: [{ id: String(elderId) }] };
    const none = { totalCount: 0, nodes: [] };
    expect(body).toEqual({ data: { elder: null, within: own, beside: none, search: none, card: none } });
  });

  it('reports the card of its elder lost with MONEY, and no other card', async () => {
    const diner = await addDiner(town);
    const other = await addDiner(town);
    const report = async (token: string, uid: string) => {
      const query = `mutation { reportCardLost(cardUid: "${uid}") { ... on MealCard { status } ... on CardRefusal { code } } }`;
      const { body } = await server.post<{ reportCardLost: { status?: string; code?: string } } | null>(
        query,
        {},
        token,
      );
      return body.data?.reportCardLost ?? body.errors?.[0]?.extensions.code;
    };
    const without = await relative(['HEALTH'], { elderId: diner.elderId });
    expect(await report(without.token, diner.uid)).toBe('FORBIDDEN');
    const { token } = await relative(['MONEY'], { elderId: diner.elderId });
    expect(await report(token, other.uid)).toEqual({ code: 'CARD_UNKNOWN' });
    expect(await report(token, diner.uid)).toEqual({ status: 'LOST' });
  });

  it('sees itself alone among the relatives, and staff and a first relative see all', async () => {
    const first = await relative(all, { mayLetIn: true });
    const second = await relative(['MONEY'], { elderId: first.elderId });
    const idsSeen = async (token: string) =>
      (await relativesSeen(server, token, first.elderId)).map(({ id }) => id);
    expect(await idsSeen(second.token)).toEqual([second.grantId]);
    expect(await idsSeen(first.token)).toEqual([first.grantId, second.grantId]);
    expect(await idsSeen(staff)).toEqual([first.grantId, second.grantId]);
    const [shown] = await relativesSeen(server, second.token, first.elderId);
    expect(shown).toMatchObject({ name: '王芳', phone: `139******${second.phone.slice(-2)}` });
  });
});

describe('the end of a relative', () => {
  const page = (elderId: number) => `{ elder(id: ${elderId}) { name } }`;

  it('comes with the next request when it is withdrawn during a session', async () => {
    const { token, elderId, grantId } = await relative(all);
    expect((await server.post(page(elderId), {}, token)).body.errors).toBeUndefined();
    expect(await withdraw(server, staff, grantId)).toMatchObject({ __typename: 'Relative', id: grantId });
    const { body } = await server.post(page(elderId), {}, token);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await relativesSeen(server, staff, elderId)).toEqual([]);
    const [was] = await relativesSeen(server, staff, elderId, true);
    expect(was?.consents).toEqual([
      {
        event: 'GIVEN',
        giver: 'ELDER',
        how: 'IN_PERSON',
        rights: [...all],
        text: { version: '2026-1', zh: expect.stringContaining('随时') },
      },
      { event: 'WITHDRAWN', giver: 'ELDER', how: 'IN_PERSON', rights: [...all], text: null },
    ]);
  });

  it('comes by itself at its instant', async () => {
    const { token, elderId } = await relative(all, { until: new Date(Date.now() + 3000) });
    expect((await server.post(page(elderId), {}, token)).body.errors).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 3100));
    expect((await server.post(page(elderId), {}, token)).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is the end of those it let in, unless the elder has confirmed them', async () => {
    const first = await relative(all, { mayLetIn: true });
    const { elderId } = first;
    const letInByFirst = { elderId, by: first.token };
    const dependent = await relative(['MONEY'], letInByFirst);
    const confirmed = await relative(['MONEY'], letInByFirst);
    await changeRights(server, staff, { grantId: confirmed.grantId, rights: ['MONEY'] });
    await withdraw(server, staff, first.grantId);
    const codeFor = async ({ token }: Person) =>
      (await server.post(page(elderId), {}, token)).body.errors?.[0]?.extensions.code;
    expect(await codeFor(first)).toBe('FORBIDDEN');
    expect(await codeFor(dependent)).toBe('FORBIDDEN');
    expect(await codeFor(confirmed)).toBeUndefined();
  });

  it('can be its own wish, and a second withdrawal changes nothing', async () => {
    const { token, elderId, grantId } = await relative();
    const left = await withdraw(server, token, grantId);
    expect(left.consents.map(({ event, giver }) => `${event} ${giver}`)).toEqual([
      'GIVEN ELDER',
      'WITHDRAWN RELATIVE',
    ]);
    expect(await withdraw(server, staff, grantId)).toEqual(left);
    // And may be let in again, under a grant of its own.
    expect(await relativesSeen(server, staff, elderId)).toEqual([]);
  });
});

it('a page of elders with their relatives costs the same statements, however many there are', async () => {
  const query = (first: number) =>
    `{ elders(first: ${first}) { nodes { relatives { name consents { event } } categories abilityLevel } } }`;
  const counted = async (first: number) =>
    (await statementsOf(server.database, () => server.post(query(first), {}, staff))).statements.length;
  expect(await counted(2)).toBe(await counted(12));
});
