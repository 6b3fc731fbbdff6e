import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, int, big, text } = column;

const tables: TableOptions[] = [
  {
    name: 'elder_notice',
    columns: [
      id(),
      text('kind', 16),
      int('elderId'),
      nullable(big('happensAt')),
      nullable(big('insteadOf')),
      int('times'),
      big('queuedAt'),
      big('staleAt'),
      nullable(big('spreadAt')),
    ],
    indices: [
      index('ix_elder_notice_waiting', 'spreadAt', 'id'),
      index('ix_elder_notice_elder', 'elderId'),
      index('ix_elder_notice_queued', 'queuedAt'),
    ],
    foreignKeys: [reference('fk_elder_notice_elder', 'elderId', 'elder')],
    checks: [
      check(
        'ck_elder_notice_kind',
        "kind IN ('BED_OFFERED', 'VISIT_MOVED', 'VISIT_CANCELLED', 'VISIT_MISSED')",
      ),
      check('ck_elder_notice_times', 'times >= 1'),
    ],
  },
  {
    name: 'notice_delivery',
    columns: [
      id(),
      int('noticeId'),
      nullable(int('accountId')),
      int('attempts'),
      nullable(big('dueAt')),
      nullable(big('endedAt')),
      nullable(text('outcome', 8)),
    ],
    indices: [
      unique('uq_notice_delivery', 'noticeId', 'accountId'),
      index('ix_notice_delivery_due', 'dueAt', 'id'),
    ],
    foreignKeys: [
      reference('fk_notice_delivery_notice', 'noticeId', 'elder_notice'),
      reference('fk_notice_delivery_account', 'accountId', 'account'),
    ],
    checks: [
      check('ck_notice_delivery_ended', '(dueAt IS NULL) = (outcome IS NOT NULL)'),
      check('ck_notice_delivery_end', '(endedAt IS NULL) = (outcome IS NULL)'),
      check(
        'ck_notice_delivery_outcome',
        "outcome IS NULL OR outcome IN ('SENT', 'GIVEN_UP', 'STALE', 'NO_PHONE')",
      ),
    ],
  },
];

/** What families are to be told by message, and to whom each was sent. */
export class ElderNotices1764102230000 implements MigrationInterface {
  name = 'ElderNotices1764102230000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
