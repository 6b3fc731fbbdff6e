import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { groupPolicy } from '../../src/access/field-groups.js';
import { openAccount } from '../../src/access/open-account.js';
import { statementsOf } from '../support/count-statements.js';
import { looksIn } from '../support/looks.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, newIdNumber, type TwoCounties } from '../support/two-counties.js';

const logged: string[] = [];
const phone = '13800001234';
const address = '南阳市卧龙区梅溪路1号';

let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let admin: string;
/** Both at the town's station but the last, who is at the other county's. */
let idNumbers: string[];
let elderIds: string[];
let seenBefore = 0;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  const logSink = { write: (line: string) => logged.push(line) };
  server = await startTestServer({ on: open, at: noon, settings: { logLevel: 'trace' }, logSink });
  admin = await server.adminToken();
  idNumbers = [newIdNumber(), newIdNumber(), newIdNumber()];
  const stations = [town.stationId, town.stationId, town.otherStationId];
  elderIds = [];
  for (const [index, idNumber] of idNumbers.entries()) {
    elderIds.push(
      await register({ name: `王${index}`, idNumber, phone, address, homeStationId: stations[index] }),
    );
  }
});
beforeEach(async () => {
  logged.length = 0;
  seenBefore = Math.max(0, ...(await looksIn(open.database)).map(({ id }) => id));
});
afterAll(async () => {
  await server.close();
  await open.drop();
});

async function register(input: object): Promise<string> {
  const mutation =
    'mutation ($input: RegisterElderInput!) { registerElder(input: $input) { __typename ... on Elder { id } ... on ElderRefusal { message } } }';
  const { body } = await server.post<{ registerElder: { id: string } }>(mutation, { input }, admin);
  return body.data.registerElder.id;
}

/** A grant of this role at a facility, which shows identities or does not. */
async function tokenOf(role: Role, facilityId: number | null, showsIdentities: boolean): Promise<string> {
  const elder = role === 'FAMILY' ? { elderId: Number(elderIds[0]) } : {};
  const account = { name: '测试账户', role, facilityId, ...elder, now: new Date(0), showsIdentities };
  return (await open.database.write((manager) => openAccount(manager, account))).token;
}

interface Identity {
  id: string;
  idNumber: string;
  phone: string;
  address: string;
}

const page = '{ elders { nodes { id idNumber phone address } } }';

async function seenBy(token: string): Promise<Identity[] | string> {
  const { body } = await server.post<{ elders: { nodes: Identity[] } } | null>(page, {}, token);
  return body.data?.elders.nodes ?? String(body.errors?.[0]?.extensions.code);
}

/** The looks since this test began. */
const looks = () => looksIn(open.database, seenBefore);

const whole = (index: number) => ({ id: elderIds[index], idNumber: idNumbers[index], phone, address });
const masked = (index: number) => ({
  id: elderIds[index],
  idNumber: `${idNumbers[index]?.slice(0, 6)}${'*'.repeat(11)}${idNumbers[index]?.at(-1)}`,
  phone: '138******34',
  address: '南阳市卧龙区****',
});

describe('an identity is shown whole', () => {
  /** What each role sees of the page, by a grant that shows no identities and by one that does. */
  const expected: Record<Role, () => [plain: unknown, showing: unknown]> = {
    ADMIN: () => [
      [whole(0), whole(1), whole(2)],
      [whole(0), whole(1), whole(2)],
    ],
    MANAGER: () => [
      [masked(0), masked(1)],
      [whole(0), whole(1)],
    ],
    STAFF: () => [
      [masked(0), masked(1)],
      [whole(0), whole(1)],
    ],
    AUDITOR: () => [
      [masked(0), masked(1)],
      [masked(0), masked(1)],
    ],
    // Whoever visits nobody sees nobody; test/visits/caregiver-window.test.ts has those who do.
    CAREGIVER: () => [[], []],
    COURIER: () => ['FORBIDDEN', 'FORBIDDEN'],
    FINANCE: () => ['FORBIDDEN', 'FORBIDDEN'],
    FAMILY: () => [[masked(0)], [masked(0)]],
    READER: () => ['FORBIDDEN', 'FORBIDDEN'],
  };

  it.each(roles)('to %s as the policy says', async (role) => {
    const places: Partial<Record<Role, number | null>> = {
      ADMIN: null,
      READER: town.canteenIds[0],
      FAMILY: null,
    };
    const place = places[role] === undefined ? town.countyId : places[role];
    const [plain, showing] = expected[role]();
    expect(await seenBy(await tokenOf(role, place, false))).toEqual(plain);
    expect(await seenBy(await tokenOf(role, place, true))).toEqual(showing);
    expect(groupPolicy.IDENTITY[role]).toBeDefined();
  });

  it('where the grant that shows identities reaches, and masked where another one does', async () => {
    const account = await open.database.write((manager) =>
      openAccount(manager, { name: '主任', role: 'MANAGER', facilityId: town.cityId, now: new Date(0) }),
    );
    const grant = [account.accountId, 'MANAGER', town.otherCountyId, 0, 1];
    await open.database.write((manager) =>
      manager.query(
        'INSERT INTO access_grant (accountId, role, facilityId, fromAt, showsIdentities) VALUES (?, ?, ?, ?, ?)',
        grant,
      ),
    );
    expect(await seenBy(account.token)).toEqual([masked(0), masked(1), whole(2)]);
    const viewer = '{ viewer { grants { showsIdentities } } }';
    expect((await server.post(viewer, {}, account.token)).body).toEqual({
      data: { viewer: { grants: [{ showsIdentities: false }, { showsIdentities: true }] } },
    });
  });

  it('on every path to the elder', async () => {
    const manager = await server.managerToken(town.countyId);
    const paths = [
      `{ elder(id: ${elderIds[0]}) { idNumber } }`,
      `mutation { endElder(elderId: ${elderIds[2]}, status: DECEASED, on: "2026-03-10") { ... on Elder { idNumber } } }`,
      `{ elders(search: "${idNumbers[0]}") { nodes { idNumber } } }`,
    ];
    for (const path of paths) {
      const text = JSON.stringify((await server.post(path, {}, manager)).body);
      for (const idNumber of idNumbers) expect(text).not.toContain(idNumber);
    }
    expect(await looks()).toEqual([]);
  });
});

describe('a look at a whole identity', () => {
  it('is a record of the audit log, one for each field and elder, without what was seen', async () => {
    const { accountId, token } = await server.account('ADMIN');
    await server.post(
      `{ elder(id: ${elderIds[0]}) { idNumber again: idNumber phone } elders(first: 2) { nodes { idNumber } } }`,
      {},
      token,
    );
    expect(await looks()).toMatchObject([
      { accountId, elderId: Number(elderIds[0]), field: 'idNumber' },
      { accountId, elderId: Number(elderIds[0]), field: 'phone' },
      { accountId, elderId: Number(elderIds[1]), field: 'idNumber' },
    ]);
    const records = await open.database.read((manager) => manager.query('SELECT * FROM audit_record'));
    for (const secret of [...idNumbers, phone, address])
      expect(logged.join('') + JSON.stringify(records)).not.toContain(secret);
  });

  it('is told before the answer leaves: when that fails, nobody sees it', async () => {
    const strict = await startTestServer({ on: open, at: noon });
    const add = vi.spyOn(strict.services.auditNotes, 'add').mockRejectedValue(new Error('no disk'));
    const { body } = await strict.post(`{ elder(id: ${elderIds[0]}) { idNumber } }`, {}, admin);
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(body)).not.toContain(idNumbers[0]);
    expect(add).toHaveBeenCalledOnce();
    await strict.close();
  });

  it('is not recorded when nothing was shown', async () => {
    const bare = await register({ name: '李', idNumber: newIdNumber() });
    await server.post(`{ elder(id: ${bare}) { phone address name birthDate } }`, {}, admin);
    expect(await looks()).toEqual([]);
  });
});

it('fifty elders take as many statements as two', async () => {
  for (let index = 0; index < 50; index++) {
    await register({ name: `赵${index}`, idNumber: newIdNumber(), phone, homeStationId: town.stationId });
  }
  const manager = await tokenOf('MANAGER', town.cityId, true);
  const counted = async (first: number) => {
    const query = `{ elders(first: ${first}) { nodes { idNumber phone address } } }`;
    const { result, statements } = await statementsOf(open.database, () =>
      server.post<{ elders: { nodes: Identity[] } }>(query, {}, manager),
    );
    expect(result.body.data.elders.nodes).toHaveLength(first);
    return statements.length;
  };
  expect(await counted(50)).toBe(await counted(2));
});

it('no ID number, phone or address is in any log line or error, whatever is refused or fails', async () => {
  const manager = await server.managerToken(town.countyId);
  const idNumber = idNumbers[0] as string;
  const mutation =
    'mutation ($input: RegisterElderInput!) { registerElder(input: $input) { ... on Elder { idNumber } ... on ElderRefusal { code message field } } }';
  const given = { name: '王', idNumber, phone, address, homeStationId: String(town.stationId) };
  const answers = [
    await server.post(mutation, { input: given }, manager),
    await server.post(mutation, { input: { ...given, phone: `${phone}${phone}` } }, manager),
    await server.post(mutation, { input: { ...given, idNumber: idNumber.replace(/^4/, '5') } }, manager),
    await server.post(mutation, { input: { ...given, categories: [idNumber] } }, manager),
    await server.post(`{ elder(id: "${idNumber}") { id } }`, {}, manager),
  ];
  // And a value that cannot be read.
  await open.database.write((database) =>
    database.query('UPDATE elder SET phoneSealed = idNumberSealed WHERE id = ?', [elderIds[1]]),
  );
  const broken = await server.post(`{ elder(id: ${elderIds[1]}) { phone } }`, {}, admin);
  expect(broken.body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(logged.join('')).toContain('elder.phone does not open with key k1');
  // What a caller sent wrongly is quoted back to that caller alone, by GraphQL's own message.
  const own = JSON.stringify([...answers.filter((_, index) => index !== 3), broken].map(({ body }) => body));
  for (const secret of [idNumber, idNumber.slice(1), phone, address]) {
    expect(logged.join('')).not.toContain(secret);
    expect(own).not.toContain(secret);
  }
});
