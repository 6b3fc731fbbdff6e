import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, password, refresh, rolesOf, signedIn, trySignIn } from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
/** A manager of the one street. */
let manager: string;
let admin: string;
beforeAll(async () => {
  server = await startTestServer();
  town = await buildTwoCounties(server.database);
  manager = await server.managerToken(town.streetId);
  admin = await server.adminToken();
});
afterAll(() => server.close());

interface Result {
  id?: string;
  code?: string;
  field?: string[] | null;
  message?: string;
  userName?: string;
  role?: string;
  expiresAt?: string | null;
  grants?: { id: string; role: string; facility: { id: string } | null }[];
}

const refusal = '... on AccountRefusal { code message field }';
const account = `... on StaffAccount { id name userName grants { id role facility { id } } } ${refusal}`;
const grant = `... on Grant { id role expiresAt facility { id } } ${refusal}`;

async function mutate(mutation: string, variables: Record<string, unknown>, token: string): Promise<Result> {
  const { body } = await server.post<{ result: Result } | null>(mutation, variables, token);
  return body.data?.result ?? { code: String(body.errors?.[0]?.extensions.code) };
}

const openAccount = (input: Record<string, unknown>, token = manager) =>
  mutate(
    `mutation ($input: OpenAccountInput!) { result: openAccount(input: $input) { ${account} } }`,
    {
      input: {
        name: '王小红',
        userName: `n-${randomUUID()}`,
        password: 'for the first day',
        role: 'STAFF',
        facilityId: town.streetId,
        ...input,
      },
    },
    token,
  );
const grantRole = (variables: Record<string, unknown>, token = manager) =>
  mutate(
    `mutation ($accountId: ID!, $role: StaffRole!, $facilityId: ID, $until: DateTime) {
      result: grantRole(accountId: $accountId, role: $role, facilityId: $facilityId, until: $until) { ${grant} } }`,
    variables,
    token,
  );
const withdrawGrant = (grantId: number | string, token = manager) =>
  mutate(
    `mutation ($grantId: ID!) { result: withdrawGrant(grantId: $grantId) { ${grant} } }`,
    { grantId },
    token,
  );
const resetPassword = (accountId: number | string, token = manager, newPassword = 'for another first day') =>
  mutate(
    `mutation ($accountId: ID!, $newPassword: String!) {
      result: resetPassword(accountId: $accountId, newPassword: $newPassword) { ${account} } }`,
    { accountId, newPassword },
    token,
  );

const nobody = 2_000_000_000;

describe('opening an account', () => {
  it('gives a person a role within the area, and a password that is to be changed first', async () => {
    const opened = await openAccount({ role: 'CAREGIVER', facilityId: town.stationId, userName: 'Hong.W' });
    expect(opened).toMatchObject({
      userName: 'hong.w',
      grants: [{ role: 'CAREGIVER', facility: { id: String(town.stationId) } }],
    });
    const session = await signedIn(server, 'hong.w', 'for the first day');
    expect(session.passwordTemporary).toBe(true);
    expect(await rolesOf(server, session.accessToken)).toEqual([]);
  });

  it.each([
    ['above', () => town.countyId],
    ['beside', () => town.otherStationId],
    ['that there is not', () => nobody],
    ['that is no number', () => 'x'],
    ['of everywhere', () => null],
  ])('a facility %s is one and the same unknown facility', async (_where, facilityId) => {
    expect(await openAccount({ facilityId: facilityId() })).toEqual({
      code: 'FACILITY_UNKNOWN',
      message: 'input.facilityId: There is no such facility within your area',
      field: ['input', 'facilityId'],
    });
  });

  it.each([
    ['ROLE_NOT_GIVEN', { role: 'ADMIN' }, ['input', 'role']],
    ['NAME_INVALID', { name: ' ' }, ['input', 'name']],
    ['USER_NAME_INVALID', { userName: '王' }, ['input', 'userName']],
    ['PASSWORD_UNFIT', { password: 'short' }, ['input', 'password']],
    ['UNTIL_PAST', { until: '2020-01-01T00:00:00Z' }, ['input', 'until']],
  ])('%s', async (code, input, field) => {
    expect(await openAccount(input)).toMatchObject({ code, field });
  });

  it('a facility of the area that is closed is told to be', async () => {
    const close = (closedOn: string | null) =>
      server.database.write((manager) =>
        manager.query('UPDATE facility SET closedOn = ? WHERE id = ?', [closedOn, town.canteenIds[1]]),
      );
    await close('2020-06-01');
    expect(await openAccount({ facilityId: town.canteenIds[1] })).toMatchObject({ code: 'FACILITY_CLOSED' });
    await close(null);
    expect(await openAccount({ facilityId: town.canteenIds[1] })).toMatchObject({
      grants: [{ role: 'STAFF' }],
    });
  });

  it('is for managers: staff, auditors and readers are refused', async () => {
    for (const role of ['STAFF', 'AUDITOR', 'FINANCE', 'CAREGIVER', 'READER'] as const) {
      const { token } = await server.account(role, town.canteenIds[0]);
      expect(await openAccount({}, token)).toEqual({ code: 'FORBIDDEN' });
    }
  });

  it('an administrator opens accounts everywhere, of administrators too', async () => {
    const opened = await openAccount({ role: 'ADMIN', facilityId: null }, admin);
    expect(opened.grants).toMatchObject([{ role: 'ADMIN', facility: null }]);
    expect(await openAccount({ role: 'STAFF', facilityId: null }, admin)).toMatchObject({
      code: 'FACILITY_UNKNOWN',
    });
  });

  it('of many with one user name at once, one is opened', async () => {
    const userName = `race-${Date.now()}`;
    const results = await Promise.all(Array.from({ length: 6 }, () => openAccount({ userName })));
    expect(results.filter(({ id }) => id !== undefined)).toHaveLength(1);
    expect(results.filter(({ code }) => code === 'USER_NAME_TAKEN')).toHaveLength(5);
    expect(await openAccount({ userName: userName.toUpperCase() })).toMatchObject({
      code: 'USER_NAME_TAKEN',
    });
  });
});

describe('giving a role', () => {
  it('to an account of the area; again it only gets another end', async () => {
    const { accountId } = await addPerson(server.database, 'STAFF', town.stationId);
    const wanted = { accountId, role: 'MANAGER', facilityId: town.streetId };
    const given = await grantRole(wanted);
    expect(given).toMatchObject({ role: 'MANAGER', expiresAt: null });
    const until = '2099-01-01T00:00:00.000Z';
    expect(await grantRole({ ...wanted, until })).toMatchObject({ id: given.id, expiresAt: until });
  });

  it('to an account beside, above, or of nobody is one and the same', async () => {
    const beside = await addPerson(server.database, 'STAFF', town.otherStationId);
    const above = await addPerson(server.database, 'MANAGER', town.countyId);
    const administrator = await addPerson(server.database, 'ADMIN');
    const reader = await server.account('READER', town.canteenIds[0]);
    const ids = [nobody, beside.accountId, above.accountId, administrator.accountId, reader.accountId];
    const answers = await Promise.all(
      ids.map((accountId) => grantRole({ accountId, role: 'STAFF', facilityId: town.streetId })),
    );
    expect(answers[0]).toMatchObject({ code: 'ACCOUNT_UNKNOWN', field: ['accountId'] });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('above the area, or above the manager’s own role, is refused', async () => {
    const { accountId } = await addPerson(server.database, 'STAFF', town.streetId);
    expect(await grantRole({ accountId, role: 'STAFF', facilityId: town.countyId })).toMatchObject({
      code: 'FACILITY_UNKNOWN',
    });
    expect(await grantRole({ accountId, role: 'ADMIN', facilityId: town.streetId })).toMatchObject({
      code: 'ROLE_NOT_GIVEN',
    });
  });
});

describe('withdrawing a grant', () => {
  it('takes it from the next request', async () => {
    const person = await addPerson(server.database, 'STAFF', town.stationId);
    const { accessToken } = await signedIn(server, person.userName);
    expect(await rolesOf(server, accessToken)).toEqual(['STAFF']);
    const ended = await withdrawGrant(person.grantId);
    expect(new Date(ended.expiresAt ?? 0).getTime()).toBeLessThanOrEqual(Date.now());
    expect(await rolesOf(server, accessToken)).toEqual([]);
    // Sent again, it says the same and changes nothing.
    expect(await withdrawGrant(person.grantId)).toEqual(ended);
  });

  it('out of reach is a grant that there is not', async () => {
    const beside = await addPerson(server.database, 'STAFF', town.otherStationId);
    const above = await addPerson(server.database, 'STAFF', town.countyId);
    const administrator = await addPerson(server.database, 'ADMIN');
    const grants = [nobody, beside.grantId, above.grantId, administrator.grantId, 'x'];
    const answers = await Promise.all(grants.map((grantId) => withdrawGrant(grantId)));
    expect(answers[0]).toMatchObject({ code: 'GRANT_UNKNOWN', field: ['grantId'] });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const { accessToken } = await signedIn(server, beside.userName);
    expect(await rolesOf(server, accessToken)).toEqual(['STAFF']);
  });
});

describe('resetting a password', () => {
  it('gives one for a sign-in, and ends the sessions', async () => {
    const person = await addPerson(server.database, 'STAFF', town.stationId);
    const session = await signedIn(server, person.userName);
    expect(await resetPassword(person.accountId)).toMatchObject({ userName: person.userName });
    expect(await rolesOf(server, session.accessToken)).toBe('UNAUTHENTICATED');
    expect(await refresh(server, session.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    expect(await trySignIn(server, person.userName)).toMatchObject({ code: 'SIGN_IN_FAILED' });
    const next = await signedIn(server, person.userName, 'for another first day');
    expect(next.passwordTemporary).toBe(true);
  });

  it('is no way to more rights: an account that also holds a role elsewhere is as unknown', async () => {
    const person = await addPerson(server.database, 'STAFF', town.stationId);
    const more = await grantRole(
      { accountId: person.accountId, role: 'AUDITOR', facilityId: town.countyId },
      admin,
    );
    const refused = await resetPassword(person.accountId);
    expect(refused).toEqual(await resetPassword(nobody));
    expect(refused).toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    await signedIn(server, person.userName, password);
    await withdrawGrant(more.id ?? '', admin);
    expect(await resetPassword(person.accountId)).toMatchObject({ userName: person.userName });
  });

  it('is not for one’s own account, and a bad password is refused', async () => {
    const person = await addPerson(server.database, 'MANAGER', town.streetId);
    const { accessToken } = await signedIn(server, person.userName);
    expect(await resetPassword(person.accountId, accessToken)).toMatchObject({ code: 'OWN_ACCOUNT' });
    expect(await resetPassword(person.accountId, manager, 'short')).toMatchObject({ code: 'PASSWORD_UNFIT' });
  });
});

describe('the list', () => {
  const list =
    'query ($within: ID) { staffAccounts(within: $within, first: 200) { totalCount nodes { id grants { role } } } }';
  interface Listed {
    staffAccounts: { totalCount: number; nodes: { id: string; grants: { role: string }[] }[] };
  }
  const listed = async (within: number | undefined, token: string) =>
    (await server.post<Listed>(list, { within }, token)).body.data.staffAccounts;

  it('holds those that the manager could withdraw something from, with that alone', async () => {
    const inside = await addPerson(server.database, 'FINANCE', town.stationId);
    await grantRole({ accountId: inside.accountId, role: 'AUDITOR', facilityId: town.countyId }, admin);
    const beside = await addPerson(server.database, 'FINANCE', town.otherStationId);
    const { nodes, totalCount } = await listed(undefined, manager);
    expect(totalCount).toBe(nodes.length);
    expect(nodes).toContainEqual({ id: String(inside.accountId), grants: [{ role: 'FINANCE' }] });
    expect(nodes.map(({ id }) => id)).not.toContain(String(beside.accountId));
    const everywhere = await listed(undefined, admin);
    expect(everywhere.nodes.map(({ id }) => id)).toContain(String(beside.accountId));
    expect(await listed(town.otherCountyId, manager)).toEqual({ totalCount: 0, nodes: [] });
    const besideNodes = (await listed(town.otherCountyId, admin)).nodes;
    expect(besideNodes).toContainEqual({ id: String(beside.accountId), grants: [{ role: 'FINANCE' }] });
    expect(besideNodes.map(({ id }) => id)).not.toContain(String(inside.accountId));
  });
});

describe('what a role opens', () => {
  const asked: [string, string, string[]][] = [
    [
      'elders',
      '{ elders { nodes { name age card { balanceFen } } } }',
      ['ADMIN', 'MANAGER', 'STAFF', 'AUDITOR'],
    ],
    [
      'a roll-up',
      'query ($f: ID) { facility(id: $f) { rollup { elders } } }',
      ['ADMIN', 'MANAGER', 'FINANCE', 'AUDITOR'],
    ],
    [
      'a top-up',
      'mutation { topUpCard(requestId: "x", cardUid: "y", fen: 1) { __typename } }',
      ['ADMIN', 'MANAGER', 'STAFF'],
    ],
    [
      'the directory',
      'query ($f: ID) { facility(id: $f) { name parent { name } } }',
      ['ADMIN', 'MANAGER', 'STAFF', 'CAREGIVER', 'FINANCE', 'AUDITOR', 'READER', 'FAMILY'],
    ],
    ['a closing', 'mutation { closeFacility(id: 1, on: "2026-01-01") { __typename } }', ['ADMIN']],
  ];

  it.each(asked)('%s', async (_what, query, allowed) => {
    const { elderId } = await addDiner(town);
    const may: string[] = [];
    for (const role of [
      'ADMIN',
      'MANAGER',
      'STAFF',
      'CAREGIVER',
      'FINANCE',
      'AUDITOR',
      'READER',
      'FAMILY',
    ] as const) {
      const place = role === 'ADMIN' || role === 'FAMILY' ? null : town.streetId;
      const person = await addPerson(server.database, role, place, role === 'FAMILY' ? { elderId } : {});
      const { accessToken } = await signedIn(server, person.userName);
      const { body } = await server.post(query, { f: town.streetId }, accessToken);
      const codes = body.errors?.map(({ extensions }) => extensions.code) ?? [];
      expect(codes.every((code) => code === 'FORBIDDEN')).toBe(true);
      if (codes.length === 0) may.push(role);
    }
    expect(may).toEqual(allowed);
  });

  it('a family member is shown the elder of the grant, and nothing that hangs on the elder', async () => {
    const { elderId } = await addDiner(town, { name: '李奶奶' });
    const person = await addPerson(server.database, 'FAMILY', null, { elderId });
    const { accessToken } = await signedIn(server, person.userName);
    const mine = '{ viewer { grants { role facility { id } elder { id name } } } }';
    expect((await server.post(mine, {}, accessToken)).body.data).toEqual({
      viewer: {
        grants: [{ role: 'FAMILY', facility: null, elder: { id: String(elderId), name: '李奶奶' } }],
      },
    });
    const more = await server.post(
      '{ viewer { grants { elder { card { balanceFen } } } } }',
      {},
      accessToken,
    );
    expect(more.body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await server.post('{ elders { totalCount } }', {}, accessToken)).body).toEqual({
      data: { elders: { totalCount: 1 } },
    });
  });

  it('the tables hold no grant of the wrong kind of scope', async () => {
    const { elderId } = await addDiner(town);
    await expect(addPerson(server.database, 'FAMILY', town.streetId)).rejects.toThrow();
    await expect(addPerson(server.database, 'FAMILY', town.streetId, { elderId })).rejects.toThrow();
    await expect(addPerson(server.database, 'STAFF', null)).rejects.toThrow();
    await expect(addPerson(server.database, 'STAFF', town.streetId, { elderId })).rejects.toThrow();
  });
});
