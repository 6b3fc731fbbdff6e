import type { EntityManager } from 'typeorm';
import type { PayoutKind } from '../../entities/meals/balance-payout.entity.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { cashOwnerId, ledgerAccountId, post } from './ledger.js';

/** Money that leaves an elder's account in cash; nothing of it is checked here. */
export interface Payout {
  id: number;
  /** In lower case. */
  requestId: string;
  kind: PayoutKind;
  elderId: number;
  /** The card by which a refund was asked for. */
  cardId: number | null;
  fen: number;
  byId: number;
  now: Date;
  heir?: SealedHeir;
}

/** Who gets the money in place of the elder, as it is stored. */
export interface SealedHeir {
  heirNameSealed: string;
  heirRelation: string;
  heirDocumentSealed: string;
}

/** An elder's account with its balance, which stays as it is until the transaction ends. */
export async function lockBalance(
  manager: EntityManager,
  elderId: number,
): Promise<{ id: number; balanceFen: number } | undefined> {
  const rows: { id: number; balanceFen: number | string }[] = await manager.query(
    `SELECT id, balanceFen FROM ledger_account WHERE kind = 'ELDER' AND ownerId = ?${forUpdate(manager)}`,
    [elderId],
  );
  return rows[0] && { id: rows[0].id, balanceFen: Number(rows[0].balanceFen) };
}

/** Writes a payout and its posting; nothing is posted for the closing of an empty account. */
export async function payOut(manager: EntityManager, payout: Payout, accountId: number): Promise<void> {
  const { id, requestId, kind, elderId, cardId, fen, byId, now, heir } = payout;
  const closedElderId = kind === 'CLOSING' ? elderId : null;
  const { heirNameSealed = null, heirRelation = null, heirDocumentSealed = null } = heir ?? {};
  const row = {
    id,
    requestId,
    kind,
    elderId,
    cardId,
    closedElderId,
    fen,
    heirNameSealed,
    heirRelation,
    heirDocumentSealed,
    at: now.getTime(),
    byId,
  };
  await insertRows(manager, 'balance_payout', Object.keys(row), [Object.values(row)]);
  if (fen === 0) return;
  const cashId = await ledgerAccountId(manager, 'CASH', cashOwnerId);
  const entries = [
    { accountId, fen: -fen },
    { accountId: cashId, fen },
  ];
  await post(manager, { id, kind, sourceId: id, at: now, entries }, new Map([[accountId, -fen]]));
}
