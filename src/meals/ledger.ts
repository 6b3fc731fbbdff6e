import type { EntityManager } from 'typeorm';
import type { LedgerAccountKind } from '../../entities/meals/ledger-account.entity.js';
import type { PostingKind } from '../../entities/meals/ledger-posting.entity.js';
import { dayOf } from '../shared/china-time.js';
import { type Change, type Insert, insertRows, placeholders, writeTogether } from '../shared/statements.js';

/**
 * The kind of account that an entry `n` touches, in SQL, asked for entry by entry. Joined and limited to funders, MariaDB
 * would begin with the funders' accounts and read all that they ever bore.
 */
export const kindOfEntry = '(SELECT a.kind FROM ledger_account a WHERE a.id = n.accountId)';

/** One business fact, to be written as a posting whose entries sum to zero. */
export interface Posting {
  id: number;
  kind: PostingKind;
  sourceId: number;
  at: Date;
  entries: readonly Entry[];
}

export interface Entry {
  accountId: number;
  fen: number;
}

/**
 * The rows of postings with their entries: two inserts, however many postings there are. Entries of zero are
 * left out. A posting that does not balance is a bug, and nothing of the batch is written.
 */
export function postingInserts(postings: readonly Posting[]): Insert[] {
  for (const posting of postings) {
    const sum = posting.entries.reduce((total, { fen }) => total + fen, 0);
    if (sum !== 0)
      throw new Error(`posting ${posting.id} of ${posting.kind} sums to ${sum} fen, not to zero`);
  }
  return [
    {
      table: 'ledger_posting',
      columns: ['id', 'kind', 'sourceId', 'bookedOn', 'postedAt'],
      rows: postings.map(({ id, kind, sourceId, at }) => [id, kind, sourceId, dayOf(at), at.getTime()]),
    },
    {
      table: 'ledger_entry',
      columns: ['postingId', 'line', 'accountId', 'fen'],
      rows: postings.flatMap(({ id, entries }) =>
        entries
          .filter(({ fen }) => fen !== 0)
          .map(({ accountId, fen }, index) => [id, index + 1, accountId, fen]),
      ),
    },
  ];
}

/**
 * Adds to the kept balances of elders' accounts, those with the same amount in one statement, on the condition
 * that none falls below zero. The caller has locked and checked them; the condition is what still holds should
 * a lock not have held, as on a cluster whose nodes lock each for itself.
 */
export function balanceChanges(changes: ReadonlyMap<number, number>): Change[] {
  const byAmount = new Map<number, number[]>();
  for (const [accountId, fen] of changes) {
    if (fen === 0) continue;
    const accountIds = byAmount.get(fen);
    if (accountIds) accountIds.push(accountId);
    else byAmount.set(fen, [accountId]);
  }
  return [...byAmount].map(([fen, accountIds]) => ({
    sql: `UPDATE ledger_account SET balanceFen = balanceFen + ?
      WHERE id IN (${placeholders(accountIds)}) AND balanceFen + ? >= 0`,
    parameters: [fen, ...accountIds, fen],
    affects: accountIds.length,
  }));
}

/** Appends one posting and moves the kept balances that it touches. */
export async function post(
  manager: EntityManager,
  posting: Posting,
  balances: ReadonlyMap<number, number>,
): Promise<void> {
  await writeTogether(manager, [...postingInserts([posting]), ...balanceChanges(balances)]);
}

/** Opens the accounts that are not there yet; elders' begin at zero. */
export async function openLedgerAccounts(
  manager: EntityManager,
  owners: readonly { kind: LedgerAccountKind; ownerId: number }[],
): Promise<void> {
  for (const kind of new Set(owners.map((owner) => owner.kind))) {
    const ownerIds = owners.filter((owner) => owner.kind === kind).map(({ ownerId }) => ownerId);
    const rows: { ownerId: number }[] = await manager.query(
      `SELECT ownerId FROM ledger_account WHERE kind = ? AND ownerId IN (${placeholders(ownerIds)})`,
      [kind, ...ownerIds],
    );
    const open = new Set(rows.map(({ ownerId }) => ownerId));
    const missing = [...new Set(ownerIds)].filter((ownerId) => !open.has(ownerId));
    const balanceFen = kind === 'ELDER' ? 0 : null;
    await insertRows(
      manager,
      'ledger_account',
      ['kind', 'ownerId', 'balanceFen'],
      missing.map((ownerId) => [kind, ownerId, balanceFen]),
    );
  }
}

/** Where money from outside the ledger comes from; there is one such account. */
export const cashOwnerId = 0;

/** The id of an account that must be there. */
export async function ledgerAccountId(
  manager: EntityManager,
  kind: LedgerAccountKind,
  ownerId: number,
): Promise<number> {
  const rows: { id: number }[] = await manager.query(
    'SELECT id FROM ledger_account WHERE kind = ? AND ownerId = ?',
    [kind, ownerId],
  );
  const [row] = rows;
  if (!row) throw new Error(`there is no ${kind} account of ${ownerId} in the ledger`);
  return row.id;
}
