import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { assignedId, int, big, text, day, flag, key } = column;

const decision = [
  nullable(text('requestId', 36)),
  nullable(text('bornBy', 8)),
  nullable(int('funderId')),
  nullable(text('note', 200)),
  nullable(big('decidedAt')),
  nullable(int('decidedById')),
];
const indices = [
  unique('uq_review_request', 'requestId'),
  index('ix_review_open', 'openCanteenId', 'mealDate', 'id'),
];
const foreignKeys = [
  reference('fk_review_canteen', 'canteenId', 'facility'),
  reference('fk_review_funder', 'funderId', 'funder'),
  reference('fk_review_decided_by', 'decidedById', 'account'),
];
const checks = [
  check('ck_review_decided', '(bornBy IS NULL) = (decidedAt IS NULL)'),
  check('ck_review_funder', "(COALESCE(bornBy, '') = 'FUNDER') = (funderId IS NOT NULL)"),
  check('ck_review_open', 'openCanteenId IS NULL OR decidedAt IS NULL'),
];

/** One review of a swipe, by the swipe's id. */
const before: TableOptions = {
  name: 'swipe_review',
  columns: [
    ...[assignedId(), int('canteenId'), nullable(int('openCanteenId')), day('mealDate'), text('reason', 24)],
    ...[...decision, nullable(big('doubtedFen'))],
  ],
  indices,
  foreignKeys: [reference('fk_review_swipe', 'id', 'swipe'), ...foreignKeys],
  checks,
};

/** One after the other. */
const now: TableOptions = {
  name: 'swipe_review',
  columns: [
    ...[assignedId(), big('swipeRowId'), int('number'), int('canteenId'), nullable(int('openCanteenId'))],
    ...[day('mealDate'), text('reason', 24), nullable(big('doubtedFen')), flag('withdrawn'), ...decision],
  ],
  indices: [unique('uq_review_number', 'swipeRowId', 'number'), ...indices],
  foreignKeys: [reference('fk_review_swipe', 'swipeRowId', 'swipe'), ...foreignKeys],
  checks: [
    ...checks,
    check('ck_review_withdrawn', 'withdrawn = 0 OR (openCanteenId IS NULL AND decidedAt IS NULL)'),
  ],
};

const shares: TableOptions = {
  name: 'swipe_review_share',
  columns: [assignedId('reviewId'), key('accountId', 'integer'), big('fen')],
  foreignKeys: [
    reference('fk_review_share_review', 'reviewId', 'swipe_review'),
    reference('fk_review_share_account', 'accountId', 'ledger_account'),
  ],
  checks: [check('ck_review_share_fen', 'fen > 0')],
};

/**
 * A decision by which funders bear a meal can be looked at anew, and a doubt says what of each funder it is about.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class ReviewsAnew1764102400000 implements MigrationInterface {
  name = 'ReviewsAnew1764102400000';

  async up(runner: QueryRunner): Promise<void> {
    const isDone = await runner.hasColumn('swipe_review', 'number');
    await rebuild(runner, now, isDone, { swipeRowId: 'id', number: '1', withdrawn: '0' });
    await openAfterEnd(runner);
    if (!(await runner.hasTable(shares.name))) await createTable(runner, shares);
    // The second review of a swipe is about what the first one left with funders.
    await runner.query(
      `INSERT INTO swipe_review_share (reviewId, accountId, fen)
       SELECT r.id, n.accountId, SUM(-n.fen)
         FROM swipe_review r
         JOIN ledger_posting p
           ON p.sourceId = r.swipeRowId AND (p.kind = 'SWIPE' OR (p.kind = 'REVIEW' AND r.number = 2))
         JOIN ledger_entry n ON n.postingId = p.id
         JOIN ledger_account a ON a.id = n.accountId AND a.kind = 'FUNDER'
        WHERE r.doubtedFen IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM swipe_review_share given WHERE given.reviewId = r.id)
        GROUP BY r.id, n.accountId
       HAVING SUM(-n.fen) > 0`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(shares.name);
    // The version before knows one review of a swipe; what was decided on later ones stands in the books.
    await runner.query('DELETE FROM swipe_review WHERE number > 1');
    await rebuild(runner, before, false, {});
  }
}

/** Decisions by which funders bear meals of days on which the file had ended, as became known after them. */
async function openAfterEnd(runner: QueryRunner): Promise<void> {
  await runner.query(
    `INSERT INTO swipe_review
            (id, swipeRowId, number, canteenId, openCanteenId, mealDate, reason, doubtedFen, withdrawn)
     SELECT p.id, s.id, 2, s.canteenId, s.canteenId, s.mealDate, 'END_ENTERED_LATE',
            COALESCE(r.doubtedFen, s.grossFen), 0
       FROM elder e
       JOIN swipe s ON s.elderId = e.id AND s.mealDate >= e.endedOn AND s.voidedAt IS NULL
       JOIN swipe_review r ON r.id = s.id AND r.bornBy IN ('FUNDER', 'AS_PAID') AND r.reason <> 'END_ENTERED_LATE'
       JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
      WHERE e.endedOn IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM swipe_review later WHERE later.id = p.id)
        AND NOT EXISTS (SELECT 1 FROM statement_dispute d WHERE d.sourceId = s.id AND d.decision = 'UPHELD')`,
  );
}

/**
 * Makes the table anew, by way of a copy without keys: neither engine lets a key be moved from one column to another
 * in place. A run that was interrupted goes on where it was.
 *
 * @param added what stands in columns that the rows do not have yet
 */
async function rebuild(
  runner: QueryRunner,
  table: TableOptions,
  isDone: boolean,
  added: Readonly<Record<string, string>>,
): Promise<void> {
  const kept = `${table.name}_kept`;
  const names = (table.columns ?? []).map(({ name }) => name);
  if (!isDone && (await runner.hasTable(table.name))) {
    if (await runner.hasTable(kept)) await runner.dropTable(kept);
    await createTable(runner, { name: kept, columns: table.columns ?? [] });
    const values = names.map((name) => added[name] ?? name);
    await runner.query(
      `INSERT INTO ${kept} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${table.name}`,
    );
    await runner.dropTable(table.name);
  }
  if (!(await runner.hasTable(table.name))) await createTable(runner, table);
  if (!(await runner.hasTable(kept))) return;
  await runner.query(
    `INSERT INTO ${table.name} (${names.join(', ')}) SELECT ${names.join(', ')} FROM ${kept}
      WHERE id NOT IN (SELECT id FROM ${table.name})`,
  );
  await runner.dropTable(kept);
}
