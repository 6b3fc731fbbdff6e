import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { expectAuditClean } from '../support/audited.js';
import { type Order, Performance, perform, type Server, type Step } from '../support/interleavings.js';
import { patienceOf, runsOf } from '../support/long-runs.js';
import { nameOf, plannedElder, planOf, settledOf } from '../support/settled-lunches.js';
import { intakeOf } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, type Diner, type Town } from '../support/town.js';

/** A failure prints the seed and the path that find it again. */
const numRuns = runsOf(6);
vi.setConfig({ testTimeout: patienceOf(180_000) });

let open: TestDatabase;
let town: Town;
let otherDatabase: Database;
let servers: [Server, Server];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url)).database;
  const otherTown = { ...town, database: otherDatabase, ids: new IdBlocks(otherDatabase) };
  servers = [
    { town, intake: intakeOf(town) },
    { town: otherTown, intake: intakeOf(otherTown) },
  ];
});
afterAll(async () => {
  await otherDatabase.close();
  await open.drop();
});

const bearers = fc.constantFrom<ReviewBearer>('CANTEEN', 'FUNDER', 'ELDER');
const canteens = fc.constantFrom(0 as const, 1 as const);
const prices = fc.integer({ min: 300, max: 1500 });
const orders: fc.Arbitrary<Order> = fc.record({
  priorities: fc.array(fc.nat({ max: 1000 }), { minLength: 40, maxLength: 40 }),
  repeats: fc.array(fc.constantFrom(0, 0, 1, 2), { minLength: 12, maxLength: 12 }),
  together: fc.integer({ min: 1, max: 8 }),
});

/** What each elder has left when all is said and done, by what was answered and by nothing else. */
function balanceByAnswers(performance: Performance, elder: number, openingFen: number): number {
  const { steps } = performance;
  const doneTo = (tap: number, does: Step['does']) =>
    steps.findIndex(
      (step, index) => step.does === does && 'of' in step && step.of === tap && performance.wasDone(index),
    );
  return steps.reduce((fen, step, index) => {
    if (step.elder !== elder) return fen;
    if (step.does === 'topUp') return performance.wasDone(index) ? fen + step.fen : fen;
    if (step.does !== 'tap' || doneTo(index, 'void') >= 0) return fen;
    const decision = steps[doneTo(index, 'decide')];
    const bornByElder = decision?.does === 'decide' && decision.bornBy === 'ELDER';
    return fen - (performance.answerOf(index)?.receipt?.selfPaidFen ?? 0) - (bornByElder ? step.grossFen : 0);
  }, openingFen);
}

/** Fen that funders bear of each meal of a day of an elder, of each of its swipes by itself. */
async function subsidies(elderId: number): Promise<{ meal: string; fen: number }[]> {
  const rows: { mealDate: string; meal: string; fen: number | string }[] = await open.database.read(
    (manager) =>
      manager.query(
        `SELECT CAST(s.mealDate AS CHAR) AS mealDate, s.meal, -SUM(n.fen) AS fen
         FROM swipe s
         JOIN ledger_posting p ON p.sourceId = s.id AND p.kind IN ('SWIPE', 'VOID', 'REVIEW')
         JOIN ledger_entry n ON n.postingId = p.id
         JOIN ledger_account a ON a.id = n.accountId AND a.kind = 'FUNDER'
        WHERE s.elderId = ?
        GROUP BY s.id, s.mealDate, s.meal HAVING SUM(n.fen) <> 0
        ORDER BY s.mealDate, s.meal`,
        [elderId],
      ),
  );
  return rows.map(({ mealDate, meal, fen }) => ({ meal: `${mealDate} ${meal}`, fen: Number(fen) }));
}

/** What holds whatever happened in whatever order. */
async function expectBooksInOrder(performance: Performance, openingFen: number): Promise<void> {
  for (const [index, answers] of performance.answers.entries()) {
    if (performance.steps[index]?.does !== 'tap') continue;
    const substances = answers.map((answer) => (typeof answer === 'string' ? answer : substanceOf(answer)));
    expect(new Set(substances).size, `answers to step ${index}`).toBe(1);
    const fresh = answers.filter((answer) => typeof answer === 'object' && !answer.replayed);
    expect(fresh, `first answers to step ${index}`).toHaveLength(1);
  }
  for (const [elder, { elderId }] of performance.diners.entries()) {
    expect(await balanceOf(town, elderId)).toBe(balanceByAnswers(performance, elder, openingFen));
    const meals = (await subsidies(elderId)).map(({ meal }) => meal);
    expect(meals, `subsidised meals of elder ${elder}`).toEqual([...new Set(meals)]);
  }
}

function substanceOf({
  outcome,
  reviewReason,
  receipt,
}: NonNullable<ReturnType<Performance['answerOf']>>): string {
  return JSON.stringify([outcome, reviewReason, receipt?.serial, receipt?.selfPaidFen, receipt?.balanceFen]);
}

/** The meals of an elder of which a swipe was accepted, once for each that was. */
function eatenBy(performance: Performance, elder: number): string[] {
  return performance.steps
    .flatMap((step, index) =>
      step.does === 'tap' && step.elder === elder && performance.answerOf(index)?.outcome === 'ACCEPTED'
        ? [nameOf(step)]
        : [],
    )
    .sort();
}

const newDiners = (count: number, balanceFen: number): Promise<Diner[]> =>
  Promise.all(Array.from({ length: count }, () => addDiner(town, { balanceFen })));

const elders = 2;
const poorFen = 2000;
const elder = fc.nat({ max: elders - 1 });
const anyTap = fc.record({
  does: fc.constant('tap' as const),
  elder,
  daysAgo: fc.nat({ max: 1 }),
  grossFen: prices,
  canteen: canteens,
  offline: fc.boolean(),
  early: fc.constantFrom(false, false, true),
  newCard: fc.constantFrom(false, false, true),
});
/** Of the taps before and after it, and of whatever else stands there. */
const of = fc.nat({ max: 23 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: anyTap },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('void' as const), elder, of }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('decide' as const), elder, of, bornBy: bearers }) },
  fc.record({ does: fc.constant('topUp' as const), elder, fen: prices }),
  fc.record({ does: fc.constantFrom('lose' as const, 'replace' as const), elder }),
);

it('in any order and any company: the answers tell the balance, replays tell the same, no meal is subsidised twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 12, maxLength: 24 }), orders, async (steps, order) => {
      const performance = new Performance(servers, await newDiners(elders, poorFen), steps);
      await perform(performance, order);
      await expectBooksInOrder(performance, poorFen);
    }),
    { numRuns },
  );
  await expectAuditClean(open.database);
});

const richFen = 100_000;

it('two orders of the same steps end with the same balances, subsidies and meals, which the rules alone foretell', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plannedElder, { minLength: 1, maxLength: 3 }),
      fc.tuple(orders, orders),
      async (elders, bothOrders) => {
        const { steps, after } = planOf(elders);
        for (const order of bothOrders) {
          const performance = new Performance(servers, await newDiners(elders.length, richFen), steps);
          await perform(performance, order, after);
          await expectBooksInOrder(performance, richFen);
          for (const [index, { elderId }] of performance.diners.entries()) {
            const planned = elders[index];
            if (!planned) throw new Error(`there is no elder ${index}`);
            expect({
              balanceFen: await balanceOf(town, elderId),
              subsidies: await subsidies(elderId),
              eaten: eatenBy(performance, index),
            }).toEqual(settledOf(planned, richFen));
          }
        }
      },
    ),
    { numRuns },
  );
  await expectAuditClean(open.database);
});
