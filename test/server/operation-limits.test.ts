import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let reader: string;
beforeAll(async () => {
  server = await startTestServer();
  town = await buildTown(server.database);
  reader = await server.readerToken(town.canteenIds[0]);
});
afterAll(() => server.close());

/** The first refusal of a query: HTTP status, code and message. */
async function refusalOf(query: string, variables: Record<string, unknown> = {}) {
  const { status, body } = await server.post(query, variables, reader);
  return [status, body.errors?.[0]?.extensions.code, body.errors?.[0]?.message];
}

const refused = (message: string) => [400, 'GRAPHQL_VALIDATION_FAILED', message];
const served = [200, undefined, undefined];

const tooManyNodes = (nodes: number | string) =>
  refused(
    `The answer may hold ${nodes} nodes, more than the limit of 20000: ` +
      'pages within pages multiply, and a page size in a variable counts as 200',
  );

describe('the nodes of an answer', () => {
  it('pages within pages multiply, also by way of a parent and within fragments', async () => {
    const nested =
      '{ facilities(first: 200) { nodes { parent { children(first: 200) { nodes { id } } } } } }';
    const nodes = 1 + 200 * (1 + 1 + 1 + 200);
    expect(await refusalOf(nested)).toEqual(tooManyNodes(nodes));
    const inFragments = `
      { facilities(first: 200) { ...Page } }
      fragment Page on FacilityConnection { nodes { ... on Facility { parent { ...Children } } } }
      fragment Children on Facility { children(first: 200) { nodes { id } } }`;
    expect(await refusalOf(inFragments)).toEqual(tooManyNodes(nodes));
  });

  it('a page size in a variable counts as the largest, whatever its default', async () => {
    const query = `query ($n: Int = 1) {
      facilities(first: $n) { nodes { children(first: $n) { nodes { id } } } }
    }`;
    expect(await refusalOf(query, { n: 200 })).toEqual(tooManyNodes(1 + 200 * (1 + 1 + 200)));
  });

  it('a page size that is left out counts as the default', async () => {
    const query = (first: number) =>
      `{ facilities(first: ${first}) { nodes { children { nodes { children { nodes { id } } } } } } }`;
    expect(await refusalOf(query(20))).toEqual(served);
    const children = 1 + 20 * (1 + 1 + 20);
    expect(await refusalOf(query(50))).toEqual(tooManyNodes(1 + 50 * (1 + children)));
  });

  it('a batch of swipes counts as many as it has', async () => {
    const query = `mutation ($inputs: [SwipeInput!]!) {
      recordSwipes(inputs: $inputs) { outcome receipt { canteen { children(first: 50) { nodes { id } } } } }
    }`;
    expect(await refusalOf(query, { inputs: [] })).toEqual(tooManyNodes(500 * (1 + 1 + 1 + 1 + 50)));
    const receipts = `mutation ($inputs: [SwipeInput!]!) {
      recordSwipes(inputs: $inputs) {
        swipeId outcome message replayed
        receipt { serial canteen { id name } funding { funder fen } }
      }
    }`;
    expect((await refusalOf(receipts, { inputs: [] }))[2]).not.toContain('nodes');
  });

  it('fragments that double one another are measured at once', async () => {
    const doubling = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Facility { parent { ...F${n + 1} ...F${n + 1} } }`,
    );
    const query = `{ facility(id: "1") { ...F0 } } ${doubling.join(' ')} fragment F60 on Facility { id }`;
    const started = performance.now();
    expect((await refusalOf(query))[0]).toBe(400);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('a fragment within itself is refused, and does not hang', async () => {
    const query = '{ facility(id: "1") { ...F } } fragment F on Facility { parent { ...F } }';
    expect(await refusalOf(query)).toEqual(refused('Cannot spread fragment "F" within itself.'));
  });
});

describe('the shape of an operation', () => {
  const parents = (count: number) =>
    `{ facility(id: "1") { ${'parent { '.repeat(count)} id ${'}'.repeat(count)} } }`;

  it('is twelve fields deep at most', async () => {
    expect(await refusalOf(parents(10))).toEqual(served);
    expect(await refusalOf(parents(11))).toEqual(
      refused('The operation is 13 fields deep, more than the limit of 12'),
    );
  });

  it('has fifteen aliases at most', async () => {
    const query = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `a${n}: facility(id: "1") { id }`).join(' ')} }`;
    expect(await refusalOf(query(15))).toEqual(served);
    expect(await refusalOf(query(16))).toEqual(refused('There are 16 aliases, more than the limit of 15'));
  });

  it('has ten directives at most', async () => {
    const query = (count: number) =>
      `{ viewer { id ${Array.from({ length: count }, () => 'name @skip(if: true)').join(' ')} } }`;
    expect(await refusalOf(query(10))).toEqual(served);
    expect(await refusalOf(query(11))).toEqual(refused('There are 11 directives, more than the limit of 10'));
  });

  it('has a thousand tokens at most', async () => {
    const swipe =
      '{ swipeId: "1", sequence: 1, cardUid: "A", swipedAt: "2026-03-10T12:00:00Z", grossFen: 1 }';
    const query = (count: number) =>
      `mutation { recordSwipes(inputs: [${swipe.repeat(count)}]) { outcome } }`;
    expect(await refusalOf(query(50))).toEqual(served);
    expect(await refusalOf(query(60))).toEqual([
      400,
      'GRAPHQL_PARSE_FAILED',
      'Syntax Error: Document contains more that 1000 tokens. Parsing aborted.',
    ]);
  });

  it('is a query or a mutation', async () => {
    const message = 'There are no operations of kind subscription here';
    expect(await refusalOf('subscription { viewer { id } }')).toEqual(refused(message));
    const { status, body } = await server.post('subscription { viewer { id } }');
    expect([status, body.errors?.[0]?.message]).toEqual([400, message]);
  });
});

it('the introspection of GraphiQL is answered outside production', async () => {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true });
  expect(await refusalOf(query)).toEqual(served);
});
