import type { OfflineAnswer, OwnTap } from '../../../src/meals/reader-lists/decide-offline.rules.js';
import type { ListedCard, ListFacts } from '../../../src/meals/reader-lists/list-items.rules.js';
import { useKey } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import type { Split } from '../../../src/meals/subsidy.rules.js';
import { type Decision, decideSwipe, type SwipeCommand } from '../../../src/meals/swipe.rules.js';
import { dayOf } from '../../../src/shared/china-time.js';
import { type TapCase, uidOf, usesOf } from './vector-list.js';

/** A tap as the vectors write it: at the table and a set meal where nothing is said. */
export interface VectorTap {
  cardUid: string;
  swipedAt: string;
  grossFen: number;
  mode?: SwipeCommand['mode'];
  menu?: NonNullable<SwipeCommand['menu']>;
}

/** An answer as the vectors write it. */
export type VectorAnswer = Record<string, unknown> & { answer: string };

export function tapOf({ card = 'elder', at = '12:00', fen, mode, menu }: TapCase, today: string): VectorTap {
  const local = at.includes('T') ? at : `${today}T${at}`;
  const isLocal = !/T.*(Z|[+-]\d\d:\d\d)$/.test(local);
  const whole = isLocal ? `${/T\d\d:\d\d$/.test(local) ? `${local}:00` : local}+08:00` : local;
  return {
    cardUid: uidOf(card),
    swipedAt: whole,
    grossFen: fen,
    ...(mode ? { mode } : {}),
    ...(menu ? { menu } : {}),
  };
}

export function commandOf({ mode = 'DINE_IN', menu = 'SET_MEAL', ...tap }: VectorTap) {
  return { ...tap, mode, menu, swipedAt: new Date(tap.swipedAt) };
}

/** What the server would say of a live tap at its instant, by all that it knows, and after the reader's own taps. */
export function askServer(facts: ListFacts, tap: VectorTap, own: readonly OwnTap[]): VectorAnswer {
  const command = commandOf(tap);
  const card = facts.cards.find(({ uid }) => uid === tap.cardUid) as ListedCard;
  const known = facts.mealsOf(card.elderId);
  const more = own.filter((each) => !known.some(({ day, meal }) => day === each.day && meal === each.meal));
  const had = [...known, ...more.map(({ day, meal, gave = {} }) => ({ day, meal, uses: usesOf(gave) }))];
  const leftFen = more.reduce((left, { selfPaidFen }) => left - selfPaidFen, card.balanceFen);
  // The server lets no balance fall below zero.
  const balanceFen = Math.max(0, leftFen);
  const day = dayOf(command.swipedAt);
  const decision = decideSwipe({
    command: { ...command, swipeId: '', sequence: 0, offline: false },
    now: command.swipedAt,
    limits: { liveSwipeAgeMinutesMax: 10, offlineSwipeAgeDaysMax: 7, clockSkewSecondsMax: 60 },
    readerActive: true,
    canteen: facts.days.find((each) => each.day === day)?.canteen,
    card: { ...card, balanceFen, elderName: '', accountId: 1 },
    isMealTaken: (mealDay, meal) => had.some((each) => each.day === mealDay && each.meal === meal),
    livesInInstitution: (mealDay) => facts.livesInInstitution(card.elderId, mealDay),
    pastMeals: () => had,
  });
  return written(decided(decision));
}

function decided(decision: Decision): OfflineAnswer {
  if (!('split' in decision)) return { answer: decision.outcome };
  if (decision.outcome !== 'ACCEPTED') throw new Error('a live tap is never recorded for review');
  return { answer: 'ACCEPTED', meal: decision.meal, split: decision.split };
}

/** An answer with its split beside it. */
export function written(answer: OfflineAnswer): VectorAnswer {
  if (!('split' in answer)) return answer;
  const { subsidyFen, discountFen, selfPaidFen, uses } = answer.split satisfies Split;
  const gave = Object.fromEntries(uses.map((use) => [useKey(use), use.fen]));
  return { answer: answer.answer, meal: answer.meal, subsidyFen, discountFen, selfPaidFen, gave };
}
