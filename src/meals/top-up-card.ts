import type { EntityManager } from 'typeorm';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate, insertRows } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { isUuid } from '../shared/uuid.js';
import { normalizedCardUid } from './card.rules.js';
import { addToBalances, cashOwnerId, ledgerAccountId, post } from './ledger.js';

export type TopUpRefusalCode =
  | 'REQUEST_ID_MALFORMED'
  | 'REQUEST_ID_REUSED'
  | 'CARD_UNKNOWN'
  | 'CARD_NOT_ACTIVE'
  | 'AMOUNT_OUT_OF_RANGE';

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

interface LockedCard {
  cardId: number;
  status: string;
  elderId: number;
  homeStationId: number | null;
  accountId: number;
}

/** Adds money that was paid in at a counter to the elder's account. Answers with the id of the card. */
export async function topUpCard(
  manager: EntityManager,
  request: TopUpRequest,
  scope: Scope,
): Promise<{ cardId: number } | Refusal<TopUpRefusalCode>> {
  const { id, fen, fenMax, byId, now } = request;
  const requestId = request.requestId.toLowerCase();
  if (!isUuid(requestId)) {
    return refuse('REQUEST_ID_MALFORMED', { zh: '须为 UUID', en: 'must be a UUID' }, ['requestId']);
  }
  // The card is locked before its earlier top-ups are read, so that a retry that overtakes finds them.
  const card = await lockCard(manager, normalizedCardUid(request.cardUid));
  const earlier = await findTopUp(manager, requestId);
  if (earlier) {
    if (earlier.cardId === card?.cardId && earlier.fen === fen) return { cardId: earlier.cardId };
    const text = { zh: '该请求编号已用于另一笔充值', en: 'was used for another top-up' };
    return refuse('REQUEST_ID_REUSED', text, ['requestId']);
  }
  if (!card || !(await mayTopUp(manager, card, scope, now))) {
    return refuse('CARD_UNKNOWN', { zh: '无此卡', en: 'Unknown card' }, ['cardUid']);
  }
  if (card.status !== 'ACTIVE') {
    return refuse('CARD_NOT_ACTIVE', { zh: '此卡未启用', en: 'The card is not active' }, ['cardUid']);
  }
  if (fen <= 0 || fen > fenMax) {
    const text = { zh: `须在 1 至 ${fenMax} 分之间`, en: `must be 1 to ${fenMax} fen` };
    return refuse('AMOUNT_OUT_OF_RANGE', text, ['fen']);
  }
  await insertRows(
    manager,
    'top_up',
    ['id', 'requestId', 'cardId', 'fen', 'at', 'byId'],
    [[id, requestId, card.cardId, fen, now.getTime(), byId]],
  );
  const cashId = await ledgerAccountId(manager, 'CASH', cashOwnerId);
  const entries = [
    { accountId: card.accountId, fen },
    { accountId: cashId, fen: -fen },
  ];
  await post(manager, [{ id, kind: 'TOP_UP', sourceId: id, at: now, entries }]);
  await addToBalances(manager, new Map([[card.accountId, fen]]));
  return { cardId: card.cardId };
}

async function lockCard(manager: EntityManager, uid: string): Promise<LockedCard | undefined> {
  const rows: LockedCard[] = await manager.query(
    `SELECT c.id AS cardId, c.status, e.id AS elderId, e.homeStationId, a.id AS accountId
       FROM meal_card c
       JOIN elder e ON e.id = c.elderId
       JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = e.id
      WHERE c.uid = ?${forUpdate(manager)}`,
    [uid],
  );
  return rows[0];
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

/** A card belongs where its elder lives; one without a home station is the whole network's. */
async function mayTopUp(
  manager: EntityManager,
  { homeStationId }: LockedCard,
  scope: Scope,
  now: Date,
): Promise<boolean> {
  if (homeStationId === null) return scope === 'everywhere';
  return covers(manager, scope, homeStationId, dayOf(now));
}
