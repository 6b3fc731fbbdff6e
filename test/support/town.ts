import { randomUUID } from 'node:crypto';
import { Account, Elder, Facility, FacilityPlacement, Funder, SubsidyRule } from '../../entities/index.js';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { checkCharacter } from '../../src/elders/resident-id.rules.js';
import { sealIdentity } from '../../src/elders/sealed-fields.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { openLedgerAccounts } from '../../src/meals/ledger.js';
import type { ServingWindow } from '../../src/meals/meal-window.rules.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { ruleFileOf } from './rule-cases.js';

/** A weekday noon in China Standard Time, on which the clocks of tests stand. */
export const noon = new Date('2026-03-10T12:00:00+08:00');
export const today = '2026-03-10';

export const windows: readonly ServingWindow[] = [
  { meal: 'BREAKFAST', fromMinute: 390, toMinute: 510 },
  { meal: 'LUNCH', fromMinute: 630, toMinute: 810 },
  { meal: 'DINNER', fromMinute: 990, toMinute: 1110 },
];

const lunch = (fen: number) => ({
  format: 1,
  name: { zh: '午餐补贴', en: 'Lunch' },
  alongside: 'BEST',
  groups: [
    {
      code: 'MEAL',
      name: { zh: '午餐', en: 'lunch' },
      pick: 'ONE',
      rules: [
        {
          code: 'LUNCH',
          name: { zh: '60 岁及以上午餐', en: 'lunch from 60 on' },
          who: { ageFrom: 60 },
          when: { meals: ['LUNCH'] },
          gives: { kind: 'AMOUNT', fen, ifBillIsLess: 'PAY_THE_BILL' },
          borneBy: [{ funder: 'BUREAU', rest: true }],
        },
      ],
    },
  ],
});

/** 2 yuan towards a lunch until the day on which the clocks of tests stand, and 3 from it on. */
const lunchRules = ruleFileOf(
  JSON.stringify({
    funders: [],
    ruleSets: [
      {
        code: 'LUNCH-60',
        division: '4113',
        versions: [
          { fromDay: '2019-01-01', toDay: '2026-03-10', document: lunch(200) },
          { fromDay: '2026-03-10', toDay: null, document: lunch(300) },
        ],
      },
    ],
  }),
);

export interface Town {
  database: Database;
  ids: IdBlocks;
  cityId: number;
  countyId: number;
  streetId: number;
  stationId: number;
  /** Two canteens in the same street. */
  canteenIds: [number, number];
  funderId: number;
  /** A reader's account at each canteen. */
  readerIds: [number, number];
  managerId: number;
}

export interface Diner {
  elderId: number;
  uid: string;
}

/** A county with a street, a home-care station and two canteens, under Nanning's rule of 2 and then 3 yuan. */
export async function buildTown(database: Database): Promise<Town> {
  const ids = new IdBlocks(database);
  return database.write(async (manager) => {
    const place = async (kind: FacilityKind, divisionCode: string, code: string, parentId?: number) => {
      const opened = { code, name: code, kind, divisionCode, openedOn: '2020-01-01', closedOn: null };
      const { id } = await manager.save(manager.create(Facility, opened));
      if (parentId !== undefined) {
        await manager.insert(FacilityPlacement, {
          facilityId: id,
          parentId,
          fromDay: '2020-01-01',
          toDay: null,
        });
      }
      return id;
    };
    const cityId = await place('CITY_CENTER', '4113', 'CITY');
    const countyId = await place('COUNTY_CENTER', '411302', 'COUNTY', cityId);
    const streetId = await place('STREET_CENTER', '411302001', 'STREET', countyId);
    const stationId = await place('HOME_CARE_STATION', '411302001001', 'STATION', streetId);
    const first = await place('ELDER_CANTEEN', '411302001001', 'CANTEEN-1', streetId);
    const second = await place('ELDER_CANTEEN', '411302001002', 'CANTEEN-2', streetId);

    const { id: funderId } = await manager.save(manager.create(Funder, { code: 'BUREAU', name: '市民政局' }));
    await openLedgerAccounts(manager, [{ kind: 'FUNDER', ownerId: funderId }]);
    for (const canteenId of [first, second]) {
      await configureCanteen(manager, { canteenId, priceFenMax: 3000, windows }, 'everywhere', today);
    }
    const rules = lunchRules.ruleSets[0]?.versions ?? [];
    await manager.insert(
      SubsidyRule,
      rules.map(({ fromDay, toDay, document }, index) => ({
        code: 'LUNCH-60',
        version: index + 1,
        facilityId: cityId,
        fromDay,
        toDay,
        status: 'APPROVED' as const,
        document: JSON.stringify(document),
        proposedAt: noon,
        decidedAt: noon,
      })),
    );
    const account = async (name: string) =>
      (await manager.save(manager.create(Account, { name, createdAt: noon }))).id;
    return {
      database,
      ids,
      cityId,
      countyId,
      streetId,
      stationId,
      canteenIds: [first, second],
      funderId,
      readerIds: [await account('reader 1'), await account('reader 2')],
      managerId: await account('manager'),
    };
  });
}

/** An account without grants, as somebody who acts. */
export async function addAccount({ database }: Town, name: string): Promise<number> {
  const account = await database.write((manager) =>
    manager.save(manager.create(Account, { name, createdAt: noon })),
  );
  return account.id;
}

/** How many each database has: counted from one in each, whatever ran before in the same process. */
const diners = new WeakMap<Database, number>();

/** An elder of 76 with an active card and `balanceFen` of their own. */
export async function addDiner(
  town: Town,
  { balanceFen = 10_000, birthDate = '1950-01-01', name = '王小明', homeStationId = town.stationId } = {},
): Promise<Diner> {
  const number = (diners.get(town.database) ?? 0) + 1;
  diners.set(town.database, number);
  const first17 = `411302${birthDate.replaceAll('-', '')}${String(number).padStart(3, '0')}`;
  const uid = (0xa0000000 + number).toString(16).toUpperCase();
  const elderId = await town.database.write(async (manager) => {
    const elder = manager.create(Elder, {
      name,
      ...sealIdentity(cipherOf(manager), {
        idNumber: first17 + checkCharacter(first17),
        phone: null,
        address: null,
      }),
      birthDate,
      abilityLevel: null,
      abilityExpiresOn: null,
      homeStationId,
      status: 'ACTIVE',
      registeredOn: '2020-01-01',
      endedOn: null,
    });
    const { id } = await manager.save(elder);
    const card = await issueCard(manager, { elderId: id, uid }, 'everywhere', today);
    if (isRefusal(card)) throw new Error(card.refused);
    return id;
  });
  if (balanceFen > 0) await topUp(town, uid, balanceFen);
  return { elderId, uid };
}

export async function topUp(town: Town, cardUid: string, fen: number): Promise<void> {
  const id = await town.ids.take(1);
  const request = {
    id,
    requestId: randomUUID(),
    cardUid,
    fen,
    fenMax: 100_000_000,
    byId: town.managerId,
    now: noon,
  };
  const result = await town.database.write((manager) => topUpCard(manager, request, 'everywhere'));
  if (isRefusal(result)) throw new Error(result.refused);
}

export async function balanceOf({ database }: Town, elderId: number): Promise<number> {
  const rows = await database.read((manager) =>
    manager.query("SELECT balanceFen FROM ledger_account WHERE kind = 'ELDER' AND ownerId = ?", [elderId]),
  );
  return Number(rows[0].balanceFen);
}

/** How many rows a table holds. */
export async function countRows({ database }: { database: Database }, table: string): Promise<number> {
  const rows = await database.read((manager) => manager.query(`SELECT COUNT(*) AS count FROM ${table}`));
  return Number(rows[0].count);
}
