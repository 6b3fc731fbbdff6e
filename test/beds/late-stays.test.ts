import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { ResidentDiners } from '../support/resident-diners.js';
import { amount, oneRule } from '../support/rule-documents.js';

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
});
