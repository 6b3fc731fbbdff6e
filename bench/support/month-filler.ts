import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Account, Elder, Facility, FacilityPlacement, Funder } from '../../entities/index.js';
import { showProgress } from '../../seeds/progress.js';
import { sealIdentity } from '../../src/elders/sealed-fields.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { cashOwnerId, ledgerAccountId, openLedgerAccounts, postingInserts } from '../../src/meals/ledger.js';
import { ruleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { insertRows, writeTogether } from '../../src/shared/statements.js';

export interface MonthSize {
  canteens: number;
  /** A canteen and day, one for each of its elders. */
  meals: number;
  days: number;
}

export interface FilledMonth {
  cityId: number;
  canteenIds: number[];
}

interface Place {
  canteenId: number;
  elderIds: number[];
  readerId: number;
  ruleId: number;
  cardIds: number[];
  accounts: { receivable: number; funder: number; cash: number; elders: number[] };
}

const openedOn = '2020-01-01';

/**
 * A city whose every canteen has served its elders lunch on each day of the month, and the ledger of it. The audit has
 * nothing to say against it.
 */
export async function fillMonth(database: Database, month: string, size: MonthSize): Promise<FilledMonth> {
  const { cityId, streetId, ...shared } = await database.write(addCity);
  const progress = showProgress(true, '填充 Filling', size.canteens);
  const canteenIds: number[] = [];
  let nextId = 1;
  for (let index = 0; index < size.canteens; index += 1) {
    const place = await database.write((manager) =>
      addCanteen(manager, { ...shared, index, streetId, elders: size.meals }),
    );
    const paidIn = {
      fen: size.days * selfPaidFen,
      at: new Date(`${month}-01T09:00:00+08:00`),
      firstId: nextId,
    };
    await database.write((manager) => topUp(manager, place, paidIn));
    nextId += size.meals;
    for (let day = 1; day <= size.days; day += 1) {
      const firstId = nextId;
      const date = `${month}-${String(day).padStart(2, '0')}`;
      await database.write((manager) => serve(manager, place, date, firstId));
      nextId += size.meals;
    }
    canteenIds.push(place.canteenId);
    progress.update(index + 1);
  }
  progress.stop();
  return { cityId, canteenIds };
}

async function addCity(manager: EntityManager) {
  const cityId = await addPlace(manager, { kind: 'CITY_CENTER', code: 'CITY', divisionCode: '4113' });
  const county = { kind: 'COUNTY_CENTER', code: 'COUNTY', divisionCode: '411302' } as const;
  const countyId = await addPlace(manager, county, cityId);
  const street = { kind: 'STREET_CENTER', code: 'STREET', divisionCode: '411302001' } as const;
  const streetId = await addPlace(manager, street, countyId);
  const station = { kind: 'HOME_CARE_STATION', code: 'STATION', divisionCode: '411302001001' } as const;
  const stationId = await addPlace(manager, station, streetId);
  const { id: funderId } = await manager.save(manager.create(Funder, { code: 'BUREAU', name: '市民政局' }));
  await openLedgerAccounts(manager, [{ kind: 'FUNDER', ownerId: funderId }]);
  const reader = manager.create(Account, { name: 'reader', createdAt: new Date(0) });
  const { id: readerId } = await manager.save(reader);
  return { cityId, streetId, stationId, funderId, readerId, ruleId: await addRules(manager, cityId) };
}

/** What every lunch is subsidised by, with caps of each period, which nobody reaches. */
async function addRules(manager: EntityManager, facilityId: number): Promise<number> {
  const name = { zh: '午餐', en: 'lunch' };
  const rule = {
    ...{ code: 'LUNCH', name, gives: { kind: 'AMOUNT', fen: subsidyFen, ifBillIsLess: 'PAY_THE_BILL' } },
    ...{ borneBy: [{ funder: 'BUREAU', rest: true }], caps: [{ per: 'DAY', times: 1 }] },
  };
  const group = { code: 'LUNCH', name, pick: 'ONE', rules: [rule], caps: [{ per: 'WEEK', times: 7 }] };
  const caps = [{ per: 'MONTH', times: 31, fen: 31 * subsidyFen }];
  const document = ruleDocument.parse({ format: 1, name, alongside: 'BEST', caps, groups: [group] });
  const days = { fromDay: openedOn, toDay: null };
  const proposal = { ...days, code: 'LUNCH', facilityId, document, byId: null, now: new Date(0) };
  const kept = { scope: 'everywhere', approved: true } as const;
  const proposed = await proposeVersion(manager, subsidyRules, proposal, kept);
  if (isRefusal(proposed)) throw new Error(proposed.message.en);
  return proposed.ruleSetId;
}

async function addPlace(
  manager: EntityManager,
  place: Pick<Facility, 'kind' | 'code' | 'divisionCode'>,
  parentId?: number,
): Promise<number> {
  const opened = { ...place, name: place.code, openedOn, closedOn: null };
  const { id } = await manager.save(manager.create(Facility, opened));
  const placement = { facilityId: id, fromDay: openedOn, toDay: null };
  if (parentId !== undefined) await manager.insert(FacilityPlacement, { ...placement, parentId });
  return id;
}

interface NewCanteen {
  index: number;
  streetId: number;
  stationId: number;
  funderId: number;
  readerId: number;
  ruleId: number;
  elders: number;
}

async function addCanteen(
  manager: EntityManager,
  { index, streetId, stationId, funderId, readerId, ruleId, elders }: NewCanteen,
): Promise<Place> {
  const canteen = { kind: 'ELDER_CANTEEN', code: `CANTEEN-${index}`, divisionCode: '411302001001' } as const;
  const canteenId = await addPlace(manager, canteen, streetId);
  const windows = [{ meal: 'LUNCH' as const, fromMinute: 630, toMinute: 810 }];
  await configureCanteen(manager, { canteenId, priceFenMax: 3000, windows }, 'everywhere', openedOn);
  const files = Array.from({ length: elders }, (_, number) => {
    const idNumber = `411302${String(index).padStart(4, '0')}0101${String(number).padStart(3, '0')}X`;
    const sealed = sealIdentity(cipherOf(manager), { idNumber, phone: null, address: null });
    const state = { abilityLevel: null, abilityExpiresOn: null, status: 'ACTIVE' as const, endedOn: null };
    const dates = { birthDate: '1950-01-01', registeredOn: openedOn };
    return manager.create(Elder, { name: '王小明', ...sealed, ...state, ...dates, homeStationId: stationId });
  });
  const elderIds = (await manager.save(files)).map(({ id }) => id);
  await openLedgerAccounts(
    manager,
    elderIds.map((ownerId) => ({ kind: 'ELDER' as const, ownerId })),
  );
  await insertRows(
    manager,
    'meal_card',
    ['uid', 'elderId', 'activeElderId', 'status', 'issuedOn'],
    elderIds.map((id) => [`04${id.toString(16).padStart(8, '0').toUpperCase()}`, id, id, 'ACTIVE', openedOn]),
  );
  const idsOf = async (sql: string): Promise<number[]> => {
    const rows: { id: number }[] = await manager.query(sql, [elderIds[0]]);
    return rows.map(({ id }) => id);
  };
  const accounts = {
    receivable: await ledgerAccountId(manager, 'CANTEEN_RECEIVABLE', canteenId),
    funder: await ledgerAccountId(manager, 'FUNDER', funderId),
    cash: await ledgerAccountId(manager, 'CASH', cashOwnerId),
    elders: await idsOf(
      "SELECT id FROM ledger_account WHERE kind = 'ELDER' AND ownerId >= ? ORDER BY ownerId",
    ),
  };
  const cardIds = await idsOf('SELECT id FROM meal_card WHERE elderId >= ? ORDER BY elderId');
  return { canteenId, elderIds, readerId, ruleId, cardIds, accounts };
}

/** Every elder pays in what the lunches of the month will cost. */
async function topUp(
  manager: EntityManager,
  { cardIds, accounts }: Place,
  { fen, at, firstId }: { fen: number; at: Date; firstId: number },
): Promise<void> {
  const columns = ['id', 'requestId', 'cardId', 'fen', 'at'];
  const rows = cardIds.map((cardId, index) => [firstId + index, randomUUID(), cardId, fen, at.getTime()]);
  const postings = cardIds.map((_, index) => ({
    ...{ id: firstId + index, kind: 'TOP_UP' as const, sourceId: firstId + index, at },
    entries: [
      { accountId: accounts.elders[index] ?? 0, fen },
      { accountId: accounts.cash, fen: -fen },
    ],
  }));
  await writeTogether(manager, [{ table: 'top_up', columns, rows }, ...postingInserts(postings)]);
}

const [grossFen, subsidyFen, selfPaidFen] = [1200, 300, 900];

async function serve(
  manager: EntityManager,
  { canteenId, elderIds, readerId, ruleId, accounts }: Place,
  date: string,
  firstId: number,
): Promise<void> {
  const at = new Date(`${date}T12:00:00+08:00`);
  const swipes = elderIds.map((elderId, index) => {
    const id = firstId + index;
    const tap = [id, randomUUID(), readerId, canteenId, id, '04A1B2C3', at.getTime(), at.getTime(), grossFen];
    const outcome = ['DINE_IN', false, 'ACCEPTED', elderId, date, 'LUNCH', 'LUNCH'];
    return [...tap, ...outcome, subsidyFen, 0, selfPaidFen, 0, ruleId, `${ruleId}.0=${subsidyFen}`];
  });
  const postings = elderIds.map((_, index) => ({
    id: firstId + index,
    kind: 'SWIPE' as const,
    sourceId: firstId + index,
    at,
    entries: [
      { accountId: accounts.receivable, fen: grossFen },
      { accountId: accounts.funder, fen: -subsidyFen },
      { accountId: accounts.elders[index] ?? 0, fen: -selfPaidFen },
    ],
  }));
  await writeTogether(manager, [
    { table: 'swipe', columns: swipeColumns, rows: swipes },
    ...postingInserts(postings),
  ]);
}

const swipeColumns = [
  'id',
  'swipeId',
  'readerId',
  'canteenId',
  'sequence',
  'cardUid',
  'swipedAt',
  'receivedAt',
  'grossFen',
  'mode',
  'offline',
  'outcome',
  'elderId',
  'mealDate',
  'meal',
  'claimedMeal',
  'subsidyFen',
  'discountFen',
  'selfPaidFen',
  'balanceFen',
  'ruleId',
  'appliedRules',
];
