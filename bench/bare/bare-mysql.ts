import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
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

const into = (table: string, columns: readonly string[]) =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES`;
const one = (columns: readonly string[]) => `(${columns.map(() => '?').join(', ')})`;

const cards = `SELECT c.uid, c.status, c.elderId, a.id AS accountId, a.balanceFen
    FROM meal_card c JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId WHERE c.uid`;
const meals = `SELECT elderId, mealDate FROM swipe WHERE claimedMeal = 'LUNCH' AND mealDate`;
const mealOf = (elderId: number, day: string) => `${elderId} ${day}`;
const pay = 'UPDATE ledger_account SET balanceFen = balanceFen - ? WHERE id';
const entriesOfOne = Array.from({ length: 3 }, () => one(entryColumns)).join(', ');

/** Mysql2 by hand, without a server: what a program that does nothing else gets out of the database. */
export class BareMysql {
  private readonly pool: Pool;

  constructor(
    url: string,
    private readonly swipes: BareSwipes,
    readonly connectionsMax = 64,
  ) {
    this.pool = createPool({ uri: url, connectionLimit: connectionsMax });
    this.pool.pool.on('connection', (connection) => {
      connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    });
  }

  /** So many loops at once, each with a connection that it keeps and so many swipes in a transaction. */
  async run(seconds: number, loops: number, size: number): Promise<LoadResult> {
    const connections = await Promise.all(Array.from({ length: loops }, () => this.pool.getConnection()));
    const tally = new Tally();
    const endsMs = performance.now() + seconds * 1000;
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() < endsMs) {
          const swipes = this.swipes.take(size);
          if (swipes.length === 0) throw new Error('the lunches that were made for this loop are used up');
          const sentMs = performance.now();
          await inTransaction(connection, () =>
            size === 1 ? this.single(connection, swipes[0] as BareSwipe) : this.many(connection, swipes),
          );
          tally.addDone(swipes.length, swipes.length, sentMs);
        }
      }),
    );
    for (const connection of connections) connection.release();
    return tally.result();
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Statements that the database keeps prepared. */
  private async single(connection: PoolConnection, swipe: BareSwipe): Promise<void> {
    const { city } = this.swipes;
    const [[row]] = await connection.execute<CardRow[]>(`${cards} = ? FOR UPDATE`, [swipe.cardUid]);
    const day = dayOf(new Date(swipe.swipedAt));
    const [taken] = await connection.execute<RowDataPacket[]>(`${meals} = ? AND elderId = ?`, [
      day,
      row?.elderId ?? 0,
    ]);
    const card = mustPay(swipe, row, taken.length > 0);
    await connection.execute(
      `${into('swipe', bareSwipeColumns)} ${one(bareSwipeColumns)}`,
      bareSwipeRow(swipe, card, city) as string[],
    );
    await connection.execute(
      `${into('ledger_posting', postingColumns)} ${one(postingColumns)}`,
      barePostingRow(swipe) as string[],
    );
    await connection.execute(
      `${into('ledger_entry', entryColumns)} ${entriesOfOne}`,
      bareEntryRows(swipe, card, city).flat() as string[],
    );
    await connection.execute(`${pay} = ? AND balanceFen >= ?`, [selfPaidFen, card.accountId, selfPaidFen]);
  }

  /** One statement for the rows of all; the lunches of a transaction are of different elders. */
  private async many(connection: PoolConnection, swipes: readonly BareSwipe[]): Promise<void> {
    const { city } = this.swipes;
    const uids = swipes.map(({ cardUid }) => cardUid);
    const [rows] = await connection.query<CardRow[]>(`${cards} IN (?) ORDER BY c.uid FOR UPDATE`, [uids]);
    const byUid = new Map(rows.map((row) => [row.uid, row]));
    const days = [...new Set(swipes.map(({ swipedAt }) => dayOf(new Date(swipedAt))))];
    const elderIds = rows.map(({ elderId }) => elderId);
    const [eaten] = await connection.query<RowDataPacket[]>(`${meals} IN (?) AND elderId IN (?)`, [
      days,
      elderIds,
    ]);
    // By elder and day: where one day's lunches end and the next day's begin, a transaction has both.
    const taken = new Set(eaten.map(({ elderId, mealDate }) => mealOf(elderId, mealDate)));
    const paid = swipes.map((swipe) => {
      const row = byUid.get(swipe.cardUid);
      const day = dayOf(new Date(swipe.swipedAt));
      return { swipe, card: mustPay(swipe, row, taken.has(mealOf(row?.elderId ?? 0, day))) };
    });
    await connection.query(`${into('swipe', bareSwipeColumns)} ?`, [
      paid.map(({ swipe, card }) => bareSwipeRow(swipe, card, city)),
    ]);
    await connection.query(`${into('ledger_posting', postingColumns)} ?`, [swipes.map(barePostingRow)]);
    await connection.query(`${into('ledger_entry', entryColumns)} ?`, [
      paid.flatMap(({ swipe, card }) => bareEntryRows(swipe, card, city)),
    ]);
    const accountIds = paid.map(({ card }) => card.accountId);
    await connection.query(`${pay} IN (?) AND balanceFen >= ?`, [selfPaidFen, accountIds, selfPaidFen]);
  }
}

type CardRow = BareCard & RowDataPacket;

async function inTransaction(connection: PoolConnection, work: () => Promise<void>): Promise<void> {
  await connection.query('START TRANSACTION');
  try {
    await work();
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}
