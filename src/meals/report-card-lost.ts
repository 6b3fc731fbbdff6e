import type { EntityManager } from 'typeorm';
import { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import type { Day } from '../shared/china-time.js';
import { cardStatusAfter } from './card.rules.js';
import { type CardRefusal, refuseCard } from './card-refusals.js';
import { lockCard } from './find-card.js';

/**
 * Stops a card from paying; the money stays the elder's. A card that is not active, a lost one too, is
 * refused with CARD_NOT_ACTIVE, and one that is unknown or out of scope with CARD_UNKNOWN.
 */
export async function reportCardLost(
  manager: EntityManager,
  cardUid: string,
  scope: ElderScope,
  today: Day,
): Promise<MealCard | CardRefusal> {
  const locked = await lockCard(manager, cardUid, scope, today);
  if (!locked) return refuseCard('CARD_UNKNOWN', ['cardUid']);
  const { card } = locked;
  const status = cardStatusAfter(card.status, 'REPORT_LOST');
  if (!status) return refuseCard('CARD_NOT_ACTIVE', ['cardUid']);
  await manager.update(MealCard, { id: card.id }, { status, activeElderId: null });
  return Object.assign(card, { status, activeElderId: null });
}
