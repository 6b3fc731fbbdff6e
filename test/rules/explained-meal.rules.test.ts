import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AskedMeal,
  type ExplainedFacts,
  explainedMeal,
} from '../../src/meals/rules/explained-meal.rules.js';
import { explanationText } from '../../src/meals/rules/explanation-words.rules.js';
import { noNeeds } from '../../src/meals/rules/rule-needs.rules.js';
import { type CanteenTerms, decideSwipe } from '../../src/meals/swipe.rules.js';
import { anyMeal, anyPast, anySets } from '../support/any-rules.js';
import { divisions, funders } from '../support/any-shares.js';
import { groupOf, ruleOf, setOf } from '../support/splits.js';

const at = (text: string) => new Date(`2026-03-${text}:00+08:00`);
const early = { when: { fromTime: '11:00', toTime: '13:00' } };
const canteen: CanteenTerms = {
  canteenId: 1,
  openedOn: '2020-01-01',
  closedOn: null,
  priceFenMax: 3000,
  windows: [{ meal: 'LUNCH', fromMinute: 630, toMinute: 810 }],
  subsidy: {
    sets: [setOf('S', [groupOf('FIRST', [ruleOf('EARLY', 900, early), ruleOf('ELSE', 300)])])],
    funders,
    division: divisions[0] ?? '',
  },
  needs: noNeeds,
  versions: new Map(),
  receivableAccountId: 1,
  discountAccountId: 2,
};
const diner = {
  birthDate: '1950-01-01',
  categories: [],
  abilityLevel: null,
  abilityExpiresOn: null,
  residence: null,
};
const asked: AskedMeal = {
  tap: { day: '2026-03-10', meal: 'LUNCH' },
  mode: 'DINE_IN',
  menu: 'SET_MEAL',
  grossFen: 1200,
};

function explain(change: Partial<AskedMeal> = {}, facts: Partial<ExplainedFacts> = {}) {
  const explained = explainedMeal(
    { ...asked, ...change },
    { canteen, diner, elderEndedOn: null, past: [], isMealTaken: () => false, ...facts },
  );
  if (!explained) throw new Error('no such meal');
  const { zh, en } = explanationText(explained);
  return { ...explained, subsidyFen: explained.split.subsidyFen, zh, en };
}

describe('a meal that is asked about by date and name', () => {
  it('is judged in the middle of its hours, and says so where a rule asks for the time', () => {
    const explained = explain();
    expect(explained).toMatchObject({ minute: 720, isAssumed: true, subsidyFen: 900 });
    expect(explained.zh).toMatch(/有的规则限定时间，未给出刷卡时间，按 12:00 计算。$/);
    expect(explained.en).toMatch(
      /Some of the rules ask for the time; none was given, so this is for a tap at 12:00\.$/,
    );
  });

  it('agrees with the tap of that minute, which says nothing of it', () => {
    const tapped = explain({ tap: { at: at('10T12:00') } });
    expect(tapped).toMatchObject({ minute: 720, isAssumed: false, subsidyFen: 900 });
    expect(tapped.en).not.toContain('12:00');
    expect(explain({ tap: { at: at('10T10:45') } }).subsidyFen).toBe(300);
  });

  it('says nothing of the minute where no rule asks for it', () => {
    const sets = [setOf('S', [groupOf('ONE', [ruleOf('A', 300)])])];
    const plain = { ...canteen, subsidy: { ...canteen.subsidy, sets } };
    expect(explain({}, { canteen: plain }).en).toMatch(/It follows from: rule A\.$/);
  });
});

describe('nothing is given, and the reason is said, where no swipe would be accepted', () => {
  it.each<[string, Partial<AskedMeal>, Partial<ExplainedFacts>, string, string]>([
    [
      'after the end of the file',
      {},
      { elderEndedOn: '2026-03-10' },
      '档案已于 2026-03-10 终止，不予补贴。',
      'The file ended on 2026-03-10, so nothing is given.',
    ],
    [
      'on the day on which the canteen is closed',
      { tap: { at: at('11T12:00') } },
      { canteen: { ...canteen, closedOn: '2026-03-11' } },
      '该食堂当日未营业（2020-01-01 启用，2026-03-11 关闭），刷卡不受理，不予补贴。',
      'The canteen is not open that day (it opened on 2020-01-01 and closed on 2026-03-11), so no swipe is accepted and nothing is given.',
    ],
    [
      'before it opens',
      {},
      { canteen: { ...canteen, openedOn: '2026-03-11' } },
      '该食堂当日未营业（2026-03-11 启用），刷卡不受理，不予补贴。',
      'The canteen is not open that day (it opened on 2026-03-11), so no swipe is accepted and nothing is given.',
    ],
    [
      'between meals',
      { tap: { at: at('10T13:30') } },
      {},
      '13:30 不在该食堂的供餐时间内，刷卡不受理，不予补贴。',
      'No meal is served there at 13:30, so no swipe is accepted and nothing is given.',
    ],
    [
      'for more than the dearest meal',
      { grossFen: 3001 },
      {},
      '餐费高于该食堂的最高餐价 30.00 元，刷卡不受理，不予补贴。',
      'The dearest meal there costs 30.00 yuan, so no swipe of this bill is accepted and nothing is given.',
    ],
  ])('%s', (_, change, facts, zh, en) => {
    const explained = explain(change, facts);
    expect(explained.split).toMatchObject({ subsidyFen: 0, discountFen: 0, looked: [] });
    expect(explained.zh.endsWith(zh)).toBe(true);
    expect(explained.en.endsWith(en)).toBe(true);
  });

  it('the last day of a canteen and its dearest meal are no such reasons', () => {
    const closing = { ...canteen, closedOn: '2026-03-11' };
    expect(explain({ grossFen: 3000 }, { canteen: closing }).subsidyFen).toBe(900);
  });

  it('nor are the hours and prices of today for a meal that was accepted', () => {
    const had = { isMealTaken: () => true };
    const late = { tap: { at: at('10T13:40') }, grossFen: 3001 };
    expect(explain(late, had)).toMatchObject({ minute: 820, subsidyFen: 300 });
    const brought = explain({ ...late, mode: 'DELIVERY' }, had);
    expect(brought).toMatchObject({ notAccepted: null, minute: 809, subsidyFen: 300 });
    const closed = { ...had, canteen: { ...canteen, closedOn: '2026-03-10' } };
    expect(explain({}, closed).subsidyFen).toBe(0);
  });
});

describe('the explanation of any tap', () => {
  const anyCanteen = fc
    .record({
      sets: anySets,
      division: fc.constantFrom(...divisions),
      openedOn: fc.constantFrom('2020-01-01', '2026-03-10'),
      closedOn: fc.constantFrom(null, '2026-03-20'),
      priceFenMax: fc.constantFrom(3000, 1_000_000),
    })
    .map(
      ({ sets, division, ...terms }): CanteenTerms => ({
        ...canteen,
        ...terms,
        windows: [
          { meal: 'BREAKFAST', fromMinute: 390, toMinute: 510 },
          { meal: 'LUNCH', fromMinute: 630, toMinute: 810 },
          { meal: 'DINNER', fromMinute: 990, toMinute: 1110 },
        ],
        subsidy: { sets, funders, division },
      }),
    );
  const reasons: Record<string, string> = {
    ELDER_NOT_ACTIVE: 'ELDER_NOT_ACTIVE',
    CANTEEN_NOT_OPEN: 'MEAL_NOT_SERVED',
    MEAL_NOT_SERVED: 'MEAL_NOT_SERVED',
    PRICE_OUT_OF_RANGE: 'PRICE_OUT_OF_RANGE',
  };

  it('agrees with the decision on its swipe', () => {
    const anyEnd = fc.constantFrom(null, '2026-03-25');
    fc.assert(
      fc.property(anyCanteen, anyMeal, anyPast, anyEnd, (terms, meal, past, elderEndedOn) => {
        const { day, minute, mode, menu, grossFen, diner: eater } = meal;
        const swipedAt = new Date(Date.parse(`${day}T00:00:00+08:00`) + minute * 60_000);
        const decision = decideSwipe({
          command: {
            swipeId: '3f2b8c1e-0d5a-4b6f-9a77-1c2d3e4f5a6b',
            sequence: 1,
            cardUid: 'A1B2C3D4',
            swipedAt,
            grossFen,
            mode,
            menu,
            offline: false,
          },
          now: swipedAt,
          limits: { liveSwipeAgeMinutesMax: 10, offlineSwipeAgeDaysMax: 7, clockSkewSecondsMax: 60 },
          readerActive: true,
          canteen: terms,
          card: {
            ...eater,
            cardId: 1,
            stoppedAt: null,
            expiresOn: null,
            elderId: 1,
            elderName: '',
            elderEndedOn,
            accountId: 3,
            balanceFen: 1_000_000,
          },
          isMealTaken: () => false,
          livesInInstitution: () => false,
          pastMeals: () => past,
        });
        const facts = { canteen: terms, diner: eater, elderEndedOn, isMealTaken: () => false };
        const question = { tap: { at: swipedAt }, mode, menu, grossFen };
        const isThis = (other: { day: string; meal: string }) =>
          'meal' in decision && other.day === day && other.meal === decision.meal;
        const others = past.filter((other) => !isThis(other));
        const explained = explainedMeal(question, { ...facts, past: others });
        if (!explained) throw new Error('every canteen serves some meal');
        const { notAccepted, split } = explained;
        if (decision.outcome !== 'ACCEPTED') {
          expect(reasons[notAccepted?.why ?? '']).toBe(decision.outcome);
          expect(split).toMatchObject({ subsidyFen: 0, discountFen: 0, selfPaidFen: grossFen, uses: [] });
          return;
        }
        expect(notAccepted).toBe(null);
        expect(explained).toMatchObject({ day, meal: decision.meal });
        // A meal that was had is none of its own past, so the decision is that of an elder who has not had it.
        if (others.length === past.length) expect(split).toEqual(decision.split);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a meal that was had is the same as before it', () => {
    fc.assert(
      fc.property(anyCanteen, anyMeal, anyPast, (terms, meal, past) => {
        const { day, meal: name, mode, menu, grossFen, diner: eater } = meal;
        const question = { tap: { day, meal: name }, mode, menu, grossFen };
        const facts = { canteen: terms, diner: eater, elderEndedOn: null, isMealTaken: () => false };
        const others = past.filter((other) => other.day !== day || other.meal !== name);
        const before = explainedMeal(question, { ...facts, past: others });
        const had = { day, meal: name, uses: before?.split.uses ?? [] };
        expect(explainedMeal(question, { ...facts, past: [...others, had] })).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });
});
