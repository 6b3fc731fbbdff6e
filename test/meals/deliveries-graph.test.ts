import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import { addEntitled, offerDeliveries, setAddress } from '../support/deliveries.js';
import { looksIn } from '../support/looks.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let manager: string;
let otherCanteen: string;
let courier: { token: string; accountId: number };

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  server = await startTestServer({ on: open, at: noon, settings: { objectRatePerMinute: 0 } });
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  manager = await server.managerToken(town.countyId);
  otherCanteen = await server.managerToken(town.canteenIds[1]);
  courier = await server.account('COURIER', town.canteenIds[0]);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

async function ask(query: string, token = manager) {
  const { body } = await server.post<Record<string, never>>(query, {}, token);
  return body;
}
/** What the one operation of a query answered. */
async function answerTo<Answer>(query: string, token = manager): Promise<Answer> {
  const body = await ask(query, token);
  expect(body.errors, query).toBeUndefined();
  return Object.values(body.data)[0] as Answer;
}
const codesOf = async (query: string, token: string) =>
  ((await ask(query, token)).errors ?? []).map(({ extensions }) => extensions.code);

interface Order {
  id: string;
  code: string | null;
  state: string;
}
const refused = '... on DeliveryRefusal { refused: code message field }';
const order = (elderId: number, meal = 'DINNER') =>
  `mutation { orderDelivery(input: { requestId: "${randomUUID()}", elderId: "${elderId}", canteenId: "${town.canteenIds[0]}", meal: ${meal}, days: ["${today}"] }) { ... on DeliveryOrders { nodes { id code state canteen { code } } } ${refused} } }`;
const handOver = (id: string, proof: string) =>
  `mutation { handOverDelivery(requestId: "${randomUUID()}", deliveryId: "${id}", ${proof}) { ... on DeliveryOrder { id state code swipeId } ${refused} } }`;
const bringBack = (id: string) =>
  `mutation { bringBackDelivery(requestId: "${randomUUID()}", deliveryId: "${id}", reason: WEATHER) { ... on DeliveryOrder { state } ${refused} } }`;
const list = (step: string, ids: readonly string[], more = '') =>
  `mutation { ${step}(deliveryIds: ${JSON.stringify(ids)}${more}) { ... on DeliveryOrders { nodes { state } } ${refused} } }`;
const assign = (ids: readonly string[], accountId = courier.accountId) =>
  list('assignDeliveries', ids, `, courierId: "${accountId}"`);
const run = `{ myDeliveryRun(meal: DINNER) { date stops { deliveryId place state elderName address phone note latitude longitude canteen { code } } } }`;
const ofCanteen = (first = 50) =>
  `{ deliveriesOn(canteenId: "${town.canteenIds[0]}", date: "${today}", meal: DINNER, first: ${first}) { nodes { id elderName code courierName state } pageInfo { hasNextPage endCursor } } }`;

interface Stop {
  deliveryId: string;
  place: number;
  elderName: string;
  address: string | null;
  phone: string | null;
  note: string | null;
  latitude: number | null;
}
const stopsOf = async (token = courier.token) => (await answerTo<{ stops: Stop[] }>(run, token)).stops;

/** An elder at an address, tonight's dinner, and who is to bring it. */
async function given(name: string, address: string, door?: string): Promise<Order & { elderId: number }> {
  const { elderId } = await addEntitled(town, { name });
  await setAddress(town, elderId, address);
  if (door) await answerTo(`mutation { setElderDoor(elderId: "${elderId}", ${door}) { __typename } }`);
  const { nodes } = await answerTo<{ nodes: Order[] }>(order(elderId));
  await answerTo(assign([nodes[0]?.id ?? '']));
  return { ...(nodes[0] as Order), elderId };
}

describe('a relative', () => {
  it('orders and calls off with the right BOOKING, and is told the code; without it neither', async () => {
    const { elderId } = await addEntitled(town);
    const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
    const mine = `{ deliveriesOf(elderId: "${elderId}", from: "${today}", to: "2026-04-01") { nodes { id code state } } }`;
    expect(await codesOf(order(elderId), token)).toEqual(['FORBIDDEN']);
    expect(await codesOf(mine, token)).toEqual(['FORBIDDEN']);
    await open.database.write((writer) =>
      writer.query("UPDATE access_grant SET familyRights = 'BOOKING' WHERE accountId = ?", [accountId]),
    );
    const { nodes } = await answerTo<{ nodes: Order[] }>(order(elderId), token);
    expect(nodes).toMatchObject([{ code: expect.stringMatching(/^\d{4}$/), canteen: { code: 'CANTEEN-1' } }]);
    const [{ canteen: _, ...known } = {}] = nodes as (Order & { canteen?: object })[];
    expect(await answerTo(mine, token)).toEqual({ nodes: [known] });
    const other = await addEntitled(town);
    expect(await answerTo(order(other.elderId), token)).toMatchObject({ refused: 'ELDER_UNKNOWN' });
    const cancel = `mutation { cancelDelivery(deliveryId: "${nodes[0]?.id}") { ... on DeliveryOrder { state code } ${refused} } }`;
    expect(await answerTo(cancel, otherCanteen)).toMatchObject({ refused: 'DELIVERY_UNKNOWN' });
    expect(await answerTo(cancel, token)).toEqual({ state: 'CANCELLED', code: null });
  });

  it('without the right HEALTH is not told of it by a refusal', async () => {
    const { elderId } = await addEntitled(town, { birthDate: '1950-01-01' });
    const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
    await open.database.write((writer) =>
      writer.query("UPDATE access_grant SET familyRights = 'BOOKING' WHERE accountId = ?", [accountId]),
    );
    const told = await answerTo<{ message: string }>(order(elderId), token);
    expect(told).toMatchObject({
      refused: 'NOT_ENTITLED',
      message: expect.not.stringMatching(/level|assess/),
    });
    const staff = await answerTo<{ message: string }>(order(elderId));
    expect(staff.message).toMatch(/76 years old.*no assessment counts/);
  });
});

describe('a courier', () => {
  let stops: (Order & { elderId: number })[];

  it('sees its own run of today in walking order, and its looks are recorded', async () => {
    stops = [
      await given('无名', '梅溪路10号'),
      await given('远一', '东街9号', 'latitude: 33.01, longitude: 112.52'),
      await given('近二', '东街1号', 'latitude: 32.992, longitude: 112.52, note: "三楼，按两次铃"'),
      await given('无二', '梅溪路2号'),
    ];
    const seen = await stopsOf();
    expect(seen.map(({ elderName, address }) => [elderName, address])).toEqual([
      ['近二', '东街1号'],
      ['远一', '东街9号'],
      ['无二', '梅溪路2号'],
      ['无名', '梅溪路10号'],
    ]);
    expect(seen[0]).toMatchObject({
      place: 1,
      phone: '13800001234',
      note: '三楼，按两次铃',
      latitude: 32.992,
    });
    const looks = (await looksIn(open.database)).filter(({ elderId }) => elderId === stops[2]?.elderId);
    expect(looks.map(({ field }) => field).sort()).toEqual(['address', 'door', 'phone']);
  });

  it('and so is its look at a door of whom neither phone nor address is known', async () => {
    const lone = await server.account('COURIER', town.canteenIds[0]);
    const told: (string | null)[][] = [];
    for (const door of ['latitude: 33.02, longitude: 112.53', 'note: "后院，敲窗"', undefined]) {
      const { elderId } = await addEntitled(town);
      if (door) await answerTo(`mutation { setElderDoor(elderId: "${elderId}", ${door}) { __typename } }`);
      const { nodes } = await answerTo<{ nodes: Order[] }>(order(elderId));
      await answerTo(assign([nodes[0]?.id ?? ''], lone.accountId));
      const before = await looksIn(open.database);
      const stop = (await stopsOf(lone.token)).find(({ deliveryId }) => deliveryId === nodes[0]?.id);
      const looks = (await looksIn(open.database, Math.max(...before.map(({ id }) => id)))).filter(
        (look) => look.elderId === elderId,
      );
      expect(looks.every(({ accountId }) => accountId === lone.accountId)).toBe(true);
      told.push([stop?.note ?? null, ...looks.map(({ field }) => field)]);
    }
    expect(told).toEqual([[null, 'door'], ['后院，敲窗', 'door'], [null]]);
  });

  it('sees nothing else: no elder, no list, no other’s run', async () => {
    const elderId = stops[0]?.elderId;
    for (const query of [
      `{ elder(id: "${elderId}") { name } }`,
      '{ elders { nodes { name } } }',
      ofCanteen(),
    ]) {
      expect(await codesOf(query, courier.token)).toEqual(['FORBIDDEN']);
    }
    const other = await server.account('COURIER', town.canteenIds[0]);
    expect(await stopsOf(other.token)).toEqual([]);
    const ids = stops.map(({ id }) => id);
    for (const mutation of [
      list('startDeliveries', ids),
      handOver(ids[0] ?? '', 'photoReference: "photo-0001"'),
      bringBack(ids[0] ?? ''),
    ]) {
      expect(await answerTo(mutation, other.token)).toMatchObject({ refused: 'DELIVERY_UNKNOWN' });
      expect(await answerTo(mutation, otherCanteen)).toMatchObject({ refused: 'DELIVERY_UNKNOWN' });
    }
  });

  it('starts, hands over by the code and brings back, and the doors that are done are told no more', async () => {
    const [first, second, third] = stops as unknown as [Order, Order, Order];
    await answerTo(
      list(
        'startDeliveries',
        stops.map(({ id }) => id),
      ),
      courier.token,
    );
    expect(await answerTo(handOver(first.id, `code: "${first.code}"`), courier.token)).toMatchObject({
      state: 'HANDED_OVER',
      code: null,
      swipeId: expect.any(String),
    });
    expect(await answerTo(bringBack(second.id), courier.token)).toEqual({ state: 'CAME_BACK' });
    expect(await answerTo(handOver(third.id, 'photoReference: "day/a1.jpg"'))).toMatchObject({
      state: 'HANDED_OVER',
    });
    const seen = await stopsOf();
    expect(seen.map(({ place, address }) => [place, address])).toEqual([
      [1, null],
      [2, null],
      [3, '梅溪路2号'],
      [4, null],
    ]);
  });

  it('loses its run with its grant', async () => {
    const gone = await server.account('COURIER', town.canteenIds[0]);
    await answerTo(order((await addEntitled(town)).elderId)).then((answer) =>
      answerTo(assign([(answer as { nodes: Order[] }).nodes[0]?.id ?? ''], gone.accountId)),
    );
    expect(await stopsOf(gone.token)).toHaveLength(1);
    await open.database.write((writer) =>
      writer.query('UPDATE access_grant SET facilityId = ? WHERE accountId = ?', [
        town.canteenIds[1],
        gone.accountId,
      ]),
    );
    expect(await stopsOf(gone.token)).toEqual([]);
  });
});

describe('a manager', () => {
  it('of the canteen sees its list page by page without codes, and of another nothing', async () => {
    type Page = {
      nodes: { id: string; code: null }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const all = await answerTo<Page>(ofCanteen());
    expect(all.nodes.length).toBeGreaterThan(4);
    expect(all.nodes.every(({ code }) => code === null)).toBe(true);
    const first = await answerTo<Page>(ofCanteen(2));
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await answerTo<Page>(
      ofCanteen().replace('first: 50', `after: "${first.pageInfo.endCursor}"`),
    );
    expect([...first.nodes, ...rest.nodes]).toEqual(all.nodes);
    expect((await answerTo<Page>(ofCanteen(), otherCanteen)).nodes).toEqual([]);
  });

  it('finds the meals that were brought in the statement of the month', async () => {
    const lines = await answerTo<{ nodes: { mode: string; grossFen: number }[] }>(
      `{ statementLines(canteenId: "${town.canteenIds[0]}", month: "2026-03") { nodes { mode grossFen } } }`,
    );
    const brought = lines.nodes.filter(({ mode }) => mode === 'DELIVERY');
    expect(brought).toEqual(Array(2).fill({ mode: 'DELIVERY', grossFen: 1200 }));
  });
});

it('no question costs more statements for more rows', async () => {
  const countOf = async (query: string, token: string) =>
    (await statementsOf(open.database, () => server.post(query, {}, token))).statements.filter(
      (text) => !/id_sequence|audit_/.test(text),
    ).length;
  const lone = await server.account('COURIER', town.canteenIds[0]);
  const { elderId } = await addEntitled(town);
  await setAddress(town, elderId, '北街1号');
  const { nodes } = await answerTo<{ nodes: Order[] }>(order(elderId));
  await answerTo(assign([nodes[0]?.id ?? ''], lone.accountId));
  expect(await countOf(run, lone.token)).toBe(await countOf(run, courier.token));
  expect(await countOf(ofCanteen(1), manager)).toBe(await countOf(ofCanteen(50), manager));
});
