import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountStatement } from '../../src/meals/account-statement.js';
import { addFunder } from '../../src/meals/add-funder.js';
import { canteenDay } from '../../src/meals/canteen-day.js';
import { movementText } from '../../src/meals/movement-texts.rules.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { type TrialBalanceLine, trialBalance } from '../../src/meals/trial-balance.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { addDays } from '../../src/shared/china-time.js';
import { firstDayOf, nextMonth } from '../../src/shared/month.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { PlayedMonths, playedMonths } from '../support/played-months.js';
import { type PlayedStep, playedStep, takeStep } from '../support/played-steps.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { balanceOf, buildTown, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;

/** 5 yuan towards a meal, 2 of them a donor's, and 1 yuan to the operator for each meal that got some. */
const shared: RuleDocument = {
  ...oneRule({
    when: { meals: ['LUNCH', 'DINNER'] },
    gives: amount(500),
    borneBy: [
      { funder: 'CHARITY', fen: 200 },
      { funder: 'BUREAU', rest: true },
    ],
  }),
  operators: [
    {
      code: 'O',
      name: { zh: '运营', en: 'operator' },
      per: 'MEAL',
      fen: 100,
      counts: 'SUBSIDISED',
      borneBy: [{ funder: 'BUREAU', rest: true }],
    },
  ],
};

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  const donor = { code: 'CHARITY', name: '慈善会', level: 'DONOR' as const, divisionCode: null };
  const proposal = { code: 'SHARED', facilityId: town.cityId, fromDay: '2026-03-01', toDay: null };
  await open.database.write(async (manager) => {
    const added = await addFunder(manager, donor);
    if (isRefusal(added)) throw new Error(added.refused);
    const rules = { ...proposal, document: shared, byId: null, now: noon };
    const proposed = await proposeVersion(manager, subsidyRules, rules, {
      scope: 'everywhere',
      approved: true,
    });
    if (isRefusal(proposed)) throw new Error(proposed.refused);
  });
});
afterAll(() => open.drop());

/** Swipes of the canteen of which a side got back more than it paid, or pays more than the bill. */
const outOfBoundsSql = `
  SELECT booked.id, booked.kind, booked.ownerId, SUM(booked.fen) AS fen
    FROM (SELECT s.id, s.grossFen, a.kind, a.ownerId, n.fen
            FROM swipe s
            JOIN (SELECT id AS swipeRowId, id AS sourceId, 'SWIPE' AS kind FROM swipe
                  UNION ALL SELECT id, id, 'VOID' FROM swipe
                  UNION ALL SELECT swipeRowId, id, 'REVIEW' FROM swipe_review
                  UNION ALL SELECT sourceId, id, 'DISPUTE' FROM statement_dispute) about ON about.swipeRowId = s.id
            JOIN ledger_posting p ON p.sourceId = about.sourceId AND p.kind = about.kind
            JOIN ledger_entry n ON n.postingId = p.id
            JOIN ledger_account a ON a.id = n.accountId
           WHERE s.canteenId = ?) booked
   GROUP BY booked.id, booked.grossFen, booked.kind, booked.ownerId
  HAVING SUM(CASE WHEN booked.kind = 'CANTEEN_RECEIVABLE' THEN booked.fen ELSE -booked.fen END) < 0
      OR SUM(CASE WHEN booked.kind = 'CANTEEN_RECEIVABLE' THEN booked.fen ELSE -booked.fen END) > booked.grossFen`;

/** The meals that an operator gets something for: had, subsidised, and still borne by funders. */
const countedSql = `
  SELECT COUNT(*) AS meals FROM swipe s
   WHERE s.canteenId = ? AND s.outcome = 'ACCEPTED' AND s.voidedAt IS NULL AND s.appliedRules IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM swipe_review r WHERE r.swipeRowId = s.id AND r.bornBy IN ('CANTEEN', 'ELDER'))
     AND NOT EXISTS (SELECT 1 FROM statement_dispute d WHERE d.sourceId = s.id AND d.decision = 'UPHELD')`;

async function ask(sql: string, parameters: unknown[]): Promise<Record<string, unknown>[]> {
  return open.database.read((manager) => manager.query(sql, parameters));
}

async function expectStatementsBooked({ canteenId, today }: PlayedMonths): Promise<void> {
  for (const each of playedMonths) {
    const days = { from: firstDayOf(each), to: firstDayOf(nextMonth(each)), by: 'CANTEEN' as const };
    const [books] = (await open.database.read((manager) =>
      trialBalance(manager, { ...days, within: canteenId }, 'everywhere', today),
    )) as TrialBalanceLine[];
    const [fixed] = await ask(
      `SELECT grossFen, subsidyFen, discountFen, selfPaidFen FROM month_statement
        WHERE facilityId = ? AND month = ?`,
      [canteenId, each],
    );
    const numbers = Object.fromEntries(Object.entries(fixed ?? {}).map(([name, fen]) => [name, Number(fen)]));
    const of = (fen: number | undefined) => fen ?? 0;
    expect(numbers).toEqual({
      grossFen: of(books?.receivableFen),
      subsidyFen: 0 - of(books?.funderFen) - of(books?.operatorFen),
      discountFen: 0 - of(books?.discountFen) - of(books?.donorFen),
      selfPaidFen: 0 - of(books?.elderFen),
    });
  }
}

async function expectElderStatements({ diners, today }: PlayedMonths): Promise<void> {
  for (const { elderId } of diners) {
    let openingFen: number | undefined;
    for (const each of playedMonths) {
      const said = await open.database.read((manager) =>
        accountStatement(manager, { elderId, month: each }, 'everywhere', today),
      );
      if (openingFen !== undefined) expect(said?.openingFen).toBe(openingFen);
      openingFen = said?.closingFen;
      for (const movement of said?.movements ?? []) {
        expect(movementText(movement, 'zh')).not.toContain('undefined');
        expect(movementText(movement, 'en')).not.toContain('undefined');
      }
    }
    expect(openingFen).toBe(await balanceOf(town, elderId));
  }
}

async function expectOpenReviewsInDays({ canteenId, today }: PlayedMonths): Promise<void> {
  let forReview = 0;
  for (let date = '2026-03-15'; date <= today; date = addDays(date, 1)) {
    const day = await open.database.read((manager) =>
      canteenDay(manager, { canteenId, date }, 'everywhere', today),
    );
    forReview += day?.forReview ?? 0;
  }
  const [waiting] = await ask('SELECT COUNT(*) AS reviews FROM swipe_review WHERE openCanteenId = ?', [
    canteenId,
  ]);
  expect(forReview).toBe(Number(waiting?.reviews));
}

const eaten = { does: 'eat', daysAgo: 0, grossFen: 1200, dinner: false, delivered: true } as const;

/** A subsidy that is in doubt, one that the canteen bears, and one that the elder does; the operator had a part for all. */
const doubted: PlayedStep[] = [
  { ...eaten, elder: 0 },
  { ...eaten, elder: 1 },
  { ...eaten, elder: 2 },
  { does: 'pass', days: 6 },
  { does: 'walk', month: '2026-03', back: 1 },
  { does: 'stay', elder: 0, daysAgo: 10, days: 10 },
  { does: 'stay', elder: 1, daysAgo: 10, days: 10 },
  { does: 'end', elder: 2, daysAgo: 7 },
  { does: 'decide', which: 1, bornBy: 'CANTEEN', funder: 'BUREAU' },
  { does: 'decide', which: 2, bornBy: 'ELDER', funder: 'BUREAU' },
];

/** A meal that stands as paid, whose dispute is upheld after that, and which is taken back in vain. */
const disputed: PlayedStep[] = [
  { ...eaten, elder: 0 },
  { ...eaten, elder: 1 },
  { does: 'stay', elder: 0, daysAgo: 0, days: 1 },
  { does: 'pass', days: 6 },
  { does: 'decide', which: 0, bornBy: 'AS_PAID', funder: 'BUREAU' },
  { does: 'dispute', month: '2026-03', which: 0, stages: 3, decision: 'UPHELD' },
  { does: 'stay', elder: 1, daysAgo: 10, days: 10 },
  { does: 'takeBack', which: 0, corrects: false },
];

it('whatever is done about meals over two months, all books agree and nobody gets back more than was paid', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(playedStep, { minLength: 40, maxLength: 70, size: 'max' }),
      fc.constantFrom(1500, 8000),
      async (steps, balanceFen) => {
        const played = await PlayedMonths.begin(town, balanceFen);
        for (const each of steps) await takeStep(played, each);
        await expectOpenReviewsInDays(played);
        expect(await ask(outOfBoundsSql, [played.canteenId])).toEqual([]);
        await played.freezeAll();
        for (const each of playedMonths) expect((await played.statement(each)).state).toBe('FROZEN');
        await expectAuditClean(open.database);
        await expectStatementsBooked(played);
        await expectElderStatements(played);
        const [counted] = await ask(countedSql, [played.canteenId]);
        const [given] = await ask(
          `SELECT COALESCE(SUM(share.units), 0) AS meals FROM statement_share share
             JOIN month_statement statement ON statement.id = share.statementId
            WHERE statement.facilityId = ? AND share.part = 'OPERATOR_MEAL'`,
          [played.canteenId],
        );
        expect(Number(given?.meals)).toBe(Number(counted?.meals));
      },
    ),
    {
      numRuns: 8,
      examples: [
        [doubted, 8000],
        [disputed, 8000],
      ],
      // Shrinking takes longer than a test may; the seed is printed, and does it by hand.
      endOnFailure: true,
    },
  );
});
