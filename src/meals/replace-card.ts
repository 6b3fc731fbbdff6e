import type { EntityManager } from 'typeorm';
import { CardReplacement } from '../../entities/meals/card-replacement.entity.js';
import { type CardStatus, MealCard } from '../../entities/meals/meal-card.entity.js';
import type { Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { isDuplicateKey } from '../shared/database.js';
import { isUuid } from '../shared/uuid.js';
import { cardStatusAfter, isCardUid, normalizedCardUid } from './card.rules.js';
import { type CardRefusal, refuseCard } from './card-refusals.js';
import { lockCard, stopCard } from './find-card.js';
import { insertActiveCard } from './issue-card.js';

export interface Replacement {
  /** A UUID that the caller made; asking again with it is answered as the first time. */
  requestId: string;
  cardUid: string;
  newCardUid: string;
  /** The first day on which the new card no longer pays; null for a card without an end. */
  expiresOn?: Day | null;
  now: Date;
}

/**
 * Gives an elder a new card in place of an active or lost one. The money is the elder's and not the card's,
 * so it follows without a posting. A replay is answered with the new card as it is now.
 * Refusals come in the order of cardRefusalCodes and write nothing.
 */
export async function replaceCard(
  manager: EntityManager,
  replacement: Replacement,
  scope: Scope,
): Promise<MealCard | CardRefusal> {
  const { now, cardUid } = replacement;
  const expiresOn = replacement.expiresOn ?? null;
  const requestId = replacement.requestId.toLowerCase();
  const newUid = normalizedCardUid(replacement.newCardUid);
  if (!isUuid(requestId)) return refuseCard('REQUEST_ID_MALFORMED', ['requestId']);
  if (!isCardUid(newUid)) return refuseCard('UID_MALFORMED', ['newCardUid']);

  const locked = await lockCard(manager, cardUid, scope, dayOf(now));
  const earlier = await earlierAnswer(manager, requestId, locked?.card, { newUid, expiresOn });
  if (earlier) return earlier;
  if (!locked) return refuseCard('CARD_UNKNOWN', ['cardUid']);
  const { card, elder } = locked;
  const status = cardStatusAfter(card.status, 'REPLACE');
  if (!status) return refuseCard('CARD_NOT_ACTIVE', ['cardUid']);
  if (elder.status !== 'ACTIVE') return refuseCard('ELDER_NOT_ACTIVE', ['cardUid']);
  const other = await manager.findOneBy(MealCard, { activeElderId: elder.id });
  if (other && other.id !== card.id) return refuseCard('ELDER_HAS_CARD', ['cardUid']);
  if (expiresOn !== null && expiresOn <= dayOf(now)) return refuseCard('DAY_OUT_OF_RANGE', ['expiresOn']);
  if (await manager.existsBy(MealCard, { uid: newUid })) return refuseCard('UID_TAKEN', ['newCardUid']);
  try {
    return await exchange(manager, { requestId, card, status, newUid, expiresOn, now });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // Somebody used the same request id, or the same new card, for another elder just now.
    const winner = await earlierAnswer(manager, requestId, card, { newUid, expiresOn });
    return winner ?? refuseCard('UID_TAKEN', ['newCardUid']);
  }
}

/** The answer to a request id that was used before; undefined when it is new. */
async function earlierAnswer(
  manager: EntityManager,
  requestId: string,
  card: MealCard | undefined,
  { newUid, expiresOn }: { newUid: string; expiresOn: Day | null },
): Promise<MealCard | CardRefusal | undefined> {
  const earlier = await manager.findOneBy(CardReplacement, { requestId });
  if (!earlier) return undefined;
  const newCard = await manager.findOneByOrFail(MealCard, { id: earlier.newCardId });
  const isSame = earlier.oldCardId === card?.id && newCard.uid === newUid && newCard.expiresOn === expiresOn;
  return isSame ? newCard : refuseCard('REQUEST_ID_REUSED', ['requestId']);
}

interface Exchange {
  requestId: string;
  card: MealCard;
  status: CardStatus;
  newUid: string;
  expiresOn: Day | null;
  now: Date;
}

/**
 * The old card gives up its place first, because an elder has one active card at a time. Within a savepoint:
 * when the new card then turns out to be taken, the old one keeps its place.
 */
function exchange(
  manager: EntityManager,
  { requestId, card, status, newUid, expiresOn, now }: Exchange,
): Promise<MealCard> {
  return manager.transaction(async (savepoint) => {
    await stopCard(savepoint, card, status, now);
    const newCard = await insertActiveCard(savepoint, {
      elderId: card.elderId,
      uid: newUid,
      expiresOn,
      today: dayOf(now),
    });
    await savepoint.insert(CardReplacement, {
      requestId,
      oldCardId: card.id,
      newCardId: newCard.id,
      at: now,
    });
    return newCard;
  });
}
