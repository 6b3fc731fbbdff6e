import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { closeMealAccount } from '../../src/meals/close-meal-account.js';
import { decideReview } from '../../src/meals/decide-review.js';
import { issueCard } from '../../src/meals/issue-card.js';
import type { SwipeRequest } from '../../src/meals/record-swipes.js';
import { refundCard } from '../../src/meals/refund-card.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { dayOf } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { MealsModel } from '../support/meals-model.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, type Diner, noon, type Town, today } from '../support/town.js';
import { newUid } from '../support/two-counties.js';

let open: TestDatabase;
let town: Town;
let intake: SwipeIntake;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  intake = intakeOf(town);
});
afterAll(() => open.drop());

const elder = fc.nat({ max: 1 });
const fen = fc.integer({ min: 1, max: 3000 });
const step = fc.oneof(
  fc.record({ does: fc.constant('topUp' as const), elder, fen }),
  fc.record({ does: fc.constant('refund' as const), elder, fen }),
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('swipe' as const),
      elder,
      grossFen: fc.integer({ min: 100, max: 1500 }),
      daysAgo: fc.nat({ max: 2 }),
      offline: fc.boolean(),
      canteen: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  fc.record({ does: fc.constant('swipeAgain' as const), which: fc.nat() }),
  { weight: 2, arbitrary: fc.record({ does: fc.constant('void' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      which: fc.nat(),
      bornBy: fc.constantFrom<ReviewBearer>('CANTEEN', 'FUNDER', 'ELDER'),
    }),
  },
  fc.record({ does: fc.constant('close' as const), elder }),
  fc.record({ does: fc.constant('issue' as const), elder }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Two elders, what the database was told about them, and what it should have made of it. */
class Run {
  readonly model = new MealsModel();
  readonly requests: SwipeRequest[] = [];

  constructor(readonly diners: [Diner, Diner]) {}

  /** Does a step on both sides; each answers in one word. */
  async take(taken: Step): Promise<[expected: string | undefined, told: string | undefined]> {
    switch (taken.does) {
      case 'topUp':
        return [this.model.topUp(taken.elder, taken.fen), await this.pay(topUpCard, taken)];
      case 'refund':
        return [this.model.refund(taken.elder, taken.fen), await this.pay(refundCard, taken)];
      case 'swipe':
        return this.swipe(taken);
      case 'close':
        return [this.model.close(taken.elder), await this.close(taken.elder)];
      case 'issue':
        return [this.model.issue(taken.elder), await this.issue(taken.elder)];
      default:
        return this.requests.length === 0 ? [undefined, undefined] : this.onSwipe(taken);
    }
  }

  private async onSwipe(
    taken: Extract<Step, { which: number }>,
  ): Promise<[string | undefined, string | undefined]> {
    const which = taken.which % this.requests.length;
    const request = this.requests[which];
    if (!request) throw new Error(`there is no swipe ${which}`);
    if (taken.does === 'void') return [this.model.takeBack(which), await this.takeBack(request)];
    if (taken.does === 'decide') {
      return [this.model.decide(which, taken.bornBy), await this.decide(request, taken.bornBy)];
    }
    const answer = await intake.record(request);
    return [
      `${this.model.swipes[which]?.outcome} again`,
      `${answer.outcome}${answer.replayed ? ' again' : ''}`,
    ];
  }

  private async swipe(taken: Extract<Step, { does: 'swipe' }>): Promise<[string, string]> {
    const { grossFen, canteen } = taken;
    const swipedAt = new Date(noon.getTime() - taken.daysAgo * 86_400_000);
    // What was tapped on another day can only have been tapped offline.
    const offline = taken.offline || taken.daysAgo > 0;
    const cardUid = this.diners[taken.elder === 0 ? 0 : 1].uid;
    const request = tap(town, { cardUid, grossFen, swipedAt, offline }, { canteen });
    this.requests.push(request);
    const expected = this.model.swipe({ elder: taken.elder, grossFen, day: dayOf(swipedAt), offline });
    const { outcome, reviewReason } = await intake.record(request);
    return [expected, reviewReason === null ? outcome : `${outcome} ${reviewReason}`];
  }

  private async pay(
    pay: typeof topUpCard | typeof refundCard,
    given: { elder: number; fen: number },
  ): Promise<string> {
    const id = await town.ids.take(1);
    const cardUid = this.diners[given.elder === 0 ? 0 : 1].uid;
    const request = { ...(await asked()), id, cardUid, fen: given.fen, fenMax: 100_000 };
    return wordOf(await open.database.write((manager) => pay(manager, request, 'everywhere')));
  }

  private async close(which: number): Promise<string> {
    const id = await town.ids.take(1);
    const { elderId } = this.diners[which === 0 ? 0 : 1];
    const closing = { ...(await asked()), id, elderId, heir: null };
    return wordOf(await open.database.write((manager) => closeMealAccount(manager, closing, 'everywhere')));
  }

  private async issue(which: number): Promise<string> {
    const diner = this.diners[which === 0 ? 0 : 1];
    const issue = { elderId: diner.elderId, uid: newUid() };
    const card = await open.database.write((manager) => issueCard(manager, issue, 'everywhere', today));
    if ('uid' in card) diner.uid = card.uid;
    return wordOf(card);
  }

  private async takeBack({ command: { swipeId } }: SwipeRequest): Promise<string> {
    const request = { ...(await asked()), swipeId, reason: '错刷' };
    return wordOf(await open.database.write((manager) => voidSwipe(manager, request, 'everywhere')));
  }

  private async decide({ command: { swipeId } }: SwipeRequest, bornBy: ReviewBearer): Promise<string> {
    const funderCode = bornBy === 'FUNDER' ? 'BUREAU' : null;
    const decision = { ...(await asked()), swipeId, bornBy, funderCode, note: '核实' };
    return wordOf(await open.database.write((manager) => decideReview(manager, decision, 'everywhere')));
  }
}

async function asked() {
  const postingId = await town.ids.take(1);
  return { postingId, requestId: randomUUID() as string, byId: town.managerId, now: noon };
}

const wordOf = (result: object): string => ('refused' in result ? String(result.refused) : 'done');

it('whatever is done in whatever order, the books are those of a ledger kept by hand', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const diners: [Diner, Diner] = [
        await addDiner(town, { balanceFen: 0 }),
        await addDiner(town, { balanceFen: 0 }),
      ];
      const run = new Run(diners);
      for (const each of steps) {
        const [expected, told] = await run.take(each);
        expect(told, JSON.stringify(each)).toBe(expected);
      }
      for (const [index, { elderId }] of diners.entries()) {
        expect(await balanceOf(town, elderId)).toBe(run.model.balanceOf(index));
      }
      await expectAuditClean(open.database);
    }),
    { numRuns: 15 },
  );
});
