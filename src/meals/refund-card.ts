import type { EntityManager } from 'typeorm';
import type { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { refuse } from '../shared/refusal.js';
import { isUuid } from '../shared/uuid.js';
import { type CardRefusal, refuseCard } from './card-refusals.js';
import { lockCard } from './find-card.js';
import { lockBalance, payOut } from './pay-out.js';

export interface Refund {
  /** A UUID; sending it again with the same card and amount changes nothing. */
  requestId: string;
  cardUid: string;
  /** 1 to the balance. */
  fen: number;
  byId: number;
  now: Date;
  /** An unused id for the payout and its posting. */
  id: number;
}

/**
 * Pays a part of the elder's own money out at a counter, and answers with the card. The money is the elder's and
 * not the card's, so a lost card does as well as an active one, and a closed one for what comes back to a closed
 * account, such as the price of a meal that was voided; only where there is a newer card, it is asked for. After the
 * end of the file the money leaves by a closing of the account alone, which writes down whose it is then.
 */
export async function refundCard(
  manager: EntityManager,
  refund: Refund,
  scope: Scope,
): Promise<MealCard | CardRefusal> {
  const { id, fen, byId, now } = refund;
  const requestId = refund.requestId.toLowerCase();
  if (!isUuid(requestId)) return refuseCard('REQUEST_ID_MALFORMED', ['requestId']);
  const locked = await lockCard(manager, refund.cardUid, scope, dayOf(now));
  if (!locked) return refuseCard('CARD_UNKNOWN', ['cardUid']);
  const { card, elder } = locked;
  const earlier = await findRefund(manager, requestId);
  if (earlier) {
    const same = earlier.cardId === card.id && earlier.fen === fen;
    return same ? card : refuseCard('REQUEST_ID_REUSED', ['requestId']);
  }
  if (await hasNewerCard(manager, card)) return refuseCard('CARD_NOT_ACTIVE', ['cardUid']);
  if (elder.status !== 'ACTIVE') return refuseCard('ELDER_NOT_ACTIVE', ['cardUid']);
  if (fen <= 0) {
    return refuse('AMOUNT_OUT_OF_RANGE', { zh: '须大于零', en: 'must be above zero' }, ['fen']);
  }
  const account = await lockBalance(manager, elder.id);
  if (!account || account.balanceFen < fen) return refuseCard('BALANCE_TOO_LOW', ['fen']);
  const payout = {
    id,
    requestId,
    kind: 'REFUND',
    elderId: elder.id,
    cardId: card.id,
    fen,
    byId,
    now,
  } as const;
  await payOut(manager, payout, account.id);
  return card;
}

/** True of a replaced card, and of one that was lost or closed before the elder got another. */
async function hasNewerCard(manager: EntityManager, { id, elderId }: MealCard): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT id FROM meal_card WHERE elderId = ? AND id > ? LIMIT 1',
    [elderId, id],
  );
  return rows.length > 0;
}

async function findRefund(
  manager: EntityManager,
  requestId: string,
): Promise<{ cardId: number | null; fen: number } | undefined> {
  const rows: { cardId: number | null; fen: number | string }[] = await manager.query(
    'SELECT cardId, fen FROM balance_payout WHERE requestId = ?',
    [requestId],
  );
  return rows[0] && { cardId: rows[0].cardId, fen: Number(rows[0].fen) };
}
