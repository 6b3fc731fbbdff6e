import fc from 'fast-check';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { type PlayedMonths, playedMonths } from './played-months.js';

const elder = fc.nat({ max: 3 });
const which = fc.nat({ max: 60 });
/** Mostly the one whose turn it is. */
const month = fc.constantFrom(undefined, undefined, undefined, ...playedMonths);
const daysAgo = fc.nat({ max: 6 });
const bearers = ['CANTEEN', 'FUNDER', 'ELDER', 'AS_PAID'] as const satisfies readonly ReviewBearer[];
export const playedStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('eat' as const),
      elder,
      daysAgo,
      grossFen: fc.integer({ min: 400, max: 1500 }),
      dinner: fc.boolean(),
      delivered: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('pass' as const), days: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('takeBack' as const), which, corrects: fc.boolean() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      which,
      bornBy: fc.constantFrom(...bearers),
      funder: fc.constantFrom('BUREAU' as const, 'CHARITY' as const),
    }),
  },
  fc.record({ does: fc.constant('end' as const), elder, daysAgo: fc.nat({ max: 20 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('stay' as const),
      elder,
      daysAgo: fc.nat({ max: 30 }),
      days: fc.integer({ min: 1, max: 20 }),
    }),
  },
  fc.record({
    does: fc.constant('payOut' as const),
    elder,
    fen: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.constant('ALL' as const)),
  }),
  {
    weight: 8,
    arbitrary: fc.record({ does: fc.constant('walk' as const), month, back: fc.nat({ max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('dispute' as const),
      month,
      which,
      stages: fc.constantFrom(1, 2, 3, 3, 3),
      decision: fc.constantFrom('UPHELD' as const, 'UPHELD' as const, 'REJECTED' as const),
    }),
  },
);
export type PlayedStep = typeof playedStep extends fc.Arbitrary<infer Value> ? Value : never;

/** Does it; what is refused changes nothing. */
export async function takeStep(played: PlayedMonths, taken: PlayedStep): Promise<void> {
  switch (taken.does) {
    case 'eat':
      return played.eat(taken);
    case 'pass':
      return played.pass(taken.days);
    case 'takeBack':
      return played.takeBack(taken.which, taken.corrects);
    case 'decide':
      return played.decide(taken.which, taken.bornBy, taken.funder);
    case 'end':
      return played.end(taken.elder, taken.daysAgo);
    case 'stay':
      return played.stay(taken.elder, taken.daysAgo, taken.days);
    case 'payOut':
      return played.payOut(taken.elder, taken.fen);
    case 'walk':
      await played.walk(taken.month ?? (await played.month()), taken.back === 0);
      return undefined;
    case 'dispute':
      return played.dispute(taken.month ?? (await played.month()), taken.which, taken.stages, taken.decision);
  }
}
