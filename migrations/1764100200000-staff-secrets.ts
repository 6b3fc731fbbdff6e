import type { MigrationInterface, QueryRunner } from 'typeorm';
import { confirmKeys, findCipher } from '../src/shared/database-cipher.js';
import type { FieldCipher } from '../src/shared/field-cipher.js';

/** How secrets were kept until now. */
const plain = 'plain:';

/** The name that is authenticated with a secret, as src/access has it. */
const nameOf = (accountId: number) => `staff_credential.totpSecret#${accountId}`;

interface Secret {
  accountId: number;
  totpSecret: string;
}

/** Encrypts the secrets of one-time codes, and makes room for one that is to follow another. */
export class StaffSecrets1764100200000 implements MigrationInterface {
  name = 'StaffSecrets1764100200000';
  /** Plain secrets, which SQLite would leave readable in pages that it has no use for. */
  readonly takesSecretsOut = true;

  async up(runner: QueryRunner): Promise<void> {
    // MySQL commits at every change of a table: a server that was killed after it goes on behind it.
    if (!(await runner.hasColumn('staff_credential', 'totpNext'))) {
      await runner.query('ALTER TABLE staff_credential ADD COLUMN totpNext varchar(255) NULL');
    }
    // A few hundred people at most have one, so one by one is soon enough.
    const secrets = await secretsLike(runner, `${plain}%`);
    if (secrets.length === 0) return;
    const cipher = cipherFor(runner);
    await confirmKeys(runner, cipher);
    for (const { accountId, totpSecret } of secrets) {
      const sealed = cipher.encrypt(nameOf(accountId), totpSecret.slice(plain.length));
      await replace(runner, accountId, sealed);
    }
  }

  /** The secrets stand in plain text again; a replacement that was not confirmed is lost. */
  async down(runner: QueryRunner): Promise<void> {
    for (const { accountId, totpSecret } of await secretsLike(runner, 'v1.%')) {
      await replace(runner, accountId, plain + cipherFor(runner).decrypt(nameOf(accountId), totpSecret));
    }
    await runner.query('ALTER TABLE staff_credential DROP COLUMN totpNext');
  }
}

function secretsLike(runner: QueryRunner, pattern: string): Promise<Secret[]> {
  return runner.query('SELECT accountId, totpSecret FROM staff_credential WHERE totpSecret LIKE ?', [
    pattern,
  ]);
}

function replace(runner: QueryRunner, accountId: number, totpSecret: string): Promise<unknown> {
  return runner.query('UPDATE staff_credential SET totpSecret = ? WHERE accountId = ?', [
    totpSecret,
    accountId,
  ]);
}

function cipherFor(runner: QueryRunner): FieldCipher {
  const cipher = findCipher(runner.dataSource);
  if (!cipher) throw new Error('the identity keys are needed for the secrets of one-time codes');
  return cipher;
}
