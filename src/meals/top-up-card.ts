import type { EntityManager } from 'typeorm';
import type { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { type CardRefusal, refuseCard } from './card-refusals.js';
import { lockCard } from './find-card.js';
import { cashOwnerId, ledgerAccountId, post } from './ledger.js';

export interface TopUpRequest {
  /** A UUID; sending it again with the same card and amount changes nothing. */
  requestId: string;
  cardUid: string;
  /** 1 to `fenMax`. */
  fen: number;
  fenMax: number;
  byId: number;
  now: Date;
  /** An unused id for the top-up and its posting. */
  id: number;
}

/** Adds money that was paid in at a counter to the elder's account, and answers with the card. */
export async function topUpCard(
  manager: EntityManager,
  request: TopUpRequest,
  scope: Scope,
): Promise<MealCard | CardRefusal> {
  const { id, fen, fenMax, byId, now } = request;
  const requestId = request.requestId.toLowerCase();
  if (!isUuid(requestId)) return refuseCard('REQUEST_ID_MALFORMED', ['requestId']);
  // The card is locked before its earlier top-ups are read, so that a retry that overtakes finds them.
  const locked = await lockCard(manager, request.cardUid, scope, dayOf(now));
  if (!locked) return refuseCard('CARD_UNKNOWN', ['cardUid']);
  const { card, elder } = locked;
  const earlier = await findTopUp(manager, requestId);
  if (earlier) {
    const same = earlier.cardId === card.id && earlier.fen === fen;
    return same ? card : refuseCard('REQUEST_ID_REUSED', ['requestId']);
  }
  if (card.status !== 'ACTIVE') return refuseCard('CARD_NOT_ACTIVE', ['cardUid']);
  if (elder.status !== 'ACTIVE') return refuseCard('ELDER_NOT_ACTIVE', ['cardUid']);
  if (fen <= 0 || fen > fenMax) {
    const text = { zh: `须在 1 至 ${fenMax} 分之间`, en: `must be 1 to ${fenMax} fen` };
    return refuse('AMOUNT_OUT_OF_RANGE', text, ['fen']);
  }
  await insertRows(
    manager,
    'top_up',
    ['id', 'requestId', 'cardId', 'fen', 'at', 'byId'],
    [[id, requestId, card.id, fen, now.getTime(), byId]],
  );
  const accountId = await ledgerAccountId(manager, 'ELDER', card.elderId);
  const cashId = await ledgerAccountId(manager, 'CASH', cashOwnerId);
  const entries = [
    { accountId, fen },
    { accountId: cashId, fen: -fen },
  ];
  await post(manager, { id, kind: 'TOP_UP', sourceId: id, at: now, entries }, new Map([[accountId, fen]]));
  return card;
}

async function findTopUp(
  manager: EntityManager,
  requestId: string,
): Promise<{ cardId: number; fen: number } | undefined> {
  const rows: { cardId: number; fen: number | string }[] = await manager.query(
    'SELECT cardId, fen FROM top_up WHERE requestId = ?',
    [requestId],
  );
  return rows[0] && { cardId: rows[0].cardId, fen: Number(rows[0].fen) };
}
