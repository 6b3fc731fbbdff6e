import { invariants } from '../../src/audit/invariants.js';
import { runChecks } from '../../src/shared/audit-check.js';
import type { Database } from '../../src/shared/database.js';

/** Number, outcome and whether it was offline, of every recorded swipe of a card, by their numbers. */
export async function swipesOf(database: Database, cardUid: string): Promise<[number, string, boolean][]> {
  const rows: { sequence: number; outcome: string; offline: number }[] = await database.read((manager) =>
    manager.query('SELECT sequence, outcome, offline FROM swipe WHERE cardUid = ? ORDER BY sequence', [
      cardUid,
    ]),
  );
  return rows.map(({ sequence, outcome, offline }) => [Number(sequence), outcome, Number(offline) === 1]);
}

/** What a swipe left on the accounts, line by line. */
export async function entriesOf(database: Database, swipeId: string) {
  const rows: { kind: string; ownerId: number; fen: string | number }[] = await database.read((manager) =>
    manager.query(
      `SELECT a.kind, a.ownerId, n.fen FROM swipe s
         JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
         JOIN ledger_entry n ON n.postingId = p.id
         JOIN ledger_account a ON a.id = n.accountId
        WHERE s.swipeId = ? ORDER BY n.line`,
      [swipeId],
    ),
  );
  return rows.map((row) => ({ ...row, fen: Number(row.fen) }));
}

/** A line for each check of the audit that does not hold. */
export async function brokenInvariants(database: Database): Promise<string[]> {
  const lines: string[] = [];
  await database.read((manager) => runChecks(manager, invariants, (line) => lines.push(line)));
  return lines.filter((line) => !line.startsWith('holds'));
}
