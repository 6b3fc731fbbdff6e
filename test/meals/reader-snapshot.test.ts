import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cardRef } from '../../src/meals/reader-lists/card-ref.rules.js';
import { decideOffline } from '../../src/meals/reader-lists/decide-offline.rules.js';
import { ReaderLists } from '../../src/meals/reader-lists/reader-lists.js';
import type { SnapshotPage } from '../../src/meals/reader-lists/reader-snapshot.rules.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import { statementsOf } from '../support/count-statements.js';
import { openPage, ReaderStore } from '../support/reader-store.js';
import { intakeOf, tap } from '../support/taps.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, countRows, type Diner, noon, topUp } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let canteenId: number;
let reader: { accountId: number; token: string };
let publicKey: string;
let neighbour: Diner;
let guest: Diner;
let stranger: Diner;

beforeAll(async () => {
  server = await startTestServer({
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  town = await buildTwoCounties(server.database);
  canteenId = town.canteenIds[0];
  reader = await server.account('READER', canteenId);
  publicKey = (await keys())[0]?.publicKey ?? '';
  neighbour = await addDiner(town);
  // Both live in the other county; one of them eats here.
  guest = await addDiner(town, { homeStationId: town.otherCountyId });
  stranger = await addDiner(town, { homeStationId: town.otherCountyId });
  await intakeOf(town).record(tap(town, { cardUid: guest.uid }));
});
afterAll(() => server.close());
// What one test left the clock at is not the next one's business.
beforeEach(() => server.clock.set(noon, 0));

const snapshot = `query ($canteenId: ID!, $since: String, $itemsMax: Int) {
  readerSnapshot(canteenId: $canteenId, since: $since, itemsMax: $itemsMax) {
    ... on ReaderSnapshot { page } ... on ReaderSnapshotRefusal { code message field } } }`;

interface Given {
  page?: string;
  code?: string;
  message?: string;
  field?: string[] | null;
}

async function ask(variables: Record<string, unknown> = {}, token = reader.token) {
  const { body } = await server.post<{ readerSnapshot: Given }>(snapshot, { canteenId, ...variables }, token);
  return body;
}

async function given(variables: Record<string, unknown> = {}, token = reader.token): Promise<Given> {
  return (await ask(variables, token)).data.readerSnapshot;
}

async function pageOf(variables: Record<string, unknown> = {}, token = reader.token): Promise<SnapshotPage> {
  return openPage((await given(variables, token)).page ?? '', publicKey);
}

async function keys(): Promise<{ id: string; publicKey: string }[]> {
  const query = '{ readerSnapshotKeys { id publicKey } }';
  const { body } = await server.post<{ readerSnapshotKeys: { id: string; publicKey: string }[] }>(
    query,
    {},
    reader.token,
  );
  return body.data.readerSnapshotKeys;
}

/** Fetches until there is no more, as a reader does. */
async function synchronized(store: ReaderStore, itemsMax = 1000): Promise<SnapshotPage[]> {
  const pages: SnapshotPage[] = [];
  do {
    pages.push(await pageOf({ since: store.version ?? null, itemsMax }));
    store.apply(pages.at(-1) as SnapshotPage);
  } while (!pages.at(-1)?.last);
  return pages;
}

function offline(store: ReaderStore, cardUid: string, { at = noon, grossFen = 1200 } = {}) {
  const tapped = { cardUid, swipedAt: at, grossFen, mode: 'DINE_IN' as const };
  return decideOffline({ store, tap: tapped, own: [] });
}

function hours(count: number): Date {
  return new Date(noon.getTime() + count * 3_600_000);
}

it('gives the cards of the street and of who eats here, and no name, uid or birth date', async () => {
  const store = new ReaderStore();
  const pages = await synchronized(store);
  expect(pages).toHaveLength(1);
  expect(pages[0]).toMatchObject({
    format: 1,
    canteenId: String(canteenId),
    readerId: String(reader.accountId),
    since: null,
    full: true,
    last: true,
    asOf: noon.toISOString(),
    validUntil: hours(48).toISOString(),
    keys: await keys(),
  });
  const text = JSON.stringify(pages);
  for (const secret of ['王', neighbour.uid, '1950', '411302']) expect(text).not.toContain(secret);
  expect(offline(store, neighbour.uid.toLowerCase())).toMatchObject({
    answer: 'ACCEPTED',
    meal: 'LUNCH',
    split: { subsidyFen: 300, discountFen: 0, selfPaidFen: 900 },
  });
  expect(offline(store, guest.uid)).toEqual({ answer: 'MEAL_ALREADY_TAKEN' });
  expect(offline(store, guest.uid, { at: hours(24) })).toMatchObject({ answer: 'ACCEPTED' });
  expect(offline(store, stranger.uid)).toEqual({ answer: 'STORE_ONLY', why: 'CARD_NOT_LISTED' });
  expect(offline(store, neighbour.uid, { at: hours(48) })).toEqual({
    answer: 'STORE_ONLY',
    why: 'SNAPSHOT_TOO_OLD',
  });
});

it('gives what changed since a version, and nothing when nothing did', async () => {
  const store = new ReaderStore();
  await synchronized(store);
  const [quiet] = await synchronized(store);
  expect(quiet).toMatchObject({ full: false, last: true, cards: [], blocked: [], entitlements: [] });
  expect(quiet).not.toHaveProperty('terms');
  const diner = await addDiner(town, { balanceFen: 100 });
  const before = store.version;
  const [more] = await synchronized(store);
  expect(more?.cards.map(({ ref }) => ref)).toEqual([cardRef(store.salt, diner.uid)]);
  expect(more).toMatchObject({ since: before, full: false });
  expect(offline(store, diner.uid)).toEqual({ answer: 'INSUFFICIENT_BALANCE' });
  await topUp(town, diner.uid, 2000);
  await synchronized(store);
  expect(offline(store, diner.uid)).toMatchObject({ answer: 'ACCEPTED' });
  const whole = new ReaderStore();
  await synchronized(whole);
  expect(store.content).toEqual(whole.content);
});

it('answers offline what the server would answer online', async () => {
  const [poor, young] = [
    await addDiner(town, { balanceFen: 900 }),
    await addDiner(town, { birthDate: '1970-01-01' }),
  ];
  const store = new ReaderStore();
  await synchronized(store);
  const query = `query ($cardUid: String!, $grossFen: Fen!) {
    previewSwipe(cardUid: $cardUid, grossFen: $grossFen) { outcome subsidyFen discountFen selfPaidFen } }`;
  for (const { uid: cardUid } of [poor, young, guest, neighbour]) {
    for (const grossFen of [0, 1, 300, 1199, 1200, 1201, 3000, 3001]) {
      const { body } = await server.post<{ previewSwipe: object }>(
        query,
        { cardUid, grossFen },
        reader.token,
      );
      const said = offline(store, cardUid, { grossFen });
      const { subsidyFen, discountFen, selfPaidFen } =
        'split' in said ? said.split : { subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
      expect(body.data.previewSwipe).toEqual({ outcome: said.answer, subsidyFen, discountFen, selfPaidFen });
    }
  }
});

it('blocks a card that was lost, and forgets one that is nobody’s any more', async () => {
  const lost = await addDiner(town);
  const moved = await addDiner(town);
  const store = new ReaderStore();
  await synchronized(store);
  await server.database.write((manager) => reportCardLost(manager, lost.uid, 'everywhere', noon));
  await server.database.write((manager) =>
    manager.query('UPDATE elder SET homeStationId = ? WHERE id = ?', [town.otherCountyId, moved.elderId]),
  );
  const [page] = await synchronized(store);
  expect(page?.blocked).toEqual([{ ref: cardRef(store.salt, lost.uid), why: 'CARD_NOT_ACTIVE' }]);
  expect(page?.removed.cards).toEqual([cardRef(store.salt, moved.uid)]);
  expect(offline(store, lost.uid)).toEqual({ answer: 'CARD_NOT_ACTIVE' });
  expect(offline(store, moved.uid)).toMatchObject({ answer: 'STORE_ONLY' });
  const whole = new ReaderStore();
  const [full] = await synchronized(whole);
  expect(full?.removed).toEqual({ cards: [], entitlements: [] });
  expect(store.content).toEqual(whole.content);
});

it('comes in pages that a change in between does not disturb', async () => {
  const store = new ReaderStore();
  store.apply(await pageOf({ itemsMax: 2 }));
  expect(store.validUntil).toEqual(new Date(0));
  const [first] = [...store.cards.keys()];
  await intakeOf(town).record(tap(town, { cardUid: neighbour.uid }));
  const pages = await synchronized(store, 2);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.every(({ full }) => !full)).toBe(true);
  expect(first).toBeDefined();
  const whole = new ReaderStore();
  await synchronized(whole);
  expect(store.content).toEqual(whole.content);
  expect(offline(store, neighbour.uid)).toEqual({ answer: 'MEAL_ALREADY_TAKEN' });
});

it('goes on over midnight with the day that is new', async () => {
  const store = new ReaderStore();
  await synchronized(store);
  server.clock.set(hours(13), 0);
  const [page] = await synchronized(store);
  expect(page?.terms?.days.map(({ day }) => day)).toEqual(['2026-03-11', '2026-03-12', '2026-03-13']);
  expect(store.cards.get(cardRef(store.salt, guest.uid))).not.toHaveProperty('meals');
});

it.each([
  ['another canteen’s', () => ({ canteenId: town.canteenIds[1] }), 'CANTEEN_NOT_YOURS', ['canteenId']],
  ['no canteen’s', () => ({ canteenId: 999_999 }), 'CANTEEN_NOT_YOURS', ['canteenId']],
  ['nonsense', () => ({ canteenId: 'x' }), 'CANTEEN_NOT_YOURS', ['canteenId']],
  ['no items', () => ({ itemsMax: 0 }), 'ITEMS_OUT_OF_RANGE', ['itemsMax']],
  ['too many items', () => ({ itemsMax: 5001 }), 'ITEMS_OUT_OF_RANGE', ['itemsMax']],
  ['a version that is none', () => ({ since: '12' }), 'SINCE_INVALID', ['since']],
])('refuses %s by name', async (_, variables, code, field) => {
  const before = await countRows(server, 'reader_list_item');
  const refusal = await given(variables());
  expect(refusal).toMatchObject({ code, field });
  expect(refusal.message).toContain(field[0]);
  expect(await countRows(server, 'reader_list_item')).toBe(before);
});

it('refuses a reader whose canteen serves nothing yet, and every one where nothing can be signed', async () => {
  const { token } = await server.account('READER', town.stationId);
  expect(await given({ canteenId: town.stationId }, token)).toMatchObject({ code: 'CANTEEN_NOT_CONFIGURED' });
  const { database, services } = server;
  const unsigned = new ReaderLists({
    database,
    terms: services.canteenTerms,
    signer: undefined,
    hours: 1,
    refreshSeconds: 0,
  });
  const asked = { canteenId, reader: { readerId: 1, canteenId }, since: undefined, itemsMax: 1, now: noon };
  expect(await unsigned.page(asked)).toMatchObject({ refused: 'SNAPSHOTS_NOT_SET_UP' });
});

it('gives the whole list to whoever comes with a version of another list, or one that never was', async () => {
  const { list, version } = await pageOf();
  expect(await pageOf({ since: version })).toMatchObject({ full: false });
  expect(await pageOf({ since: `${list}.1.999999999` })).toMatchObject({ full: true, since: null });
  expect(await pageOf({ since: '0123456789abcdef.1.1' })).toMatchObject({ full: true, since: null });
});

it('is for readers whose key counts, and names the reader it is for', async () => {
  const other = await server.account('READER', canteenId);
  expect(await pageOf({}, other.token)).toMatchObject({ readerId: String(other.accountId) });
  expect((await ask({}, await server.managerToken(town.streetId))).errors?.[0]?.extensions.code).toBe(
    'FORBIDDEN',
  );
  await server.database.write((manager) =>
    manager.query('UPDATE access_token SET revokedAt = 1 WHERE accountId = ?', [other.accountId]),
  );
  expect((await ask({}, other.token)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

it('shows by its signature that somebody touched it', async () => {
  const { page = '' } = await given();
  const [head, body = '', signature] = page.split('.');
  const other = `${body.slice(0, 40)}${body[40] === 'A' ? 'B' : 'A'}${body.slice(41)}`;
  expect(() => openPage([head, other, signature].join('.'), publicKey)).toThrow('the signature is wrong');
  expect(() => openPage(page, Buffer.alloc(32, 7).toString('base64url'))).toThrow();
});

it('asks the database as often for many cards as for few', async () => {
  // The canteen's terms and the rules are kept for a second, so whether they are read depends on the time.
  const readsOf = async (since: string | null) => {
    const { statements } = await statementsOf(server.database, () => given({ since }));
    return statements.filter(
      (text) =>
        /^\s*(SELECT|WITH)/.test(text) && /reader_list|scope/.test(text) && !/subsidy_rule/.test(text),
    );
  };
  const { version } = await pageOf();
  const few = await readsOf(version);
  for (let count = 0; count < 5; count++) await addDiner(town);
  const many = await readsOf(version);
  expect(few.length).toBe(9);
  expect(many).toEqual(few);
});
