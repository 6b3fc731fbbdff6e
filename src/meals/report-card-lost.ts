import type { EntityManager } from 'typeorm';
import type { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { dayOf } from '../shared/china-time.js';
import { cardStatusAfter } from './card.rules.js';
import { type CardRefusal, refuseCard } from './card-refusals.js';
import { lockCard, stopCard } from './find-card.js';

/**
 * Stops a card from paying for any tap from now on; the money stays the elder's. A card that is not active, a lost one too, is
 * refused with CARD_NOT_ACTIVE, and one that is unknown or out of scope with CARD_UNKNOWN.
 */
export async function reportCardLost(
  manager: EntityManager,
  cardUid: string,
  scope: ElderScope,
  now: Date,
): Promise<MealCard | CardRefusal> {
  const locked = await lockCard(manager, cardUid, scope, dayOf(now));
  if (!locked) return refuseCard('CARD_UNKNOWN', ['cardUid']);
  const { card } = locked;
  const status = cardStatusAfter(card.status, 'REPORT_LOST');
  if (!status) return refuseCard('CARD_NOT_ACTIVE', ['cardUid']);
  return stopCard(manager, card, status, now);
}
