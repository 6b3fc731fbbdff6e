import type { EntityManager } from 'typeorm';
import { type InstitutionStays, noStays, stayKey } from '../elders/institution-stays.js';
import { maskedName } from '../elders/masked-name.rules.js';
import { dayOf } from '../shared/china-time.js';
import { readTogether } from '../shared/statements.js';
import { type TermsByKey, termsKey } from './canteen-terms.js';
import { normalizedCardUid } from './card.rules.js';
import { MealsTaken } from './meals-taken.js';
import { noNeeds } from './rules/rule-needs.rules.js';
import { decideSwipe, fieldAtFault, type SwipeCommand, type SwipeLimits } from './swipe.rules.js';
import { cardsOf, cardsQuery, fileQueries } from './swipe-facts.js';
import type { SwipeAnswer } from './swipe-receipt.js';

/** What a live swipe at this instant would do. */
export interface SwipePreview extends Pick<SwipeAnswer, 'outcome' | 'reviewReason' | 'field'> {
  elderName: string | null;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  /** The balance after such a swipe; null when the card is unknown. */
  balanceFen: number | null;
}

export interface PreviewRequest {
  canteenId: number;
  readerActive: boolean;
  tap: Pick<SwipeCommand, 'cardUid' | 'grossFen' | 'mode' | 'menu'>;
  now: Date;
  limits: SwipeLimits;
  terms: TermsByKey;
  /** Who lives in an institution; nobody without it. */
  stays?: InstitutionStays;
}

/** Decides as `recordSwipes` would, by the same rules, and writes nothing. */
export async function previewSwipe(manager: EntityManager, request: PreviewRequest): Promise<SwipePreview> {
  const { canteenId, readerActive, now, limits, terms, stays = noStays } = request;
  const day = dayOf(now);
  const cardUid = normalizedCardUid(request.tap.cardUid);
  const canteen = terms.get(termsKey({ canteenId, day }));
  const needs = canteen?.needs ?? noNeeds;
  const queries = [
    cardsQuery(manager, [cardUid], ''),
    ...(needs.file ? fileQueries(manager, [cardUid]) : []),
  ];
  const [cards = [], homes, memberships] = readerActive ? await readTogether(manager, queries) : [];
  const card = cardsOf(cards, homes, memberships).get(cardUid);
  const taken = await MealsTaken.read(manager, card ? [card.elderId] : [], [day], needs.past);
  const living = card ? await stays.on(manager, [card.elderId], [day]) : undefined;
  const decision = decideSwipe({
    command: { ...request.tap, cardUid, swipeId: '', sequence: 0, swipedAt: now, offline: false },
    now,
    limits,
    readerActive,
    canteen,
    card,
    isMealTaken: (mealDay, meal) => card !== undefined && taken.has(card.elderId, mealDay, meal),
    livesInInstitution: (mealDay) =>
      card !== undefined && (living?.has(stayKey(card.elderId, mealDay)) ?? false),
    pastMeals: ({ versions }) => (card ? taken.past(card.elderId, versions) : []),
  });
  const split = 'split' in decision ? decision.split : { subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  return {
    outcome: decision.outcome,
    reviewReason: null,
    field: fieldAtFault(decision.outcome) ?? null,
    elderName: card ? maskedName(card.elderName) : null,
    subsidyFen: split.subsidyFen,
    discountFen: split.discountFen,
    selfPaidFen: split.selfPaidFen,
    balanceFen: card ? card.balanceFen - split.selfPaidFen : null,
  };
}
