import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { registerElder } from '../../src/elders/register-elder.js';
import { elderMealRecords } from '../../src/meals/elder-meal-records.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { replaceCard } from '../../src/meals/replace-card.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { looksIn } from '../support/looks.js';
import { settleFile } from '../support/settled-file.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { balanceOf, buildTown, noon, type Town, today, topUp } from '../support/town.js';
import { newIdNumber, newUid } from '../support/two-counties.js';

const name = '欧阳锦绣';
const phone = '13800001234';
const address = '南阳市卧龙区梅溪路1号';

let open: TestDatabase;
let town: Town;
let server: TestServer;
let intake: SwipeIntake;
let admin: string;
const logged: string[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  intake = intakeOf(town);
  const logSink = { write: (line: string) => logged.push(line) };
  server = await startTestServer({
    on: open,
    at: noon,
    settings: { elderRetentionDays: 30, logLevel: 'info' },
    logSink,
  });
  admin = await server.adminToken();
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

interface Person {
  elderId: number;
  idNumber: string;
  uids: string[];
  /** Why a swipe was voided: free text, in which the person is named. */
  reason: string;
}

let person: Person;

/** With two cards, 97 yuan, a meal that was voided and one that was not, and a tap from before the first card. */
beforeEach(async () => {
  const idNumber = newIdNumber('1948-05-06');
  const uids = [newUid(), newUid()] as const;
  const reason = `${name} ${idNumber} 要求`;
  const [oldUid, newUidText] = uids;
  await intake.record(tap(town, { cardUid: oldUid }));
  const elderId = await open.database.write(async (manager) => {
    const elder = await registerElder(
      manager,
      {
        name,
        idNumber,
        phone,
        address,
        homeStationId: town.stationId,
        categories: ['LIVING_ALONE'],
        abilityLevel: 2,
        abilityExpiresOn: '2027-01-01',
      },
      'everywhere',
      today,
    );
    if (isRefusal(elder)) throw new Error(elder.refused);
    await issueCard(manager, { elderId: elder.id, uid: oldUid }, 'everywhere', today);
    return elder.id;
  });
  await topUp(town, oldUid, 10_000);
  const voided = tap(town, { cardUid: oldUid });
  await intake.record(voided);
  const postingId = await town.ids.take(1);
  await open.database.write((manager) =>
    voidSwipe(
      manager,
      { swipeId: voided.command.swipeId, reason, byId: town.managerId, now: noon, postingId },
      'everywhere',
    ),
  );
  await intake.record(tap(town, { cardUid: oldUid }));
  await open.database.write(async (manager) => {
    await reportCardLost(manager, oldUid, 'everywhere', noon);
    const requestId = crypto.randomUUID();
    await replaceCard(
      manager,
      { requestId, cardUid: oldUid, newCardUid: newUidText, now: noon },
      'everywhere',
    );
  });
  person = { elderId, idNumber, uids: [...uids], reason };
});

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

const erasing = `mutation ($id: ID!) { eraseElder(elderId: $id) {
  __typename
  ... on Elder { id name idNumber phone address birthDate abilityLevel categories status card { uid } }
  ... on ElderRefusal { code field }
} }`;

async function erase(id: number | string = person.elderId, token = admin) {
  const { body } = await server.post<{ eraseElder: object }>(erasing, { id: String(id) }, token);
  return body.errors?.[0]?.extensions.code ?? body.data.eraseElder;
}

async function exported(id: number | string = person.elderId, token = admin) {
  const query = 'query ($id: ID!) { exportElder(elderId: $id) { elderId exportedAt json } }';
  const { body } = await server.post<{
    exportElder: { elderId: string; exportedAt: string; json: string } | null;
  }>(query, { id: String(id) }, token);
  return body.errors?.[0]?.extensions.code ?? body.data.exportElder;
}

it('the file is exported whole, and that is recorded', async () => {
  logged.length = 0;
  const file = await exported();
  expect(file).toMatchObject({ elderId: String(person.elderId), exportedAt: noon.toISOString() });
  expect(JSON.parse((file as { json: string }).json)).toEqual({
    exportedAt: noon.toISOString(),
    registration: {
      id: person.elderId,
      name,
      idNumber: person.idNumber,
      phone,
      address,
      birthDate: '1948-05-06',
      abilityLevel: 2,
      abilityExpiresOn: '2027-01-01',
      status: 'ACTIVE',
      registeredOn: today,
      endedOn: null,
      erasedAt: null,
      homeStation: { code: 'STATION', name: 'STATION' },
      categories: ['LIVING_ALONE'],
      emergencyContacts: [],
      door: null,
    },
    relatives: [],
    deliveries: [],
    meals: {
      cards: [
        { uid: person.uids[0], status: 'REPLACED', issuedOn: today, expiresOn: null },
        { uid: person.uids[1], status: 'ACTIVE', issuedOn: today, expiresOn: null },
      ],
      cardReplacements: [{ oldUid: person.uids[0], newUid: person.uids[1], at: noon.toISOString() }],
      topUps: [
        { requestId: expect.any(String), cardUid: person.uids[0], fen: 10_000, at: noon.toISOString() },
      ],
      reviews: [],
      payouts: [],
      swipes: [
        expect.objectContaining({
          outcome: 'ACCEPTED',
          voidReason: person.reason,
          voidedAt: noon.toISOString(),
        }),
        expect.objectContaining({
          cardUid: person.uids[0],
          canteenCode: 'CANTEEN-1',
          swipedAt: noon.toISOString(),
          mealDate: today,
          meal: 'LUNCH',
          offline: false,
          grossFen: 1200,
          subsidyFen: 300,
          selfPaidFen: 900,
          voidedAt: null,
        }),
      ],
      disputes: [],
      fraudFlags: [],
      account: [{ balanceFen: 9100 }],
      ledgerEntries: [10_000, -900, 900, -900].map((fen) =>
        expect.objectContaining({ fen, bookedOn: today }),
      ),
    },
    visits: [],
    hours: { postings: [], disputes: [] },
    assessments: { assessments: [], changes: [] },
    waitingLists: { entries: [], offers: [], passedOver: [] },
    beds: { charges: [], holds: [], leaves: [], stays: [], transfers: [] },
    bedDays: { lines: [], disputes: [] },
    notices: [],
    care: {
      checks: [],
      evidence: [],
      notes: [],
      measurements: [],
      limits: [],
      measurementAlerts: [],
      visitAlerts: [],
      ratings: [],
      doorTags: [],
      objections: [],
    },
  });
  expect((await looksIn(open.database)).map(({ field, elderId }) => [field, elderId])).toEqual(
    ['address', 'idNumber', 'phone'].map((field) => [field, person.elderId]),
  );
  expect(logged.join('')).not.toContain(person.idNumber);
});

it('an administrator alone exports and erases, and an id that nobody has is unknown', async () => {
  for (const token of [
    await server.managerToken(town.cityId),
    await server.readerToken(town.canteenIds[0]),
  ]) {
    expect(await exported(person.elderId, token)).toBe('FORBIDDEN');
    expect(await erase(person.elderId, token)).toBe('FORBIDDEN');
  }
  expect(await exported('999999')).toBeNull();
  expect(await exported('no id')).toBeNull();
  expect(await erase('999999')).toEqual({
    __typename: 'ElderRefusal',
    code: 'ELDER_UNKNOWN',
    field: ['elderId'],
  });
});

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
