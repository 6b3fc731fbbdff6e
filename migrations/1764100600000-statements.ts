import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, assignedId, key, int, big, text, day } = column;

/** What is borne by somebody is all that the meals cost. */
const sumsHold = 'subsidyFen + discountFen + selfPaidFen = grossFen';
const amounts = () => [big('grossFen'), big('subsidyFen'), big('discountFen'), big('selfPaidFen')];

const tables: TableOptions[] = [
  {
    name: 'month_statement',
    columns: [
      id(),
      text('kind', 12),
      int('facilityId'),
      text('month', 7),
      text('state', 12),
      int('version'),
      int('lineCount'),
      int('unitCount'),
      int('elderCount'),
      ...amounts(),
      big('operatorFen'),
    ],
    indices: [
      unique('uq_statement_month', 'kind', 'facilityId', 'month'),
      index('ix_statement_facility', 'facilityId'),
    ],
    foreignKeys: [reference('fk_statement_facility', 'facilityId', 'facility')],
    checks: [
      check('ck_statement_state', "state IN ('DRAFT', 'SUBMITTED', 'REVIEWED', 'SIGNED', 'PAID', 'FROZEN')"),
      check('ck_statement_sums', sumsHold),
    ],
  },
  {
    name: 'statement_line',
    withoutRowid: true,
    columns: [
      key('statementId', 'integer'),
      assignedId('postingId'),
      text('kind', 12),
      nullable(big('sourceId')),
      day('day'),
      nullable(text('correctsMonth', 7)),
      nullable(int('elderId')),
      int('units'),
      ...amounts(),
    ],
    indices: [unique('uq_line_posting', 'postingId'), index('ix_line_elder', 'elderId')],
    foreignKeys: [
      reference('fk_line_statement', 'statementId', 'month_statement'),
      reference('fk_line_posting', 'postingId', 'ledger_posting'),
      reference('fk_line_elder', 'elderId', 'elder'),
    ],
    checks: [check('ck_line_sums', sumsHold)],
  },
  {
    name: 'statement_event',
    columns: [
      key('statementId', 'integer'),
      key('version', 'integer'),
      text('event', 16),
      text('toState', 12),
      nullable(int('byId')),
      big('at'),
      nullable(text('note', 200)),
    ],
    foreignKeys: [
      reference('fk_event_statement', 'statementId', 'month_statement'),
      reference('fk_event_by', 'byId', 'account'),
    ],
  },
  {
    name: 'statement_share',
    columns: [
      key('statementId', 'integer'),
      key('part', 'varchar', 16),
      key('funderId', 'integer'),
      int('units'),
      big('fen'),
    ],
    foreignKeys: [
      reference('fk_share_statement', 'statementId', 'month_statement'),
      reference('fk_share_funder', 'funderId', 'funder'),
    ],
  },
  {
    name: 'statement_dispute',
    columns: [
      assignedId(),
      int('statementId'),
      big('postingId'),
      nullable(big('sourceId')),
      text('reason', 200),
      int('raisedById'),
      big('raisedAt'),
      nullable(text('answer', 200)),
      nullable(int('answeredById')),
      nullable(text('decision', 8)),
      nullable(text('decisionReason', 200)),
      nullable(int('decidedById')),
      nullable(big('decidedAt')),
    ],
    indices: [
      unique('uq_dispute_posting', 'postingId'),
      index('ix_dispute_statement', 'statementId'),
      index('ix_dispute_source', 'sourceId'),
    ],
    foreignKeys: [
      reference('fk_dispute_statement', 'statementId', 'month_statement'),
      reference('fk_dispute_raised_by', 'raisedById', 'account'),
      reference('fk_dispute_answered_by', 'answeredById', 'account'),
      reference('fk_dispute_decided_by', 'decidedById', 'account'),
    ],
    checks: [check('ck_dispute_decided', 'decision IS NULL OR answer IS NOT NULL')],
  },
];

export class Statements1764100600000 implements MigrationInterface {
  name = 'Statements1764100600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.dropTable(table.name);
  }
}
