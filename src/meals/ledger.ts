import type { EntityManager } from 'typeorm';
import type { LedgerAccountKind } from '../../entities/meals/ledger-account.entity.js';
import type { PostingKind } from '../../entities/meals/ledger-posting.entity.js';
import { dayOf } from '../shared/china-time.js';
import { affectedRows, insertRows, placeholders } from '../shared/database.js';

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
 * Appends postings with their entries: two statements, however many postings there are. Entries of zero are
 * left out. A posting that does not balance is a bug, and nothing of the batch is written.
 */
export async function post(manager: EntityManager, postings: readonly Posting[]): Promise<void> {
  for (const posting of postings) {
    const sum = posting.entries.reduce((total, { fen }) => total + fen, 0);
    if (sum !== 0)
      throw new Error(`posting ${posting.id} of ${posting.kind} sums to ${sum} fen, not to zero`);
  }
  await insertRows(
    manager,
    'ledger_posting',
    ['id', 'kind', 'sourceId', 'bookedOn', 'postedAt'],
    postings.map(({ id, kind, sourceId, at }) => [id, kind, sourceId, dayOf(at), at.getTime()]),
  );
  await insertRows(
    manager,
    'ledger_entry',
    ['postingId', 'line', 'accountId', 'fen'],
    postings.flatMap(({ id, entries }) =>
      entries
        .filter(({ fen }) => fen !== 0)
        .map(({ accountId, fen }, index) => [id, index + 1, accountId, fen]),
    ),
  );
}

/**
 * Adds to the kept balances of elders' accounts in one statement, on the condition that none falls below
 * zero. The caller has locked and checked them; the condition is what still holds should a lock not have
 * held, as on a cluster whose nodes lock each for itself.
 */
export async function addToBalances(
  manager: EntityManager,
  changes: ReadonlyMap<number, number>,
): Promise<void> {
  const changed = [...changes].filter(([, fen]) => fen !== 0);
  if (changed.length === 0) return;
  const delta = `CASE id ${changed.map(() => 'WHEN ? THEN ?').join(' ')} END`;
  const accountIds = changed.map(([accountId]) => accountId);
  const affected = await affectedRows(
    manager,
    `UPDATE ledger_account SET balanceFen = balanceFen + ${delta}
      WHERE id IN (${placeholders(accountIds)}) AND balanceFen + ${delta} >= 0`,
    [...changed.flat(), ...accountIds, ...changed.flat()],
  );
  if (affected !== changed.length) throw new Error('a balance moved while its account was locked');
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
