import { randomUUID } from 'node:crypto';
import { Field, FieldResolver, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ViewerType } from '../../schema/access/viewer.type.js';
import { rotateReader } from '../../src/access/rotate-reader.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

@ObjectType('Drawer', { simpleResolvers: true, description: 'A thing that only this test has.' })
class DrawerType {
  @Field(() => String, { description: 'What lies in it.' })
  content!: string;
}

/** Somebody's new resolver, for which nobody has written a rule yet. */
@Resolver()
class DrawerResolver {
  @Query(() => DrawerType, { nullable: true, description: 'Asks for it.' })
  drawer(): DrawerType {
    return { content: 'silver' };
  }

  @Mutation(() => Boolean, { nullable: true, description: 'Takes it.' })
  emptyDrawer(): boolean {
    return true;
  }
}

@Resolver(() => ViewerType)
class ViewerDrawerResolver {
  @FieldResolver(() => DrawerType, { nullable: true, description: 'An edge to it.' })
  drawer(): DrawerType {
    return { content: 'gold' };
  }
}

let server: TestServer;
let town: Town;
beforeAll(async () => {
  server = await startTestServer({ resolvers: [DrawerResolver, ViewerDrawerResolver] });
  town = await buildTown(server.database);
});
afterAll(() => server.close());

const whoAmI = '{ viewer { id name grants { role facility { id code } elder { id } expiresAt } } }';
const unauthenticated = {
  status: 200,
  body: {
    data: null,
    errors: [
      {
        message: 'The token is missing, unknown or revoked',
        path: ['viewer'],
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ],
  },
};

it('the viewer is the account of the token, with what it may do where', async () => {
  const manager = await server.account('MANAGER', town.streetId, '王主任');
  expect((await server.post(whoAmI, {}, manager.token)).body).toEqual({
    data: {
      viewer: {
        id: String(manager.accountId),
        name: '王主任',
        grants: [
          {
            role: 'MANAGER',
            facility: { id: String(town.streetId), code: 'STREET' },
            elder: null,
            expiresAt: null,
          },
        ],
      },
    },
  });
  const administrator = await server.account('ADMIN');
  expect((await server.post(whoAmI, {}, administrator.token)).body).toMatchObject({
    data: { viewer: { grants: [{ role: 'ADMIN', facility: null }] } },
  });
});

it('a reader is told the last number that was recorded of it, and nobody else a number', async () => {
  const query = '{ viewer { lastSequence } }';
  const last = async (token: string) => (await server.post(query, {}, token)).body;
  const reader = await server.account('READER', town.canteenIds[0]);
  expect(await last(reader.token)).toEqual({ data: { viewer: { lastSequence: null } } });
  const swipes = [7, 3].map((sequence) => ({
    ...{ swipeId: randomUUID(), sequence, cardUid: '0BADCAFE', grossFen: 1200 },
    swipedAt: server.clock.now().toISOString(),
  }));
  const record = 'mutation ($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { outcome } }';
  expect((await server.post(record, { inputs: swipes }, reader.token)).body.errors).toBeUndefined();
  expect(await last(reader.token)).toEqual({ data: { viewer: { lastSequence: 7 } } });
  const other = await server.account('READER', town.canteenIds[0]);
  expect(await last(other.token)).toEqual({ data: { viewer: { lastSequence: null } } });
  expect(await last(await server.managerToken(town.streetId))).toEqual({
    data: { viewer: { lastSequence: null } },
  });
});

describe('a token that is no token', () => {
  it.each([
    ['none', undefined],
    ['one that nobody was given', 'x'.repeat(43)],
    ['one that is far too long', 'x'.repeat(5000)],
    ['one with a quote in it', "' OR '1'='1"],
  ])('%s', async (_what, token) => {
    expect(await server.post(whoAmI, {}, token)).toMatchObject(unauthenticated);
  });

  it('another scheme than Bearer', async () => {
    const token = await server.adminToken();
    const answer = await server.post(whoAmI, {}, undefined, { authorization: `Basic ${token}` });
    expect(answer).toMatchObject(unauthenticated);
    const spelt = await server.post(whoAmI, {}, undefined, { authorization: `bearer  ${token}` });
    expect(spelt.body.errors).toBeUndefined();
  });

  it('a revoked one, from the next request on', async () => {
    const { accountId, token } = await server.account('READER', town.canteenIds[0]);
    expect((await server.post(whoAmI, {}, token)).body.errors).toBeUndefined();
    await server.database.write((manager) =>
      rotateReader(manager, { accountId, overlapMinutes: 0, now: new Date() }, 'everywhere'),
    );
    expect(await server.post(whoAmI, {}, token)).toMatchObject(unauthenticated);
  });

  it('is told in the language of the caller, which is Chinese unless it says otherwise', async () => {
    const messageIn = async (language: string) => {
      const { body } = await server.post(whoAmI, {}, undefined, { 'accept-language': language });
      return body.errors?.[0]?.message;
    };
    const zh = '令牌缺失、未知或已吊销';
    const en = 'The token is missing, unknown or revoked';
    expect(await messageIn('zh-CN,zh;q=0.9,en;q=0.8')).toBe(zh);
    expect(await messageIn('en-GB,en;q=0.9,zh;q=0.1')).toBe(en);
    expect(await messageIn('fr')).toBe(zh);
    expect(await messageIn('')).toBe(zh);
  });
});

it('a role that the policy does not name may not ask', async () => {
  const token = await server.readerToken(town.canteenIds[0]);
  expect(await server.post('{ elders { totalCount } }', {}, token)).toMatchObject({
    status: 200,
    body: { data: null, errors: [{ path: ['elders'], extensions: { code: 'FORBIDDEN' } }] },
  });
});

it('a resolver without a rule is closed, even to an administrator', async () => {
  const token = await server.adminToken();
  const closed = (path: string[]) => [
    { message: 'You may not do this', path, extensions: { code: 'FORBIDDEN' } },
  ];
  expect((await server.post('{ drawer { content } }', {}, token)).body).toMatchObject({
    data: { drawer: null },
    errors: closed(['drawer']),
  });
  expect((await server.post('mutation { emptyDrawer }', {}, token)).body).toMatchObject({
    data: { emptyDrawer: null },
    errors: closed(['emptyDrawer']),
  });
  expect((await server.post('{ viewer { name drawer { content } } }', {}, token)).body).toMatchObject({
    data: { viewer: { name: '测试账户', drawer: null } },
    errors: closed(['viewer', 'drawer']),
  });
});
