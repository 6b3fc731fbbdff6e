import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, day } = column;

/** A part of a primary key of several columns. */
const partOfKey = <Options extends object>(options: Options) => ({ ...options, isPrimary: true });

const tables: TableOptions[] = [
  {
    name: 'flag_threshold',
    columns: [
      key('name', 'varchar', 24),
      partOfKey(day('fromDay')),
      int('value'),
      nullable(int('setById')),
      big('setAt'),
    ],
    foreignKeys: [reference('fk_threshold_set_by', 'setById', 'account')],
  },
  {
    name: 'flag_scan',
    columns: [
      key('canteenId', 'integer'),
      partOfKey(day('day')),
      int('swipes'),
      int('marks'),
      nullable(int('dueMark')),
      big('scannedAt'),
    ],
    indices: [index('ix_scan_due', 'dueMark')],
    foreignKeys: [reference('fk_scan_canteen', 'canteenId', 'facility')],
  },
  {
    name: 'fraud_flag',
    columns: [
      id(),
      text('rule', 24),
      day('day'),
      text('subject', 64),
      int('canteenId'),
      nullable(int('elderId')),
      nullable(int('readerId')),
      big('measured'),
      big('threshold'),
      int('swipes'),
      text('state', 12),
      nullable(int('assigneeId')),
      big('foundAt'),
    ],
    indices: [
      unique('uq_flag_subject', 'rule', 'day', 'subject'),
      index('ix_flag_canteen', 'canteenId', 'state', 'day', 'id'),
      index('ix_flag_state', 'state', 'day', 'id'),
      index('ix_flag_elder', 'elderId'),
    ],
    foreignKeys: [
      reference('fk_flag_canteen', 'canteenId', 'facility'),
      reference('fk_flag_elder', 'elderId', 'elder'),
      reference('fk_flag_reader', 'readerId', 'account'),
      reference('fk_flag_assignee', 'assigneeId', 'account'),
    ],
    checks: [check('ck_flag_assignee', "(state = 'IN_WORK') = (assigneeId IS NOT NULL)")],
  },
  {
    name: 'fraud_flag_swipe',
    columns: [key('flagId', 'integer'), partOfKey(big('swipeId'))],
    foreignKeys: [
      reference('fk_flag_swipe_flag', 'flagId', 'fraud_flag'),
      reference('fk_flag_swipe_swipe', 'swipeId', 'swipe'),
    ],
  },
  {
    name: 'fraud_flag_event',
    columns: [
      key('flagId', 'integer'),
      key('number', 'integer'),
      text('step', 12),
      text('toState', 12),
      nullable(int('byId')),
      big('at'),
      nullable(text('note', 200)),
    ],
    foreignKeys: [
      reference('fk_flag_event_flag', 'flagId', 'fraud_flag'),
      reference('fk_flag_event_by', 'byId', 'account'),
    ],
  },
];

/** What counts until an administrator says otherwise; what each means stands in src/meals/flags/flag-thresholds.rules.ts. */
const defaults: readonly [name: string, value: number][] = [
  ['MANY_CARDS_COUNT', 6],
  ['MANY_CARDS_SECONDS', 10],
  ['TRAVEL_KMH', 60],
  ['TRAVEL_METERS_MIN', 1000],
  ['TRAVEL_COUNTY_MINUTES', 30],
  ['STAY_SWIPES', 1],
  ['ENDED_SWIPES', 1],
  ['OUTSIDE_COUNT', 3],
  ['BACKFILL_HOURS', 24],
  ['BACKFILL_COUNT', 10],
  ['SEATS_PERCENT', 100],
  ['ORDER_CARDS', 20],
  ['ORDER_PERCENT', 80],
  ['ORDER_DAYS', 3],
];

const canteenColumns = ['seats', 'seatings', 'latitudeMicrodegrees', 'longitudeMicrodegrees'] as const;

/**
 * Reviews of subsidies that are doubted after the meal, and signs of fraud.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class LateEntriesAndFlags1764100900000 implements MigrationInterface {
  name = 'LateEntriesAndFlags1764100900000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('swipe_review', 'doubtedFen'))) {
      await runner.query('ALTER TABLE swipe_review ADD COLUMN doubtedFen bigint NULL');
    }
    for (const name of canteenColumns) {
      if (await runner.hasColumn('canteen', name)) continue;
      await runner.query(`ALTER TABLE canteen ADD COLUMN ${name} ${integerOf(runner)} NULL`);
    }
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    await addDefaults(runner);
    // Meals that were subsidised before it was entered that the file had ended by their day.
    await runner.query(
      `INSERT INTO swipe_review (id, canteenId, openCanteenId, mealDate, reason, doubtedFen)
       SELECT s.id, s.canteenId, s.canteenId, s.mealDate, 'END_ENTERED_LATE', SUM(-n.fen)
         FROM elder e
         JOIN swipe s ON s.elderId = e.id AND s.mealDate >= e.endedOn AND s.claimedMeal IS NOT NULL
         JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
         JOIN ledger_entry n ON n.postingId = p.id
         JOIN ledger_account a ON a.id = n.accountId AND a.kind = 'FUNDER'
        WHERE e.endedOn IS NOT NULL AND s.outcome = 'ACCEPTED'
          AND NOT EXISTS (SELECT 1 FROM swipe_review r WHERE r.id = s.id)
          AND NOT EXISTS (SELECT 1 FROM statement_dispute d WHERE d.sourceId = s.id AND d.decision = 'UPHELD')
        GROUP BY s.id, s.canteenId, s.mealDate`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
    for (const name of canteenColumns) await runner.query(`ALTER TABLE canteen DROP COLUMN ${name}`);
    // The version before knows no doubted subsidies; what was decided on them stands in the books.
    await runner.query('DELETE FROM swipe_review WHERE doubtedFen IS NOT NULL');
    await runner.query('ALTER TABLE swipe_review DROP COLUMN doubtedFen');
  }
}

async function addDefaults(runner: QueryRunner): Promise<void> {
  const rows: unknown[] = await runner.query('SELECT name FROM flag_threshold LIMIT 1');
  if (rows.length > 0) return;
  await runner.query(
    `INSERT INTO flag_threshold (name, fromDay, value, setAt)
     VALUES ${defaults.map(() => "(?, '2000-01-01', ?, 0)").join(', ')}`,
    defaults.flat(),
  );
}

/** The word by which each engine keeps a whole number in an added column. */
function integerOf(runner: QueryRunner): string {
  return runner.dataSource.options.type === 'mysql' ? 'int' : 'integer';
}
