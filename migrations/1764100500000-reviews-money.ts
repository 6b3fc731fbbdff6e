import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, assignedId, int, big, text, day } = column;

const tables: TableOptions[] = [
  {
    name: 'swipe_review',
    columns: [
      assignedId(),
      int('canteenId'),
      nullable(int('openCanteenId')),
      day('mealDate'),
      text('reason', 24),
      nullable(text('requestId', 36)),
      nullable(text('bornBy', 8)),
      nullable(int('funderId')),
      nullable(text('note', 200)),
      nullable(big('decidedAt')),
      nullable(int('decidedById')),
    ],
    indices: [
      unique('uq_review_request', 'requestId'),
      index('ix_review_open', 'openCanteenId', 'mealDate', 'id'),
    ],
    foreignKeys: [
      reference('fk_review_swipe', 'id', 'swipe'),
      reference('fk_review_canteen', 'canteenId', 'facility'),
      reference('fk_review_funder', 'funderId', 'funder'),
      reference('fk_review_decided_by', 'decidedById', 'account'),
    ],
    checks: [
      check('ck_review_decided', '(bornBy IS NULL) = (decidedAt IS NULL)'),
      check('ck_review_funder', "(COALESCE(bornBy, '') = 'FUNDER') = (funderId IS NOT NULL)"),
      check('ck_review_open', 'openCanteenId IS NULL OR decidedAt IS NULL'),
    ],
  },
  {
    name: 'sequence_explanation',
    columns: [
      id(),
      int('readerId'),
      int('fromSequence'),
      int('toSequence'),
      text('reason', 200),
      big('at'),
      int('byId'),
    ],
    indices: [unique('uq_explanation_range', 'readerId', 'fromSequence')],
    foreignKeys: [
      reference('fk_explanation_reader', 'readerId', 'account'),
      reference('fk_explanation_by', 'byId', 'account'),
    ],
    checks: [check('ck_explanation_range', 'toSequence >= fromSequence')],
  },
  {
    name: 'balance_payout',
    columns: [
      assignedId(),
      text('requestId', 36),
      text('kind', 8),
      int('elderId'),
      nullable(int('cardId')),
      nullable(int('closedElderId')),
      big('fen'),
      nullable(text('heirNameSealed', 400)),
      nullable(text('heirRelation', 20)),
      nullable(text('heirDocumentSealed', 400)),
      big('at'),
      int('byId'),
    ],
    indices: [
      unique('uq_payout_request', 'requestId'),
      unique('uq_payout_closed', 'closedElderId'),
      index('ix_payout_elder', 'elderId'),
    ],
    foreignKeys: [
      reference('fk_payout_elder', 'elderId', 'elder'),
      reference('fk_payout_card', 'cardId', 'meal_card'),
      reference('fk_payout_by', 'byId', 'account'),
    ],
    checks: [
      check('ck_payout_fen', "fen > 0 OR (fen = 0 AND kind = 'CLOSING')"),
      check('ck_payout_card', "(kind = 'REFUND') = (cardId IS NOT NULL)"),
      check('ck_payout_closed', "closedElderId IS NULL OR kind = 'CLOSING'"),
    ],
  },
];

const claim = 'ck_swipe_claim';
const claimBefore = "(outcome = 'ACCEPTED' AND voidedAt IS NULL) = (claimedMeal IS NOT NULL)";
const claimNow =
  "voidedAt IS NULL AND (claimedMeal IS NOT NULL OR outcome <> 'ACCEPTED') OR claimedMeal IS NULL AND voidedAt IS NOT NULL";

/**
 * Reviews that are decided, gaps that are explained, money that is paid out, and books that are asked by day.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class ReviewsMoney1764100500000 implements MigrationInterface {
  name = 'ReviewsMoney1764100500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    if (!(await runner.hasColumn('meal_card', 'expiresOn'))) {
      await runner.query('ALTER TABLE meal_card ADD COLUMN expiresOn date NULL');
    }
    if (!(await hasPostingIndex(runner))) {
      await runner.query('CREATE INDEX ix_posting_booked ON ledger_posting (bookedOn)');
    }
    await changeClaim(runner, claimBefore, claimNow);
    // What waited for a decision that nobody could make yet.
    await runner.query(
      `INSERT INTO swipe_review (id, canteenId, openCanteenId, mealDate, reason)
       SELECT s.id, s.canteenId, CASE WHEN s.voidedAt IS NULL THEN s.canteenId END, s.mealDate, s.reviewReason
         FROM swipe s
        WHERE s.outcome = 'RECORDED_FOR_REVIEW'
          AND NOT EXISTS (SELECT 1 FROM swipe_review r WHERE r.id = s.id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // The version before knows no claim but that of an accepted swipe.
    await runner.query("UPDATE swipe SET claimedMeal = NULL WHERE outcome = 'RECORDED_FOR_REVIEW'");
    await changeClaim(runner, claimNow, claimBefore);
    const on = isMysql(runner) ? ' ON ledger_posting' : '';
    await runner.query(`DROP INDEX ix_posting_booked${on}`);
    await runner.query('ALTER TABLE meal_card DROP COLUMN expiresOn');
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}

/**
 * A review that a funder bears holds its meal too. SQLite cannot change a check; its documentation says how to
 * change the text of one in place, which is right here because no row that was allowed is forbidden by it.
 */
async function changeClaim(runner: QueryRunner, before: string, after: string): Promise<void> {
  if (isMysql(runner)) {
    await runner.query(
      `ALTER TABLE swipe DROP CONSTRAINT ${claim}, ADD CONSTRAINT ${claim} CHECK (${after})`,
    );
    return;
  }
  const [{ schema_version: version }] = await runner.query('PRAGMA schema_version');
  await runner.query('PRAGMA writable_schema = ON');
  await runner.query(
    "UPDATE sqlite_master SET sql = REPLACE(sql, ?, ?) WHERE type = 'table' AND name = 'swipe'",
    [`(${before})`, `(${after})`],
  );
  await runner.query(`PRAGMA schema_version = ${version + 1}`);
  await runner.query('PRAGMA writable_schema = OFF');
}

async function hasPostingIndex(runner: QueryRunner): Promise<boolean> {
  const table = await runner.getTable('ledger_posting');
  return table?.indices.some(({ name }) => name === 'ix_posting_booked') ?? false;
}

function isMysql(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'mysql';
}
