import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ElderCategoryMembership, Funder } from '../../entities/index.js';
import { openDatabase } from '../../ormconfig.js';
import { type InstitutionStays, stayKey } from '../../src/elders/institution-stays.js';
import { readCanteenTerms } from '../../src/meals/canteen-terms.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { openLedgerAccounts } from '../../src/meals/ledger.js';
import { previewSwipe } from '../../src/meals/preview-swipe.js';
import { explainSubsidy } from '../../src/meals/rules/explain-subsidy.js';
import { readRuleCatalog, readUses, type StoredUses } from '../../src/meals/rules/rule-catalog.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { intakeOf, limits, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town, today, windows } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let otherDatabase: Database;
let otherTown: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url)).database;
  otherTown = { ...town, database: otherDatabase, ids: new IdBlocks(otherDatabase) };
  await open.database.write(async (manager) => {
    for (const canteenId of town.canteenIds) {
      await configureCanteen(manager, { canteenId, priceFenMax: 30_000, windows }, 'everywhere', today);
    }
    const { id } = await manager.save(
      manager.create(Funder, { code: 'LOTTERY', name: '福彩公益金', level: 'DONOR', divisionCode: null }),
    );
    await openLedgerAccounts(manager, [{ kind: 'FUNDER', ownerId: id }]);
  });
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await otherDatabase.close();
  await open.drop();
});

async function inForce(code: string, document: RuleDocument, fromDay = '2026-03-01'): Promise<void> {
  const proposal = { code, facilityId: town.streetId, fromDay, toDay: null, document, byId: null, now: noon };
  const result = await open.database.write((manager) =>
    proposeVersion(manager, subsidyRules, proposal, { scope: 'everywhere', approved: true }),
  );
  if (isRefusal(result)) throw new Error(`${result.refused} ${result.field}`);
}

const at = (text: string) => new Date(`${text}+08:00`);
const late = { offline: true };

describe('a cap of five times a week and one a day, across canteens', () => {
  beforeAll(() =>
    inForce(
      'WEEK',
      oneRule(
        { gives: amount(500), who: { ageFrom: 70 } },
        {
          caps: [
            { per: 'DAY', times: 1 },
            { per: 'WEEK', times: 5 },
          ],
        },
      ),
    ),
  );

  /** Days of one week from Monday to Sunday before noon of Tuesday after it, in whatever order they arrive. */
  const week = ['03-02', '03-03', '03-04', '03-05', '03-06', '03-07', '03-08'];

  it.each([
    ['in one batch', 256, false],
    ['a transaction each, in any order', 1, false],
    ['by two servers', 3, true],
  ])('is held: %s', async (_, batchSizeMax, twoServers) => {
    const diner = await addDiner(town, { balanceFen: 1_000_000 });
    const now = at('2026-03-08T23:00:00');
    const options = { batchSizeMax, clock: { now: () => now } };
    const one = intakeOf(town, options);
    const other = twoServers ? intakeOf(otherTown, options) : one;
    const taps = week.flatMap((day) =>
      ['07:00:00', '12:00:00', '17:00:00'].map((time) => ({ day, swipedAt: at(`2026-${day}T${time}`) })),
    );
    const answers = await Promise.all(
      taps.map(({ swipedAt }, index) =>
        (index % 2 ? one : other).record(
          tap(town, { cardUid: diner.uid, swipedAt, ...late }, { canteen: index % 3 ? 0 : 1 }),
        ),
      ),
    );
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['ACCEPTED']));
    // The other rules of the town give 2 or 3 yuan at each lunch, and 5 is the more.
    const fiveDays = answers.flatMap(({ receipt }) =>
      receipt?.subsidyFen === 500 ? [receipt.mealDate] : [],
    );
    expect(fiveDays).toHaveLength(5);
    expect(new Set(fiveDays).size).toBe(5);
  });

  it('is free again when the meal is taken back, and on Monday', async () => {
    const diner = await addDiner(town, { balanceFen: 1_000_000 });
    const now = at('2026-03-08T23:00:00');
    const intake = intakeOf(town, { clock: { now: () => now } });
    const swipeAt = (time: string) =>
      intake.record(tap(town, { cardUid: diner.uid, swipedAt: at(time), ...late }));
    const breakfast = await swipeAt('2026-03-07T07:00:00');
    expect(breakfast.receipt?.subsidyFen).toBe(500);
    expect((await swipeAt('2026-03-07T17:00:00')).receipt?.subsidyFen).toBe(0);
    const postingId = await town.ids.take(1);
    const taken = { swipeId: breakfast.swipeId, reason: 'wrong card', byId: town.managerId, now, postingId };
    await town.database.write((manager) => voidSwipe(manager, taken, 'everywhere'));
    expect((await swipeAt('2026-03-07T12:00:00')).receipt?.subsidyFen).toBe(500);
    const monday = intakeOf(town, { clock: { now: () => at('2026-03-09T12:00:00') } });
    const next = tap(town, { cardUid: diner.uid, swipedAt: at('2026-03-09T12:00:00') });
    expect((await monday.record(next)).receipt?.subsidyFen).toBe(500);
  });

  it('counts what an earlier version of the rules gave', async () => {
    const diner = await addDiner(town, { balanceFen: 1_000_000 });
    const now = at('2026-03-10T18:00:00');
    const intake = intakeOf(town, { clock: { now: () => now } });
    const swipeAt = (cardUid: string, time: string) =>
      intake.record(tap(town, { cardUid, swipedAt: at(time), ...late }));
    expect((await swipeAt(diner.uid, '2026-03-09T07:00:00')).receipt?.subsidyFen).toBe(500);
    const caps = [{ per: 'WEEK' as const, times: 1 }];
    await inForce('WEEK', oneRule({ gives: amount(700), who: { ageFrom: 70 } }, { caps }), '2026-03-10');
    const none = { subsidyFen: 0, rule: null };
    expect((await swipeAt(diner.uid, '2026-03-10T17:00:00')).receipt).toMatchObject(none);
    const other = await addDiner(town);
    const first = { subsidyFen: 700, rule: 'WEEK v2' };
    expect((await swipeAt(other.uid, '2026-03-10T17:00:00')).receipt).toMatchObject(first);
    expect((await swipeAt(diner.uid, '2026-03-08T17:00:00')).receipt?.subsidyFen).toBe(500);
  });
});

it('a cap in money is filled to the fen and no further, by two servers at once', async () => {
  const caps = [{ per: 'DAY' as const, fen: 1000 }];
  const document = oneRule({ gives: amount(400), who: { ageFrom: 95 } }, { alongside: 'ADD', caps });
  await inForce('MONEY', document);
  const now = at('2026-03-08T23:00:00');
  const options = { batchSizeMax: 1, clock: { now: () => now } };
  const intakes = [intakeOf(town, options), intakeOf(otherTown, options)] as const;
  const diners = await Promise.all(
    Array.from({ length: 8 }, () => addDiner(town, { birthDate: '1930-01-01', balanceFen: 100_000 })),
  );
  await Promise.all(
    diners.flatMap(({ uid: cardUid }) =>
      ['07:00:00', '12:00:00', '17:00:00'].map((time, index) => {
        const swipedAt = at(`2026-03-05T${time}`);
        const request = tap(town, { cardUid, swipedAt, ...late }, { canteen: index % 2 ? 0 : 1 });
        return (index % 2 ? intakes[0] : intakes[1]).record(request);
      }),
    ),
  );
  const { versions } = await town.database.read(readRuleCatalog);
  for (const { elderId } of diners) {
    const rows: StoredUses[] = await town.database.read((manager) =>
      manager.query('SELECT ruleId, subsidyFen, appliedRules FROM swipe WHERE elderId = ?', [elderId]),
    );
    const had = rows.flatMap((row) => readUses(row, versions)).filter(({ setCode }) => setCode === 'MONEY');
    expect(had.map(({ fen }) => fen).sort()).toEqual([200, 400, 400]);
  }
});

describe('who lives in an institution', () => {
  it('pays the whole price while it lasts, by every way to ask', async () => {
    const diner = await addDiner(town, { balanceFen: 1_000_000 });
    const stays: InstitutionStays = {
      on: async (_, elderIds, days) =>
        new Set(
          elderIds.flatMap((id) =>
            days.filter((day) => id === diner.elderId && day === today).map((day) => stayKey(id, day)),
          ),
        ),
    };
    const { database, ids } = town;
    const recorder = new SwipeRecorder({ database, ids, limits, stays });
    const intake = intakeOf(town, { recorder });
    const yesterday = { cardUid: diner.uid, swipedAt: at('2026-03-09T12:00:00'), offline: true };
    expect((await intake.record(tap(town, yesterday))).receipt?.subsidyFen).toBe(500);
    const tapped = { cardUid: diner.uid, grossFen: 1200, mode: 'DINE_IN' as const };
    const key = { canteenId: town.canteenIds[0], day: today };
    const terms = await database.read((manager) => readCanteenTerms(manager, [key]));
    const asked = {
      canteenId: key.canteenId,
      readerActive: true,
      tap: tapped,
      now: noon,
      limits,
      terms,
      stays,
    };
    const preview = await database.read((manager) => previewSwipe(manager, asked));
    expect(preview).toMatchObject({ outcome: 'ACCEPTED', subsidyFen: 0, selfPaidFen: 1200 });
    const other = await addDiner(town);
    const [answer, beside] = await intake.recordAll([
      tap(town, { cardUid: diner.uid }),
      tap(town, { cardUid: other.uid }),
    ]);
    expect(answer).toMatchObject({ outcome: 'ACCEPTED', receipt: { subsidyFen: 0, rule: null } });
    expect(beside?.receipt?.subsidyFen).toBeGreaterThan(0);
    const question = {
      elderId: diner.elderId,
      canteenId: key.canteenId,
      tap: { at: noon },
      now: noon,
      stays,
    };
    const explained = await database.read((manager) =>
      explainSubsidy(
        manager,
        { ...question, mode: 'DINE_IN', menu: 'SET_MEAL', grossFen: 1200 },
        'everywhere',
      ),
    );
    expect(explained?.split.looked.map(({ finding }) => finding)).toEqual(
      explained?.split.looked.map(() => ({ found: 'UNMET', unmet: { why: 'INSTITUTION' } })),
    );
    expect(explained?.split.looked.length).toBeGreaterThan(0);
  });
});

describe('rules that ask for the file of an elder', () => {
  beforeAll(() =>
    inForce(
      'EXTRA',
      oneRule(
        {
          who: { categories: ['MINIMUM_LIVING'], residence: ['SCOPE'], ageTo: 69 },
          how: ['DELIVERY'],
          menus: ['SPECIAL_DIET'],
          gives: { kind: 'FREE' },
          borneBy: [
            { canteen: true, fen: 100 },
            { funder: 'LOTTERY', fen: 250 },
            { funder: 'BUREAU', rest: true },
          ],
        },
        { alongside: 'ADD' },
      ),
    ),
  );

  it('pay from all who bear a share, and a replay says the same', async () => {
    const diner = await addDiner(town, { birthDate: '1964-01-01' });
    await town.database.write((manager) =>
      manager.insert(ElderCategoryMembership, { elderId: diner.elderId, category: 'MINIMUM_LIVING' }),
    );
    const intake = intakeOf(town);
    const request = tap(town, { cardUid: diner.uid, mode: 'DELIVERY', menu: 'SPECIAL_DIET' });
    const answer = await intake.record(request);
    // 3 yuan of the town's own rule come first, from the same funder.
    expect(answer.receipt).toMatchObject({
      subsidyFen: 850,
      discountFen: 350,
      selfPaidFen: 0,
      funding: [{ funder: '市民政局', fen: 850 }],
    });
    expect(await intake.record(request)).toEqual({ ...answer, replayed: true });
    const otherMenu = { ...request, command: { ...request.command, menu: 'SET_MEAL' as const } };
    expect((await intake.record(otherMenu)).outcome).toBe('SWIPE_ID_REUSED');
    expect((await intake.record(tap(town, { cardUid: diner.uid }))).outcome).toBe('MEAL_ALREADY_TAKEN');
  });

  it('cost as many statements for fifty swipes as for one', async () => {
    const diners = await Promise.all(Array.from({ length: 51 }, () => addDiner(town)));
    const statementsFor = async (some: typeof diners) => {
      const { statements } = await statementsOf(open.database, () =>
        intakeOf(town).recordAll(some.map(({ uid }) => tap(town, { cardUid: uid }))),
      );
      return statements.length;
    };
    expect(await statementsFor(diners.slice(1))).toBe(await statementsFor(diners.slice(0, 1)));
  });
});
