import { type EntityManager, In } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { LedgerAccount } from '../../entities/meals/ledger-account.entity.js';
import { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { lockElder } from '../elders/find-elder.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { isCardUid, normalizedCardUid } from './card.rules.js';

/**
 * Keeps a card and its elder from being changed by others until the transaction ends, the elder first, as
 * every counter does; a swipe locks both in one statement, and should the two deadlock, one runs again.
 * Undefined for an unknown uid, and for a card whose elder lies outside `scope` just so.
 */
export async function lockCard(
  manager: EntityManager,
  uidText: string,
  scope: ElderScope,
  today: Day,
): Promise<{ card: MealCard; elder: Elder } | undefined> {
  const uid = normalizedCardUid(uidText);
  // Nothing malformed is looked up: MySQL would take accented letters for plain ones.
  const seen = isCardUid(uid) ? await manager.findOneBy(MealCard, { uid }) : null;
  const elder = seen ? await lockElder(manager, seen.elderId, scope, today) : undefined;
  if (!seen || !elder) return undefined;
  await manager.query(`SELECT id FROM meal_card WHERE id = ?${forUpdate(manager)}`, [seen.id]);
  // Its elder never changes, but its status may have while this transaction waited.
  const card = await manager.findOneByOrFail(MealCard, { id: seen.id });
  return { card, elder };
}

/** For each elder with a card: the active one, else the one issued last. */
export async function cardsOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, MealCard>> {
  const cards = await manager.find(MealCard, { where: { elderId: In([...elderIds]) }, order: { id: 'ASC' } });
  const byElder = new Map<number, MealCard>();
  for (const card of cards) {
    if (byElder.get(card.elderId)?.status !== 'ACTIVE') byElder.set(card.elderId, card);
  }
  return byElder;
}

/** The elders' own money in fen; an elder without an account is missing from the map. */
export async function balancesOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, number>> {
  const accounts = await manager.findBy(LedgerAccount, { kind: 'ELDER', ownerId: In([...elderIds]) });
  return new Map(accounts.map(({ ownerId, balanceFen }) => [ownerId, balanceFen ?? 0]));
}
