import type { EntityManager } from 'typeorm';
import type { DisputedLine, SettlementKind, SignedStatement } from '../settlement/settlement-kind.js';
import { forUpdate } from '../shared/database.js';
import { canteenDocument } from './canteen-document.js';
import { draftShares, draftSums, lineShares } from './canteen-drafts.js';
import { findLines } from './find-statement-lines.js';
import { type Entry, ledgerAccountId, openLedgerAccounts, post } from './ledger.js';
import { operatorShares } from './operator-subsidies.js';
import { earlierOpenMonth, unsettledLines } from './statement-lines.js';

/** What canteens bring to the statements of a month. */
export const canteenSettlement: SettlementKind = {
  name: 'CANTEEN',
  lines: { name: 'statement_line', columns: ['sourceId'], source: 'line.sourceId' },
  facilitiesSql: 'SELECT facilityId FROM canteen',
  lock: lockCanteen,
  earlierOpenMonth,
  unsettledLines,
  lineShares,
  draftSums,
  draftShares,
  ownCounts: async () => new Map(),
  findLines,
  document: canteenDocument,
  operatorShares,
  owe,
  bornByFunders,
  canUphold,
  uphold,
};

async function lockCanteen(manager: EntityManager, facilityId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT facilityId FROM canteen WHERE facilityId = ?${forUpdate(manager)}`,
    [facilityId],
  );
  return rows.length > 0;
}

/** A canteen gets the account with its first such posting: most cities grant operators nothing. */
async function owe(
  manager: EntityManager,
  { statementId, facilityId, shares }: SignedStatement,
  { postingId, now }: { postingId: number; now: Date },
): Promise<void> {
  await openLedgerAccounts(manager, [{ kind: 'CANTEEN_OPERATOR', ownerId: facilityId }]);
  const accountId = await ledgerAccountId(manager, 'CANTEEN_OPERATOR', facilityId);
  const entries: Entry[] = [];
  for (const { funderId, fen } of shares) {
    // One of its own for each funder: a correction from one to another cancels out, and is the canteen's all the same.
    entries.push(
      { accountId: await ledgerAccountId(manager, 'FUNDER', funderId), fen: -fen },
      { accountId, fen },
    );
  }
  await post(
    manager,
    { id: postingId, kind: 'OPERATOR', sourceId: statementId, at: now, entries },
    new Map<number, number>(),
  );
}

async function bornByFunders(manager: EntityManager, postingId: number): Promise<number> {
  const rows: { fen: number | string | null }[] = await manager.query(
    `SELECT SUM(-entry.fen) AS fen
       FROM ledger_entry entry
       JOIN ledger_account account ON account.id = entry.accountId
      WHERE entry.postingId = ? AND account.kind = 'FUNDER'`,
    [postingId],
  );
  return Number(rows[0]?.fen ?? 0);
}

/**
 * Not when the meal was voided, or when a review gave the funders back what they were charged: either has taken the
 * subsidy back already. The swipe stays locked.
 */
async function canUphold(manager: EntityManager, { sourceId }: DisputedLine): Promise<boolean> {
  if (sourceId === null) return true;
  const rows: { voidedAt: number | string | null }[] = await manager.query(
    `SELECT voidedAt FROM swipe WHERE id = ?${forUpdate(manager)}`,
    [sourceId],
  );
  if (rows[0]?.voidedAt !== null) return false;
  const reviews: unknown[] = await manager.query(
    "SELECT id FROM swipe_review WHERE swipeRowId = ? AND doubtedFen IS NOT NULL AND bornBy IN ('CANTEEN', 'ELDER')",
    [sourceId],
  );
  return reviews.length === 0;
}

async function uphold(
  manager: EntityManager,
  { disputeId, postingId: doubtedId, sourceId, facilityId }: DisputedLine,
  { postingId, now }: { postingId: number; now: Date },
): Promise<void> {
  const rows: { accountId: number; fen: number | string }[] = await manager.query(
    `SELECT entry.accountId, entry.fen
       FROM ledger_entry entry
       JOIN ledger_account account ON account.id = entry.accountId
      WHERE entry.postingId = ? AND account.kind = 'FUNDER'
      ORDER BY entry.line`,
    [doubtedId],
  );
  const givenBack: Entry[] = rows.map(({ accountId, fen }) => ({ accountId, fen: -Number(fen) }));
  const sum = givenBack.reduce((total, { fen }) => total + fen, 0);
  const accountId = await ledgerAccountId(manager, 'CANTEEN_DISCOUNT', facilityId);
  const entries = [...givenBack, { accountId, fen: -sum }];
  await post(
    manager,
    { id: postingId, kind: 'DISPUTE', sourceId: disputeId, at: now, entries },
    new Map<number, number>(),
  );
  // A review of the subsidy that was open has nothing left to decide.
  await manager.query('UPDATE swipe_review SET openCanteenId = NULL WHERE swipeRowId = ?', [sourceId]);
}

/**
 * True when a dispute about the meal was upheld: the canteen bears its subsidy, and to void it would give the
 * funders the same money once more. The caller has locked the swipe.
 */
export async function isDisputeUpheld(manager: EntityManager, swipeRowId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT id FROM statement_dispute WHERE sourceId = ? AND decision = 'UPHELD' LIMIT 1`,
    [swipeRowId],
  );
  return rows.length > 0;
}
