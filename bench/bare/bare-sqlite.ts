import libsql from 'libsql';
import { dayOf } from '../../src/shared/china-time.js';
import { type LoadResult, Tally } from '../support/load.js';
import {
  type BareCard,
  type BareSwipe,
  type BareSwipes,
  bareEntryRows,
  barePostingRow,
  bareSwipeColumns,
  bareSwipeRow,
  entryColumns,
  mustPay,
  postingColumns,
  selfPaidFen,
} from './bare-rows.js';

/** Libsql by hand, without a server, as durable as the platform's own connection. */
export class BareSqlite {
  private readonly connection: libsql.Database;
  private readonly statements;

  constructor(
    path: string,
    private readonly swipes: BareSwipes,
  ) {
    this.connection = new libsql(path, { timeout: 5000 });
    for (const setting of [
      'journal_mode = WAL',
      'synchronous = FULL',
      'cache_size = -65536',
      'wal_autocheckpoint = 16384',
    ])
      this.connection.pragma(setting);
    const insert = (table: string, columns: readonly string[]) =>
      this.connection.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
    this.statements = {
      begin: this.connection.prepare('BEGIN IMMEDIATE'),
      commit: this.connection.prepare('COMMIT'),
      card: this.connection.prepare(
        `SELECT c.uid, c.status, c.elderId, a.id AS accountId, a.balanceFen
           FROM meal_card c CROSS JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId WHERE c.uid = ?`,
      ),
      taken: this.connection.prepare(
        `SELECT elderId FROM swipe WHERE elderId = ? AND mealDate = ? AND claimedMeal = 'LUNCH'`,
      ),
      swipe: insert('swipe', bareSwipeColumns),
      posting: insert('ledger_posting', postingColumns),
      entry: insert('ledger_entry', entryColumns),
      pay: this.connection.prepare('UPDATE ledger_account SET balanceFen = balanceFen - ? WHERE id = ?'),
    };
  }

  /** One loop, for SQLite has one writer, with so many swipes in a transaction. */
  async run(seconds: number, size: number): Promise<LoadResult> {
    const tally = new Tally();
    const endsMs = performance.now() + seconds * 1000;
    while (performance.now() < endsMs) {
      const swipes = this.swipes.take(size);
      if (swipes.length === 0) throw new Error('the lunches that were made for this loop are used up');
      const sentMs = performance.now();
      this.statements.begin.run();
      for (const swipe of swipes) this.record(swipe);
      this.statements.commit.run();
      tally.addDone(swipes.length, swipes.length, sentMs);
    }
    return tally.result();
  }

  close(): void {
    this.connection.close();
  }

  private record(swipe: BareSwipe): void {
    const { statements } = this;
    const { city } = this.swipes;
    const found = statements.card.get([swipe.cardUid]) as BareCard | undefined;
    const taken = statements.taken.get([found?.elderId ?? 0, dayOf(new Date(swipe.swipedAt))]);
    const card = mustPay(swipe, found, taken !== undefined);
    statements.swipe.run(bareSwipeRow(swipe, card, city));
    statements.posting.run(barePostingRow(swipe));
    for (const row of bareEntryRows(swipe, card, city)) statements.entry.run(row);
    statements.pay.run([selfPaidFen, card.accountId]);
  }
}
