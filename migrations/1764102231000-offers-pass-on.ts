import type { MigrationInterface, QueryRunner } from 'typeorm';

const due = 'ix_offer_pass_on';
const added: readonly [table: string, column: string, type: string][] = [
  ['waitlist_rule', 'passesOn', 'boolean NOT NULL DEFAULT 1'],
  ['waitlist_line', 'passesOn', 'boolean NULL'],
  ['bed_offer', 'passOnAt', 'bigint NULL'],
  ['bed_offer', 'passedOnAs', 'varchar(12) NULL'],
  ['bed_offer', 'nextOfferId', 'bigint NULL'],
];

/**
 * A bed that somebody did not take passes on by itself. Offers made before this wait for whoever offers the bed on, as
 * they did.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class OffersPassOn1764102231000 implements MigrationInterface {
  name = 'OffersPassOn1764102231000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column, type] of added) {
      if (await runner.hasColumn(table, column)) continue;
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    }
    const { indices } = (await runner.getTable('bed_offer')) ?? { indices: [] };
    if (!indices.some(({ name }) => name === due)) {
      await runner.query(`CREATE INDEX ${due} ON bed_offer (passOnAt)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('bed_offer', due);
    for (const [table, column] of [...added].reverse()) {
      await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  }
}
