import type { EntityManager } from 'typeorm';
import { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { elderState } from '../elders/elder-state.js';
import { isCardUid, normalizedCardUid } from './card.rules.js';
import { balancesOfElders } from './find-card.js';

/** The cards and the money of an elder as the audit log shows them; the elder stays locked from the first look on. */
export async function elderCardsState(
  manager: EntityManager,
  elderId: number,
  cardId?: number,
): Promise<AuditedState | undefined> {
  const elder = await elderState(manager, elderId);
  if (!elder) return undefined;
  const cards = await manager.find(MealCard, { where: { elderId }, order: { id: 'DESC' }, take: 5 });
  const balances = await balancesOfElders(manager, [elderId]);
  const about = cardId === undefined ? {} : { subject: `card:${cardId}` };
  return {
    about: { ...elder.about, ...about },
    values: {
      balanceFen: balances.get(elderId) ?? null,
      cards: cards.map(({ id, status }) => ({ id, status })),
    },
  };
}

/** The same, of the elder whose card has this uid. The uid itself, which opens an account, stays out of the log. */
export async function cardState(manager: EntityManager, uidText: string): Promise<AuditedState | undefined> {
  const uid = normalizedCardUid(uidText);
  const card = isCardUid(uid) ? await manager.findOneBy(MealCard, { uid }) : null;
  return card ? elderCardsState(manager, card.elderId, card.id) : undefined;
}
