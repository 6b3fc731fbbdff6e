import { describe, expect, it } from 'vitest';
import { type SwipeOutcome, swipeOutcomes } from '../../entities/meals/swipe.entity.js';
import { mealFenMax } from '../../src/meals/meal-price.rules.js';
import { noNeeds } from '../../src/meals/rules/rule-needs.rules.js';
import {
  decideSwipe,
  isKept,
  malformedField,
  noSequence,
  type SwipeFacts,
  sequenceMax,
} from '../../src/meals/swipe.rules.js';

const now = new Date('2026-03-10T12:00:00+08:00');

const fine: SwipeFacts = {
  command: {
    swipeId: '3f2b8c1e-0d5a-4b6f-9a77-1c2d3e4f5a6b',
    sequence: 1,
    cardUid: 'A1B2C3D4',
    swipedAt: now,
    grossFen: 1200,
    mode: 'DINE_IN',
    offline: false,
  },
  now,
  limits: { liveSwipeAgeMinutesMax: 10, offlineSwipeAgeDaysMax: 7, clockSkewSecondsMax: 60 },
  readerActive: true,
  canteen: {
    canteenId: 1,
    openedOn: '2020-01-01',
    closedOn: null,
    priceFenMax: 3000,
    windows: [{ meal: 'LUNCH', fromMinute: 630, toMinute: 810 }],
    subsidy: { sets: [], funders: [], division: '411302001001' },
    needs: noNeeds,
    versions: new Map(),
    receivableAccountId: 1,
    discountAccountId: 2,
  },
  card: {
    cardId: 1,
    stoppedAt: null,
    expiresOn: null,
    elderId: 1,
    elderName: '王小明',
    birthDate: '1950-01-01',
    elderEndedOn: null,
    accountId: 3,
    balanceFen: 5000,
    categories: [],
    abilityLevel: null,
    abilityExpiresOn: null,
    residence: null,
  },
  isMealTaken: () => false,
  livesInInstitution: () => false,
  pastMeals: () => [],
};

/** What makes each refusal apply, in the order of precedence; each leaves the others untouched. */
const faults: [SwipeOutcome, (facts: SwipeFacts) => SwipeFacts][] = [
  ['READER_NOT_ACTIVE', (facts) => ({ ...facts, readerActive: false })],
  ['CLOCK_OUT_OF_RANGE', (facts) => ({ ...facts, now: new Date(now.getTime() + 30 * 86_400_000) })],
  ['CARD_UNKNOWN', (facts) => ({ ...facts, card: undefined })],
  ['CARD_NOT_ACTIVE', (facts) => withCard(facts, { stoppedAt: new Date(0) })],
  ['ELDER_NOT_ACTIVE', (facts) => withCard(facts, { elderEndedOn: '2026-03-01' })],
  ['MEAL_NOT_SERVED', (facts) => withCanteen(facts, { windows: [] })],
  ['MEAL_ALREADY_TAKEN', (facts) => ({ ...facts, isMealTaken: () => true })],
  ['PRICE_OUT_OF_RANGE', (facts) => ({ ...facts, command: { ...facts.command, grossFen: 3001 } })],
  ['INSUFFICIENT_BALANCE', (facts) => withCard(facts, { balanceFen: 0 })],
];

function withCard(facts: SwipeFacts, change: Partial<NonNullable<SwipeFacts['card']>>): SwipeFacts {
  return { ...facts, card: facts.card && { ...facts.card, ...change } };
}

function withCanteen(facts: SwipeFacts, change: Partial<NonNullable<SwipeFacts['canteen']>>): SwipeFacts {
  return { ...facts, canteen: facts.canteen && { ...facts.canteen, ...change } };
}

function withCommand(facts: SwipeFacts, change: Partial<SwipeFacts['command']>): SwipeFacts {
  return { ...facts, command: { ...facts.command, ...change } };
}

describe('the outcome of a live swipe', () => {
  it('is ACCEPTED when nothing stands in the way', () => {
    expect(decideSwipe(fine)).toMatchObject({ outcome: 'ACCEPTED', meal: 'LUNCH' });
  });

  it.each(faults)('is %s when that alone applies', (outcome, fault) => {
    expect(decideSwipe(fault(fine))).toEqual({ outcome });
  });

  it.each(faults)('is %s when everything after it applies too', (outcome) => {
    const place = faults.findIndex(([name]) => name === outcome);
    // The faults that take away the card or the window come first, so that later ones still find them.
    const facts = faults.slice(place).reduceRight((made, [, fault]) => fault(made), fine);
    expect(decideSwipe(facts)).toEqual({ outcome });
  });

  it('is listed in the order of precedence that the contract gives', () => {
    const decided = faults.map(([outcome]) => outcome);
    expect(swipeOutcomes).toEqual([
      'INPUT_MALFORMED',
      'SWIPE_ID_REUSED',
      ...decided,
      'RECORDED_FOR_REVIEW',
      'ACCEPTED',
    ]);
  });
});

describe('an offline swipe', () => {
  const offline = withCommand(fine, { offline: true });
  const reviewed = faults.slice(3);

  it.each(reviewed.map(([outcome, fault]) => [outcome, fault] as const))(
    'that would have been refused with %s is recorded for review, borne by the canteen',
    (outcome, fault) => {
      const facts = fault(offline);
      // Without any window there is no meal to record, so the shut canteen is one whose hours are over.
      const shut = outcome === 'MEAL_NOT_SERVED';
      const made = shut ? withCanteen(offline, { closedOn: '2026-01-01' }) : facts;
      const { grossFen } = made.command;
      expect(decideSwipe(made)).toEqual({
        outcome: 'RECORDED_FOR_REVIEW',
        reviewReason: outcome,
        meal: 'LUNCH',
        split: {
          subsidyFen: 0,
          discountFen: grossFen,
          selfPaidFen: 0,
          shares: [{ funder: null, fen: grossFen }],
          uses: [],
          rule: null,
        },
      });
    },
  );

  it.each(faults.slice(0, 3))(
    'stays refused with %s, for there is nobody to attribute it to',
    (outcome, fault) => {
      expect(decideSwipe(fault(offline))).toEqual({ outcome });
    },
  );

  it('of a canteen without windows stays MEAL_NOT_SERVED, for no meal is known', () => {
    expect(decideSwipe(withCanteen(offline, { windows: [] }))).toEqual({ outcome: 'MEAL_NOT_SERVED' });
  });

  it.each([0, -1, mealFenMax + 1, Number.MAX_SAFE_INTEGER])(
    'at a price of %d fen stays refused',
    (grossFen) => {
      const facts = withCommand(offline, { grossFen });
      expect(decideSwipe(facts)).toEqual({ outcome: 'PRICE_OUT_OF_RANGE' });
    },
  );
});

describe('the edges of a swipe', () => {
  const at = (instant: string, offline = false) =>
    decideSwipe(withCommand(fine, { swipedAt: new Date(instant), offline })).outcome;

  it('accepts a live tap up to ten minutes old and one minute early', () => {
    expect(at('2026-03-10T11:50:00+08:00')).toBe('ACCEPTED');
    expect(at('2026-03-10T11:49:59.999+08:00')).toBe('CLOCK_OUT_OF_RANGE');
    expect(at('2026-03-10T12:01:00+08:00')).toBe('ACCEPTED');
    expect(at('2026-03-10T12:01:00.001+08:00')).toBe('CLOCK_OUT_OF_RANGE');
  });

  it('accepts an offline tap up to seven days old, never one of the future', () => {
    expect(at('2026-03-03T12:00:00+08:00', true)).toBe('ACCEPTED');
    expect(at('2026-03-03T11:59:59.999+08:00', true)).toBe('CLOCK_OUT_OF_RANGE');
    expect(at('2026-03-10T13:00:00+08:00', true)).toBe('CLOCK_OUT_OF_RANGE');
  });

  it('takes a window as half-open', () => {
    const offlineAt = (instant: string) => at(instant, true);
    expect(offlineAt('2026-03-09T10:30:00+08:00')).toBe('ACCEPTED');
    expect(offlineAt('2026-03-09T10:29:59+08:00')).toBe('RECORDED_FOR_REVIEW');
    expect(offlineAt('2026-03-09T13:29:59+08:00')).toBe('ACCEPTED');
    expect(offlineAt('2026-03-09T13:30:00+08:00')).toBe('RECORDED_FOR_REVIEW');
  });

  it('serves up to the day before a canteen closes, and an elder up to the day before the file ends', () => {
    expect(decideSwipe(withCanteen(fine, { closedOn: '2026-03-11' })).outcome).toBe('ACCEPTED');
    expect(decideSwipe(withCanteen(fine, { closedOn: '2026-03-10' })).outcome).toBe('MEAL_NOT_SERVED');
    expect(decideSwipe(withCanteen(fine, { openedOn: '2026-03-11' })).outcome).toBe('MEAL_NOT_SERVED');
    expect(decideSwipe(withCard(fine, { elderEndedOn: '2026-03-11' })).outcome).toBe('ACCEPTED');
    expect(decideSwipe(withCard(fine, { elderEndedOn: '2026-03-10' })).outcome).toBe('ELDER_NOT_ACTIVE');
  });

  it('spends a balance to its last fen', () => {
    expect(decideSwipe(withCard(fine, { balanceFen: 1200 })).outcome).toBe('ACCEPTED');
    expect(decideSwipe(withCard(fine, { balanceFen: 1199 })).outcome).toBe('INSUFFICIENT_BALANCE');
  });

  it('takes a price from 1 fen to the canteen limit', () => {
    const priced = (grossFen: number) => decideSwipe(withCommand(fine, { grossFen })).outcome;
    expect([-1, 0, 1, 3000, 3001].map(priced)).toEqual([
      'PRICE_OUT_OF_RANGE',
      'PRICE_OUT_OF_RANGE',
      'ACCEPTED',
      'ACCEPTED',
      'PRICE_OUT_OF_RANGE',
    ]);
  });
});

describe('a malformed swipe', () => {
  it('is told by the field at fault', () => {
    expect(malformedField(fine.command)).toBeUndefined();
    expect(malformedField({ ...fine.command, swipeId: 'not-a-uuid' })).toBe('swipeId');
    expect(malformedField({ ...fine.command, sequence: -1 })).toBe('sequence');
    expect(malformedField({ ...fine.command, sequence: sequenceMax })).toBeUndefined();
    expect(malformedField({ ...fine.command, sequence: sequenceMax + 1 })).toBe('sequence');
    expect(malformedField({ ...fine.command, cardUid: 'A'.repeat(33) })).toBe('cardUid');
    expect(malformedField({ ...fine.command, cardUid: 'A1B2\u0000C3' })).toBe('cardUid');
    expect(malformedField({ ...fine.command, cardUid: 'A1B2\ud800C3' })).toBe('cardUid');
  });

  it('with a uid that is none, yet short enough to keep, is an unknown card', () => {
    expect(decideSwipe(withCommand(fine, { cardUid: 'NO UID' }))).toEqual({ outcome: 'CARD_UNKNOWN' });
  });

  it('is kept by no one, nor is what the input alone deserves', () => {
    expect(swipeOutcomes.filter((outcome) => !isKept(outcome, fine.command))).toEqual([
      'INPUT_MALFORMED',
      'SWIPE_ID_REUSED',
      'READER_NOT_ACTIVE',
    ]);
    expect(isKept('PRICE_OUT_OF_RANGE', { ...fine.command, grossFen: 0 })).toBe(false);
    expect(isKept('PRICE_OUT_OF_RANGE', { ...fine.command, grossFen: 3001 })).toBe(true);
    expect(isKept('CARD_UNKNOWN', { ...fine.command, cardUid: 'NO UID' })).toBe(false);
    expect(isKept('CARD_UNKNOWN', fine.command)).toBe(true);
  });
});

it.each([
  ['2026-03-10', 'CARD_NOT_ACTIVE'],
  ['2026-03-11', 'ACCEPTED'],
])('a card that expires on %s: %s, by the day of the tap', (expiresOn, outcome) => {
  expect(decideSwipe(withCard(fine, { expiresOn })).outcome).toBe(outcome);
});

it('a card pays for every tap before the instant at which it stopped', () => {
  const at = fine.command.swipedAt.getTime();
  const outcomeWhenStopped = (ms: number) => decideSwipe(withCard(fine, { stoppedAt: new Date(ms) })).outcome;
  expect(outcomeWhenStopped(at + 1)).toBe('ACCEPTED');
  expect(outcomeWhenStopped(at)).toBe('CARD_NOT_ACTIVE');
});

describe('a meal that was ordered', () => {
  const at = (time: string, command = {}) => {
    const swipedAt = new Date(`2026-03-10T${time}:00+08:00`);
    const windows = [
      { meal: 'LUNCH' as const, fromMinute: 630, toMinute: 810 },
      { meal: 'DINNER' as const, fromMinute: 990, toMinute: 1110 },
    ];
    const canteen = { ...(fine.canteen as NonNullable<SwipeFacts['canteen']>), windows };
    return decideSwipe(
      withCommand({ ...fine, canteen, now: swipedAt }, { swipedAt, ordered: 'LUNCH', ...command }),
    );
  };

  it.each(['09:00', '12:00', '13:30', '16:30', '20:00'])('is that meal, handed over at %s', (time) => {
    expect(at(time)).toMatchObject({ outcome: 'ACCEPTED', meal: 'LUNCH' });
  });

  it('is taken for no other where it is not served', () => {
    expect(at('12:00', { ordered: 'BREAKFAST' })).toEqual({ outcome: 'MEAL_NOT_SERVED' });
  });

  it('keeps at the door the price that it was ordered at, as long as a meal can have it', () => {
    expect(at('12:00', { grossFen: 3001 })).toMatchObject({ split: { selfPaidFen: 3001 } });
    expect(at('12:00', { grossFen: mealFenMax + 1 })).toEqual({ outcome: 'PRICE_OUT_OF_RANGE' });
    expect(at('12:00', { grossFen: 5001 })).toEqual({ outcome: 'INSUFFICIENT_BALANCE' });
  });

  it('has a number that no reader’s tap has, and no other', () => {
    expect(malformedField({ ...fine.command, ordered: 'LUNCH', sequence: noSequence })).toBeUndefined();
    expect(malformedField({ ...fine.command, ordered: 'LUNCH' })).toBe('sequence');
    expect(malformedField({ ...fine.command, sequence: noSequence })).toBe('sequence');
  });
});
