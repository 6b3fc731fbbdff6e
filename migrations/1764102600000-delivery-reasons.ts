import type { MigrationInterface, QueryRunner } from 'typeorm';
import { confirmKeys, findCipher } from '../src/shared/database-cipher.js';
import type { FieldCipher } from '../src/shared/field-cipher.js';

const orders = 'delivery_order';

/** The name that is authenticated with a text, as src/meals has it. */
const nameOf = (id: number | string) => `delivery_order.reason#${id}`;

const rowsPerBatch = 1000;

/**
 * Encrypts what couriers wrote beside the reason for which a meal came back, and only when none stands in plain text any
 * more takes the column away.
 *
 * SQLite does all of it in one transaction. MySQL commits at every change of a table, so each step asks first whether it
 * was done already: a server that was killed in the middle goes on where it stopped.
 */
export class DeliveryReasons1764102600000 implements MigrationInterface {
  name = 'DeliveryReasons1764102600000';
  /** Plain texts about elders, which SQLite would leave readable in pages that it has no use for. */
  readonly takesSecretsOut = true;

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(orders, 'reasonSealed'))) {
      await runner.query(`ALTER TABLE ${orders} ADD COLUMN reasonSealed varchar(1200) NULL`);
    }
    if (!(await runner.hasColumn(orders, 'reasonText'))) return;
    const cipher = await cipherFor(runner, 'reasonText');
    await moved(runner, ['reasonText', 'reasonSealed'], (id, text) => cipher().encrypt(nameOf(id), text));
    await runner.query(`ALTER TABLE ${orders} DROP COLUMN reasonText`);
  }

  /** The texts stand in plain text again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${orders} ADD COLUMN reasonText varchar(200) NULL`);
    const cipher = await cipherFor(runner, 'reasonSealed');
    await moved(runner, ['reasonSealed', 'reasonText'], (id, text) => cipher().decrypt(nameOf(id), text));
    await runner.query(`ALTER TABLE ${orders} DROP COLUMN reasonSealed`);
  }
}

type Column = 'reasonText' | 'reasonSealed';

/** Moves every text from one column to the other, and leaves nothing where it stood. */
async function moved(
  runner: QueryRunner,
  [from, to]: readonly [Column, Column],
  rewritten: (id: number | string, text: string) => string,
): Promise<void> {
  // Without it MySQL would flush its log for every row; SQLite is in a transaction already.
  const isMysql = runner.dataSource.options.type === 'mysql';
  for (;;) {
    const rows: { id: number | string; text: string }[] = await runner.query(
      `SELECT id, ${from} AS text FROM ${orders} WHERE ${from} IS NOT NULL ORDER BY id LIMIT ${rowsPerBatch}`,
    );
    if (rows.length === 0) return;
    if (isMysql) await runner.query('START TRANSACTION');
    for (const { id, text } of rows) {
      await runner.query(`UPDATE ${orders} SET ${to} = ?, ${from} = NULL WHERE id = ?`, [
        rewritten(id, text),
        id,
      ]);
    }
    if (isMysql) await runner.query('COMMIT');
  }
}

/** A database in which nothing was written yet may be migrated without keys; whoever has some proves them first. */
async function cipherFor(runner: QueryRunner, column: Column): Promise<() => FieldCipher> {
  const cipher = findCipher(runner.dataSource);
  const rows: unknown[] = await runner.query(`SELECT id FROM ${orders} WHERE ${column} IS NOT NULL LIMIT 1`);
  if (cipher && rows.length > 0) await confirmKeys(runner, cipher);
  return () => {
    if (cipher) return cipher;
    throw new Error('the identity keys are needed for what was written about deliveries');
  };
}
