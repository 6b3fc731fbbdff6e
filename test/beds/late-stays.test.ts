import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { ResidentDiners } from '../support/resident-diners.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { addAccount, today } from '../support/town.js';

let town: ResidentDiners;
/** The same, with 2 yuan for everybody on top of what the town gives. */
let generous: ResidentDiners;
beforeAll(async () => {
  town = await ResidentDiners.begin();
  generous = await ResidentDiners.begin();
  await generous.addRules('FOR-ALL', {
    ...oneRule({ when: { meals: ['LUNCH'] }, gives: amount(200) }, { alongside: 'ADD' }),
    institutions: 'PAID',
  });
});
afterAll(async () => {
  for (const { open } of [town, generous]) {
    await expectAuditClean(open.database);
    await open.drop();
  }
});

const refusalOf = (result: object) =>
  'refused' in result ? `${result.refused} ${(result as { field?: unknown }).field}` : 'done';

describe('a stay that is entered late', () => {
  it('is held against the version of the rules that paid for the meal, whatever others of the set paid for', async () => {
    const { database } = town.open;
    const version = "code = 'LUNCH-60' AND version = 1";
    const before = await database.read((manager) =>
      manager.query(`SELECT document FROM subsidy_rule WHERE ${version}`),
    );
    const write = (document: string) =>
      database.write((manager) =>
        manager.query(`UPDATE subsidy_rule SET document = ? WHERE ${version}`, [document]),
      );
    await write(JSON.stringify({ ...JSON.parse(before[0].document), institutions: 'PAID' }));
    const { elderId, uid } = await town.diner();
    const [earlier, late] = [await town.eat(uid, 1), await town.eat(uid)];
    await town.live(elderId, '2026-03-09');
    await write(before[0].document);
    expect(await town.review(earlier.swipeId)).toBeUndefined();
    expect(await town.review(late.swipeId)).toMatchObject({ reason: 'STAY_ENTERED_LATE', doubtedFen: 300 });
  });

  it('doubts what residents are not given, and leaves them what they are', async () => {
    const known = await generous.diner();
    await generous.live(known.elderId, '2026-03-01');
    const told = await generous.eat(known.uid);
    expect(told.receipt).toMatchObject({ subsidyFen: 200, selfPaidFen: 1000 });

    const { elderId, uid } = await generous.diner();
    const { swipeId, receipt } = await generous.eat(uid);
    expect(receipt?.subsidyFen).toBe(500);
    await generous.live(elderId, today);
    expect(await generous.review(swipeId)).toMatchObject({ doubtedFen: 300 });
    await generous.decide(swipeId, { bornBy: 'ELDER' });
    // From then on the books have of this meal what they have of that of somebody who was known to live there.
    expect(await generous.booked(swipeId)).toMatchObject(await generous.booked(told.swipeId));
    expect(await generous.booked(swipeId)).toMatchObject({ FUNDER: -200, ELDER: -1000 });
  });

  const byBureau = { bornBy: 'FUNDER', funderCode: 'BUREAU' } as const;

  it('is told to whoever decides on a meal for review: no funder bears it', async () => {
    const resident = await town.diner(0);
    await town.live(resident.elderId, '2026-03-01');
    const late = await town.diner(0);
    const swipes = [await town.eat(resident.uid, 1), await town.eat(late.uid, 1)];
    await town.live(late.elderId, '2026-03-09');
    for (const { swipeId, outcome } of swipes) {
      expect(outcome).toBe('RECORDED_FOR_REVIEW');
      const refused = await town.decide(swipeId, byBureau);
      expect(refusalOf(refused)).toBe('ELDER_IN_INSTITUTION bornBy');
      expect(refused).toMatchObject({
        message: { zh: expect.stringContaining('机构'), en: expect.stringContaining('institution') },
      });
      expect(await town.booked(swipeId)).not.toHaveProperty('FUNDER');
      expect(refusalOf(await town.decide(swipeId))).toBe('done');
    }
  });

  it('keeps no funder from it that pays for residents by the rules of the day', async () => {
    const { elderId, uid } = await generous.diner(0);
    await generous.live(elderId, '2026-03-01');
    const { swipeId } = await generous.eat(uid, 1);
    expect(refusalOf(await generous.decide(swipeId, byBureau))).toBe('done');
  });

  it('opens a review of what a funder was decided to bear, and of that alone', async () => {
    const { elderId, uid } = await town.diner(0);
    const { swipeId } = await town.eat(uid, 1);
    expect(refusalOf(await town.decide(swipeId, byBureau))).toBe('done');
    await town.live(elderId, '2026-03-09');
    expect(await town.openReviewsOf(elderId)).toBe(1);
    expect(await town.review(swipeId)).toMatchObject({
      ...{ number: 2, reason: 'STAY_ENTERED_LATE', doubtedFen: 1200, decision: null },
    });
    await town.decide(swipeId);
    expect(await town.booked(swipeId)).toEqual({
      CANTEEN_RECEIVABLE: 1200,
      CANTEEN_DISCOUNT: -1200,
      FUNDER: 0,
    });
    expect(await town.review(swipeId, 1)).toMatchObject({ decision: { bornBy: 'FUNDER' } });
  });
});

it('a stay and a decision at once: either the decision is told of the stay, or the stay finds what it decided', async () => {
  const { open } = town;
  const rounds = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const { elderId, uid } = await town.diner(0);
      return { elderId, swipeId: (await town.eat(uid, 1)).swipeId };
    }),
  );
  const told = await Promise.all(
    rounds.map(async ({ elderId, swipeId }, index) => {
      const living = async () => {
        // Some stays are entered a little later, so that either comes first.
        await new Promise((resolve) => setTimeout(resolve, (index % 4) * 5));
        await town.live(elderId, '2026-03-09');
      };
      const [decision] = await Promise.all([
        town.decide(swipeId, { bornBy: 'FUNDER', funderCode: 'BUREAU' }),
        living(),
      ]);
      return [refusalOf(decision), await town.openReviewsOf(elderId), (await town.review(swipeId))?.number];
    }),
  );
  for (const each of told)
    expect([
      ['done', 1, 2],
      ['ELDER_IN_INSTITUTION bornBy', 1, 1],
    ]).toContainEqual(each);
  await expectAuditClean(open.database);
});

describe('a stay that proves to be shorter', () => {
  const daysAgo = [7, 5, 3, 1];

  /** Lunches of the 3rd, 5th, 7th and 9th, and a stay from the 4th on that is entered after them. */
  async function doubted() {
    const diner = await town.diner();
    const swipes: string[] = [];
    for (const days of daysAgo) swipes.push((await town.eat(diner.uid, days)).swipeId);
    const stay = await town.live(diner.elderId, '2026-03-04');
    expect(await town.openReviewsOf(diner.elderId)).toBe(3);
    const states = async () =>
      Promise.all(
        swipes.map(async (swipeId) => {
          const review = await town.review(swipeId);
          if (!review) return 'none';
          return review.withdrawn ? 'withdrawn' : 'open';
        }),
      );
    return { ...diner, swipes, stay, states };
  }

  it('leaves no review of days after it, and says so to whoever decides', async () => {
    const { elderId, swipes, stay, states } = await doubted();
    const [, , , last = ''] = swipes;
    const paid = await town.booked(last);
    await town.goHome(stay.id, '2026-03-06');
    expect(await town.openReviewsOf(elderId)).toBe(1);
    expect(await states()).toEqual(['none', 'open', 'withdrawn', 'withdrawn']);
    expect(await town.booked(last)).toEqual(paid);
    expect(refusalOf(await town.decide(last))).toBe('REVIEW_WITHDRAWN swipeId');
    // Back in a home after all, it is looked at again.
    await town.live(elderId, '2026-03-08');
    expect(await states()).toEqual(['none', 'open', 'withdrawn', 'open']);
    expect(refusalOf(await town.decide(last))).toBe('done');
  });

  it('by a discharge that is moved, a leave at home, or a bed where nobody lives', async () => {
    const moved = await doubted();
    await town.goHome(moved.stay.id, '2026-03-12');
    expect(await moved.states()).toEqual(['none', 'open', 'open', 'open']);
    await town.goHomeInstead(moved.stay.id, '2026-03-08');
    expect(await moved.states()).toEqual(['none', 'open', 'open', 'withdrawn']);

    const away = await doubted();
    await town.leave(away.stay.id, '2026-03-07', 'HOME');
    expect(await away.states()).toEqual(['none', 'open', 'withdrawn', 'withdrawn']);
    await town.comeBack(away.stay.id, '2026-03-08');
    expect(await away.states()).toEqual(['none', 'open', 'withdrawn', 'open']);

    const guest = await doubted();
    await town.move(guest.stay.id, '2026-03-06', 'DAY_CARE');
    expect(await guest.states()).toEqual(['none', 'open', 'withdrawn', 'withdrawn']);
  });

  it('keeps what was decided', async () => {
    const { swipes, stay } = await doubted();
    const [, , third = '', last = ''] = swipes;
    await town.decide(third, { byId: await addAccount(town.town, 'street') });
    await town.goHome(stay.id, '2026-03-06');
    expect(await town.review(third)).toMatchObject({ withdrawn: false, decision: { bornBy: 'CANTEEN' } });
    expect(await town.review(last)).toMatchObject({ withdrawn: true, decision: null });
  });
});
