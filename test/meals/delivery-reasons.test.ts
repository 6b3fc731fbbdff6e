import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { sealedTables } from '../../src/cli/sealed-tables.js';
import { elderDeliveryRecords } from '../../src/meals/deliveries/elder-delivery-records.js';
import { deliveriesById } from '../../src/meals/deliveries/read-deliveries.js';
import { migrate } from '../../src/shared/migrate.js';
import { rotateKeys } from '../../src/shared/rotate-keys.js';
import { expectAuditClean } from '../support/audited.js';
import { offerDeliveries } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps } from '../support/delivery-steps.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeysOf } from '../support/test-keys.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

const text = '邻居说中风住院';
let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let steps: DeliverySteps;
let deliveryId: number;
let elderId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  server = await startTestServer({ on: open, at: noon, settings: { objectRatePerMinute: 0 } });
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
  ({ id: deliveryId, elderId } = await steps.underWay());
  expect(codeOf(await steps.broughtBack(deliveryId, { reason: 'IN_HOSPITAL', text }))).toBe('done');
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

interface Answer {
  nodes: { state: string; reason: string | null; reasonText: string | null }[];
}
const page = 'nodes { state reason reasonText }';
const ofElder = () => `deliveriesOf(elderId: "${elderId}", from: "${today}", to: "2026-04-01")`;
const ofCanteen = () => `deliveriesOn(canteenId: "${town.canteenIds[0]}", date: "${today}", meal: LUNCH)`;

async function seen(token: string, asked = ofElder()) {
  const { body } = await server.post<Record<string, Answer>>(`{ ${asked} { ${page} } }`, {}, token);
  const [answer] = Object.values(body.data);
  return [answer?.nodes, (body.errors ?? []).map(({ extensions, path }) => [extensions.code, path?.at(-1)])];
}
const told = [[{ state: 'CAME_BACK', reason: 'IN_HOSPITAL', reasonText: text }], []];
const untold = [
  [{ state: 'CAME_BACK', reason: null, reasonText: null }],
  [
    ['FORBIDDEN', 'reason'],
    ['FORBIDDEN', 'reasonText'],
  ],
];

async function withRights(rights: string, more: readonly string[] = []): Promise<string> {
  const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
  await open.database.write(async (manager) => {
    await manager.query('UPDATE access_grant SET familyRights = ? WHERE accountId = ?', [rights, accountId]);
    for (const role of more) {
      await manager.query(
        'INSERT INTO access_grant (accountId, role, facilityId, fromAt) VALUES (?, ?, ?, 0)',
        [accountId, role, town.canteenIds[0]],
      );
    }
  });
  return token;
}

describe('why a meal came back', () => {
  it('is told to a relative with the right HEALTH, and to none with BOOKING alone', async () => {
    expect(await seen(await withRights('BOOKING'))).toEqual(untold);
    expect(await seen(await withRights('BOOKING HEALTH'))).toEqual(told);
  });

  it('is told to the home station, and to the canteen of whoever has other roles besides', async () => {
    expect(await seen(await server.managerToken(town.stationId))).toEqual(told);
    expect(await seen(await server.managerToken(town.canteenIds[0]), ofCanteen())).toEqual(told);
    const both = await withRights('BOOKING', ['STAFF']);
    expect(await seen(both, ofCanteen())).toEqual(told);
    const elsewhere = await server.account('FINANCE', town.otherCountyId);
    await open.database.write((manager) =>
      manager.query('INSERT INTO access_grant (accountId, role, facilityId, fromAt) VALUES (?, ?, ?, 0)', [
        elsewhere.accountId,
        'MANAGER',
        town.canteenIds[0],
      ]),
    );
    expect(await seen(elsewhere.token, ofCanteen())).toEqual(told);
  });

  it('is told to the courier who says it, and stands nowhere in the log', async () => {
    const courier = await server.account('COURIER', town.canteenIds[0]);
    const meal = await steps.underWay();
    await open.database.write((manager) =>
      manager.query('UPDATE delivery_order SET courierId = ? WHERE id = ?', [courier.accountId, meal.id]),
    );
    const bringBack = `mutation { bringBackDelivery(requestId: "${randomUUID()}", deliveryId: "${meal.id}", reason: IN_HOSPITAL, text: "${text}") { ... on DeliveryOrder { state reason reasonText } } }`;
    const { body } = await server.post(bringBack, {}, courier.token);
    expect(body).toEqual({
      data: { bringBackDelivery: { state: 'CAME_BACK', reason: 'IN_HOSPITAL', reasonText: text } },
    });
    const [{ details }] = await open.database.read((manager) =>
      manager.query(
        "SELECT details FROM audit_record WHERE operation = 'bringBackDelivery' AND elderId = ?",
        [meal.elderId],
      ),
    );
    expect(JSON.parse(details)).toMatchObject({
      asked: { reason: '***', text: '***' },
      before: { deliveries: [{ state: 'OUT', reason: null }] },
      after: { deliveries: [{ state: 'CAME_BACK', reason: '***' }] },
    });
    expect(details).not.toContain('HOSPITAL');
  });
});

describe('what the courier wrote', () => {
  const stored = () => open.database.read((manager) => manager.query('SELECT * FROM delivery_order'));
  const read = async () =>
    (await open.database.read((manager) => deliveriesById(manager, [deliveryId])))[0]?.reasonText;

  it('is encrypted, each text for its own delivery', async () => {
    expect(JSON.stringify(await stored())).not.toContain(text);
    expect(await read()).toBe(text);
    const { id } = await steps.underWay();
    await steps.broughtBack(id, { reason: 'OTHER', text: '电梯坏了' });
    const sealed = async (of: number) =>
      (await open.writer.query('SELECT reasonSealed FROM delivery_order WHERE id = ?', [of]))[0].reasonSealed;
    const [own, others] = [await sealed(id), await sealed(deliveryId)];
    const put = (value: string) =>
      open.writer.query('UPDATE delivery_order SET reasonSealed = ? WHERE id = ?', [value, id]);
    await put(others);
    await expect(open.database.read((manager) => deliveriesById(manager, [id]))).rejects.toThrow(
      `delivery_order.reason#${id} does not open`,
    );
    await put(own);
  });

  it('that stood in plain text is taken over, there and back, and left nowhere', async () => {
    const undone = async () => {
      const applied: { name: string }[] = await open.writer.query('SELECT name FROM migrations');
      return !applied.some(({ name }) => name === 'DeliveryReasons1764102600000');
    };
    while (!(await undone())) await open.writer.undoLastMigration();
    const plain = await open.writer.query('SELECT reasonText FROM delivery_order WHERE id = ?', [deliveryId]);
    expect(plain).toEqual([{ reasonText: text }]);
    await migrate(open.writer);
    expect(await read()).toBe(text);
    expect(JSON.stringify(await stored())).not.toContain(text);
    if (engine === 'mysql') return;
    for (const file of [open.url, `${open.url}-wal`]) {
      expect(readFileSync(file).includes(Buffer.from(text))).toBe(false);
    }
  });

  it('is encrypted anew with the key', async () => {
    const { database } = await openDatabase(open.url, { identityKeys: testKeysOf('k2', 'k1') });
    try {
      expect(await rotateKeys(database, sealedTables)).toMatchObject({ remaining: 0, retired: ['k1'] });
      const [row] = await open.writer.query('SELECT reasonSealed FROM delivery_order WHERE id = ?', [
        deliveryId,
      ]);
      expect(row.reasonSealed).toMatch(/^v1\.k2\./);
      const [delivery] = await database.read((manager) => deliveriesById(manager, [deliveryId]));
      expect(delivery?.reasonText).toBe(text);
      // Back under the key with which this file's server was started.
      const back = await openDatabase(open.url, { identityKeys: testKeysOf('k1', 'k2') });
      await migrate(back.writer);
      expect(await rotateKeys(back.database, sealedTables)).toMatchObject({ remaining: 0 });
      await back.database.close();
    } finally {
      await database.close();
    }
  });

  it('is handed over with the elder’s file, and erased with it', async () => {
    const file = () => open.database.read((manager) => elderDeliveryRecords.collect(manager, elderId));
    const [record] = (await file()) as object[];
    expect(record).toMatchObject({ reason: 'IN_HOSPITAL', reasonText: text });
    expect(record).not.toHaveProperty('reasonSealed');
    await open.database.write((manager) => elderDeliveryRecords.erase(manager, elderId));
    expect(await file()).toMatchObject([{ reason: 'IN_HOSPITAL', reasonText: null }]);
    const [row] = await open.writer.query('SELECT * FROM delivery_order WHERE id = ?', [deliveryId]);
    expect(row.reasonSealed).toBeNull();
  });
});
