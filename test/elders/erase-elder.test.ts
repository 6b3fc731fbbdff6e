import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { elderMealRecords } from '../../src/meals/elder-meal-records.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { expectAuditClean } from '../support/audited.js';
import {
  admin,
  closeElderFiles,
  erase,
  exported,
  intake,
  name,
  newElderFile,
  open,
  person,
  server,
  startElderFiles,
  town,
} from '../support/elder-files.js';
import { settleFile } from '../support/settled-file.js';
import { tap } from '../support/taps.js';
import { balanceOf, noon, today } from '../support/town.js';

beforeAll(startElderFiles);
beforeEach(newElderFile);
afterAll(closeElderFiles);

/** Every row of the database in which something of the person could stand. */
async function allRows(): Promise<string> {
  const tables = ['elder', 'elder_category', 'meal_card', 'swipe', 'top_up', 'card_replacement'];
  const rows: unknown[] = [];
  for (const table of tables) rows.push(await open.writer.query(`SELECT * FROM ${table}`));
  return JSON.stringify(rows);
}

const endedOn = (day: string, elderId = person.elderId) =>
  open.database.write(async (manager) => {
    await manager.query("UPDATE elder SET status = 'DECEASED', registeredOn = ?, endedOn = ? WHERE id = ?", [
      '2020-01-01',
      day,
      elderId,
    ]);
    await openReviewsAfterEnd(manager, { elderId, on: day });
  });

/** A meal that was ordered and that nobody has brought, called off or given back. */
async function addOrder(): Promise<void> {
  const id = await town.ids.take(1);
  await open.writer.query(
    `INSERT INTO delivery_order (id, requestId, elderId, canteenId, day, meal, liveMeal, grossFen, feeFen, state,
       codeSeed, codeTries, orderedAt, orderedById)
     VALUES (?, ?, ?, ?, ?, 'LUNCH', 'LUNCH', 1200, 0, 'ORDERED', ?, 0, 0, ?)`,
    [id, randomUUID(), person.elderId, town.canteenIds[0], today, randomUUID(), town.managerId],
  );
}

it('a file is erased when its retention has passed, and not a day before', async () => {
  const refusal = (code: string) => ({ __typename: 'ElderRefusal', code, field: ['elderId'] });
  const before = await allRows();
  expect(await erase()).toEqual(refusal('ELDER_NOT_ENDED'));
  expect(await allRows()).toBe(before);
  await endedOn('2026-02-09');
  expect(await erase()).toEqual(refusal('RETENTION_NOT_PASSED'));
  await endedOn('2026-02-08');
  await settleFile(town, person.elderId);
  expect(await erase()).toEqual({
    __typename: 'Elder',
    id: String(person.elderId),
    name: '已清除',
    idNumber: '******************',
    phone: null,
    address: null,
    birthDate: '1948-01-01',
    abilityLevel: null,
    categories: [],
    status: 'DECEASED',
    card: { uid: expect.stringMatching(/^ERASED-\d+$/) },
  });
});

it('is refused while anything is open, saying what, and erases nothing', async () => {
  await endedOn('2026-01-01');
  await addOrder();
  const asked = `mutation { eraseElder(elderId: "${person.elderId}") { ... on ElderRefusal { code message } ... on Elder { name } } }`;
  const told = async () => {
    const { body } = await server.post<{ eraseElder: object }>(asked, {}, admin, { 'accept-language': 'zh' });
    return body.data.eraseElder;
  };
  const before = await allRows();
  const refusal = (open: string) => ({ code: 'NOT_SETTLED', message: `elderId: 尚有未了结的事项：${open}` });
  expect(await told()).toEqual(refusal('账户余额、待决定的复核、未结束的送餐'));
  expect(await allRows()).toBe(before);
  await settleFile(town, person.elderId);
  expect(await told()).toEqual(refusal('未结束的送餐'));
  await open.writer.query(
    "UPDATE delivery_order SET state = 'CANCELLED', liveMeal = NULL WHERE elderId = ?",
    [person.elderId],
  );
  expect(await told()).toEqual({ name: '已清除' });
});

it('leaves nothing of the person and every sum, and again is as once', async () => {
  await endedOn('2026-01-01');
  await settleFile(town, person.elderId);
  const sums =
    'SELECT SUM(grossFen) AS gross, SUM(subsidyFen) AS subsidy, COUNT(*) AS swipes FROM swipe WHERE elderId = ?';
  const before = await open.writer.query(sums, [person.elderId]);
  expect(await erase()).toMatchObject({ __typename: 'Elder' });

  const rows = await allRows();
  const [{ hash }] = await open.writer.query('SELECT idNumberHash AS hash FROM elder WHERE id = ?', [
    person.elderId,
  ]);
  expect(hash).toBeNull();
  for (const trace of [...person.uids, person.reason]) expect(rows).not.toContain(trace);
  const [elder] = await open.writer.query('SELECT * FROM elder WHERE id = ?', [person.elderId]);
  expect(elder).toMatchObject({
    name: '已清除',
    idNumberSealed: null,
    phoneSealed: null,
    addressSealed: null,
  });
  expect(await open.writer.query(sums, [person.elderId])).toEqual(before);
  expect(await balanceOf(town, person.elderId)).toBe(0);
  await expectAuditClean(open.database);

  const once = await allRows();
  expect(await erase()).toMatchObject({ __typename: 'Elder', name: '已清除' });
  expect(await allRows()).toBe(once);
  expect(await exported()).toMatchObject({ json: expect.stringContaining('"idNumber": null') });

  // The card is nobody's now, and the person may come back.
  expect((await intake.record(tap(town, { cardUid: person.uids[1] as string }))).outcome).toBe(
    'CARD_UNKNOWN',
  );
  const input = { name, idNumber: person.idNumber, homeStationId: String(town.stationId) };
  const again = 'mutation ($input: RegisterElderInput!) { registerElder(input: $input) { __typename } }';
  expect((await server.post(again, { input }, admin)).body).toEqual({
    data: { registerElder: { __typename: 'Elder' } },
  });
});

it('when an area cannot erase its part, nothing is erased', async () => {
  await endedOn('2026-01-01');
  await settleFile(town, person.elderId);
  const before = await allRows();
  const failing = {
    name: 'failing',
    collect: async () => null,
    erase: async () => {
      throw new Error('cannot');
    },
  };
  const erasure = {
    elderId: person.elderId,
    retentionDays: 0,
    records: [elderMealRecords, failing],
    now: noon,
  };
  await expect(open.database.write((manager) => eraseElder(manager, erasure, 'everywhere'))).rejects.toThrow(
    'cannot',
  );
  expect(await allRows()).toBe(before);
});
