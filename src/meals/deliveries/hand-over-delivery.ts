import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { dayOf } from '../../shared/china-time.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { isUuid } from '../../shared/uuid.js';
import { announceCanteenDay } from '../canteen-news.js';
import { readCanteenTerms } from '../canteen-terms.js';
import { type Recording, recordSwipes } from '../record-swipes.js';
import { noSequence } from '../swipe.rules.js';
import { swipeMessage } from '../swipe-messages.js';
import type { SwipeAnswer } from '../swipe-receipt.js';
import { earlierEnding } from './bring-back-delivery.js';
import {
  codeTriesMax,
  type GivenProof,
  photoKey,
  proofOf,
  stepFor,
  type WellFormedProof,
} from './delivery.rules.js';
import { isCode } from './delivery-code.js';
import { type DeliveryRefusal, refuseDelivery } from './delivery-refusals.js';
import { lockDeliveries } from './delivery-state.js';
import { type Delivery, type DeliveryReach, deliveriesById, sidesOf } from './read-deliveries.js';

export interface HandOver extends GivenProof {
  id: number;
  /** A UUID; sending it again with the same content changes nothing. */
  requestId: string;
  byId: number;
  /** From where it was sent, for the log. */
  address: string | null;
  /** What the meal is recorded with: an unused id among it. */
  recording: Omit<Recording, 'terms'>;
}

/**
 * Hands a meal over against proof, and charges it: the meal is recorded by the one function that records meals, in
 * the same transaction, and so under the same rules, caps and interlocks. What those refuse is not handed over; the refused swipe is kept,
 * as one at a reader is, and a wrong code is counted.
 *
 * A code proves that the elder's side told it. Who stands on that side, and so could read it, or ordered the meal and was
 * told it then, needs a photo: else one person could charge a meal that nobody brought.
 *
 * @param reach whose codes the caller is told, as the elder's side, besides where it brings meals
 */
export async function handOverDelivery(
  manager: EntityManager,
  given: HandOver,
  reach: DeliveryReach,
): Promise<Delivery | DeliveryRefusal> {
  const { id, byId, recording } = given;
  const requestId = given.requestId.toLowerCase();
  if (!isUuid(requestId)) return refuseDelivery('REQUEST_ID_MALFORMED', ['requestId']);
  const proof = proofOf(given);
  if (!proof) return refuseDelivery('PROOF_INVALID', [given.code === null ? 'photoReference' : 'code']);
  const [delivery] = await lockDeliveries(manager, [id]);
  const today = dayOf(recording.now);
  const sides = delivery ? await sidesOf(manager, delivery, reach, today) : [];
  if (!delivery || sides.length === 0) return refuseDelivery('DELIVERY_UNKNOWN', ['deliveryId']);
  const isSame = ({ proof: kind, photoReference }: Delivery) =>
    kind === proof.proof && (kind === 'CODE' || photoReference === proof.text);
  const earlier = await earlierEnding(manager, requestId, delivery, isSame);
  if (earlier) return earlier;
  const step = stepFor('HAND_OVER', delivery.state, sides);
  if (!step) return refuseDelivery('WRONG_STATE', ['deliveryId']);
  if (delivery.day !== today) return refuseDelivery('NOT_ITS_DAY', ['deliveryId']);
  const isKnown = sides.includes('ELDER') || delivery.orderedById === byId;
  if (proof.proof === 'CODE' && isKnown) return refuseDelivery('CODE_KNOWN', ['code']);
  const wrong = await wrongCode(manager, delivery, proof);
  if (wrong) return wrong;
  if (await isPhotoUsed(manager, proof)) return refuseDelivery('PHOTO_REUSED', ['photoReference']);
  const cardUid = await activeCard(manager, delivery.elderId);
  if (cardUid === undefined) return refuseDelivery('CARD_MISSING', ['deliveryId']);
  const answer = await recorded(manager, given, delivery, cardUid);
  if (answer.outcome !== 'ACCEPTED') return refusedMeal(answer);
  await manager.query(
    `UPDATE delivery_order
        SET state = ?, endedAt = ?, endedById = ?, endRequestId = ?, proof = ?, photoReference = ?, usedPhoto = ?,
            swipeRowId = ?
      WHERE id = ?`,
    [
      step.to,
      recording.now.getTime(),
      byId,
      requestId,
      proof.proof,
      proof.proof === 'PHOTO' ? proof.text : null,
      proof.proof === 'PHOTO' ? photoKey(proof) : null,
      recording.firstId,
      id,
    ],
  );
  announceCanteenDay(manager, delivery.canteenId);
  return (await deliveriesById(manager, [id]))[0] as Delivery;
}

/** Counts a wrong code; after too many no code is looked at any more. */
async function wrongCode(
  manager: EntityManager,
  { id, codeSeed, codeTries }: Delivery,
  { proof, text }: WellFormedProof,
): Promise<DeliveryRefusal | undefined> {
  if (proof !== 'CODE') return undefined;
  if (codeTries >= codeTriesMax) return refuseDelivery('CODE_LOCKED', ['code']);
  if (isCode(cipherOf(manager), codeSeed, text)) return undefined;
  await manager.query('UPDATE delivery_order SET codeTries = codeTries + 1 WHERE id = ?', [id]);
  return refuseDelivery('CODE_WRONG', ['code']);
}

/** A photo of one door proves nothing of another. Two at once that name the same meet at the unique key. */
async function isPhotoUsed(manager: EntityManager, proof: WellFormedProof): Promise<boolean> {
  if (proof.proof !== 'PHOTO') return false;
  const used: unknown[] = await manager.query('SELECT id FROM delivery_order WHERE usedPhoto = ?', [
    photoKey(proof),
  ]);
  return used.length > 0;
}

async function activeCard(manager: EntityManager, elderId: number): Promise<string | undefined> {
  const rows: { uid: string }[] = await manager.query('SELECT uid FROM meal_card WHERE activeElderId = ?', [
    elderId,
  ]);
  return rows[0]?.uid;
}

/** The one way on which a meal is charged. Who handed it over stands where otherwise the reader does. */
async function recorded(
  manager: EntityManager,
  { byId, address, recording }: HandOver,
  { canteenId, meal, grossFen }: Delivery,
  cardUid: string,
): Promise<SwipeAnswer> {
  const command = {
    // A new one for each try: after a top-up the same meal may be handed over.
    swipeId: randomUUID(),
    sequence: noSequence,
    cardUid,
    swipedAt: recording.now,
    grossFen,
    mode: 'DELIVERY',
    offline: false,
    ordered: meal,
  } as const;
  const request = { readerId: byId, canteenId, readerActive: true, address, command };
  const terms = await readCanteenTerms(manager, [{ canteenId, day: dayOf(recording.now) }]);
  const [answer] = await recordSwipes(manager, [request], { ...recording, terms, onRecord: true });
  return answer as SwipeAnswer;
}

/** In the words that a reader would show. */
function refusedMeal(answer: SwipeAnswer): DeliveryRefusal {
  const said = { ...answer, field: null };
  const text = { zh: swipeMessage(said, 'zh'), en: swipeMessage(said, 'en') };
  return refuseDelivery('MEAL_REFUSED', ['deliveryId'], text);
}
