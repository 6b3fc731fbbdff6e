import { type EntityManager, In } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { LedgerAccount } from '../../entities/meals/ledger-account.entity.js';
import { type CardStatus, MealCard } from '../../entities/meals/meal-card.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { lockElder } from '../elders/find-elder.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { cardStatusOn, isCardUid, normalizedCardUid } from './card.rules.js';

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
  return { card: asOf(card, today), elder };
}

/** Takes a locked card out of use. One that had stopped before, as a lost one had, keeps the instant of that. */
export async function stopCard(
  manager: EntityManager,
  card: MealCard,
  status: CardStatus,
  now: Date,
): Promise<MealCard> {
  const stopped = { status, activeElderId: null, stoppedAt: card.stoppedAt ?? now };
  await manager.update(MealCard, { id: card.id }, stopped);
  return Object.assign(card, stopped);
}

/** The card with the status that it has on a day: one that expires is stored as active. */
export function asOf(card: MealCard, today: Day): MealCard {
  return Object.assign(card, { status: cardStatusOn(card, today) });
}

/** For each elder with a card: the active one, else the one issued last; as it is today. */
export async function cardsOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
  today: Day,
): Promise<Map<number, MealCard>> {
  const cards = await manager.find(MealCard, { where: { elderId: In([...elderIds]) }, order: { id: 'ASC' } });
  const byElder = new Map<number, MealCard>();
  for (const card of cards) {
    // Also when it has expired: it is the one to be replaced.
    if (byElder.get(card.elderId)?.activeElderId == null) byElder.set(card.elderId, card);
  }
  for (const card of byElder.values()) asOf(card, today);
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
