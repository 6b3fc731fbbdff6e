import type { EntityManager } from 'typeorm';
import { maskedName } from '../elders/masked-name.rules.js';
import { dayOf } from '../shared/china-time.js';
import { readTogether } from '../shared/statements.js';
import { type TermsByKey, termsKey } from './canteen-terms.js';
import { normalizedCardUid } from './card.rules.js';
import { decideSwipe, fieldAtFault, type SwipeCommand, type SwipeLimits } from './swipe.rules.js';
import { cardsOf, cardsQuery, MealsTaken } from './swipe-facts.js';
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
  tap: Pick<SwipeCommand, 'cardUid' | 'grossFen' | 'mode'>;
  now: Date;
  limits: SwipeLimits;
  terms: TermsByKey;
}

/** Decides as `recordSwipes` would, by the same rules, and writes nothing. */
export async function previewSwipe(manager: EntityManager, request: PreviewRequest): Promise<SwipePreview> {
  const { canteenId, readerActive, now, limits, terms } = request;
  const day = dayOf(now);
  const cardUid = normalizedCardUid(request.tap.cardUid);
  const [cards = []] = readerActive ? await readTogether(manager, [cardsQuery(manager, [cardUid], '')]) : [];
  const card = cardsOf(cards).get(cardUid);
  const taken = await MealsTaken.read(manager, card ? [card.elderId] : [], [day]);
  const decision = decideSwipe({
    command: { ...request.tap, cardUid, swipeId: '', sequence: 0, swipedAt: now, offline: false },
    now,
    limits,
    readerActive,
    canteen: terms.get(termsKey({ canteenId, day })),
    card,
    isMealTaken: (mealDay, meal) => card !== undefined && taken.has(card.elderId, mealDay, meal),
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
