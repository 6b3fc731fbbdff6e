import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { confirmKeys, findCipher } from '../src/shared/database-cipher.js';
import type { FieldCipher } from '../src/shared/field-cipher.js';
import { column, createTable } from './columns.js';

const identityKey: TableOptions = {
  name: 'identity_key',
  columns: [column.key('keyId', 'varchar', 16), column.text('checkValue', 200)],
};

/** Declared in SQL, because TypeORM would copy the whole table for each on SQLite. */
const elderColumns: readonly [name: string, type: string][] = [
  ['idNumberSealed', 'varchar(100)'],
  ['idNumberHash', 'varchar(64)'],
  ['phoneSealed', 'varchar(120)'],
  ['addressSealed', 'varchar(1200)'],
  ['erasedAt', 'bigint'],
];

/** The name that is authenticated with an ID number, as src/elders has it. */
const field = 'elder.idNumber';
/** Written by one statement, whose branches the database tries one after the other for each row. */
const rowsPerStatement = 100;
const rowsPerBatch = 10 * rowsPerStatement;

/**
 * Encrypts the ID numbers that stood in plain text, and only when none is left takes their column away.
 *
 * SQLite does all of it in one transaction. MySQL commits at every change of a table, so each step asks
 * first whether it was done already: a server that was killed in the middle goes on where it stopped.
 */
export class ElderPrivacy1764000200000 implements MigrationInterface {
  name = 'ElderPrivacy1764000200000';
  /** Plain ID numbers, which SQLite would leave readable in pages that it has no use for. */
  readonly takesSecretsOut = true;

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable('identity_key'))) await createTable(runner, identityKey);
    await addColumn(runner, 'access_grant', 'showsIdentities', `${flagType(runner)} NOT NULL DEFAULT 0`);
    for (const [name, type] of elderColumns) await addColumn(runner, 'elder', name, `${type} NULL`);
    if (!(await hasIndex(runner, 'uq_elder_id_number_hash'))) {
      await runner.query('CREATE UNIQUE INDEX uq_elder_id_number_hash ON elder (idNumberHash)');
    }
    if (!(await runner.hasColumn('elder', 'idNumber'))) return;
    await encryptAll(runner);
    if (await hasIndex(runner, 'uq_elder_id_number')) await dropIndex(runner, 'uq_elder_id_number');
    await runner.query('ALTER TABLE elder DROP COLUMN idNumber');
  }

  /** The ID numbers stand in plain text again, and what the older version cannot hold is lost. */
  async down(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'elder', 'idNumber', "varchar(18) NOT NULL DEFAULT ''");
    await decryptAll(runner);
    await runner.query('CREATE UNIQUE INDEX uq_elder_id_number ON elder (idNumber)');
    await dropIndex(runner, 'uq_elder_id_number_hash');
    for (const [name] of elderColumns) await runner.query(`ALTER TABLE elder DROP COLUMN ${name}`);
    await runner.query('ALTER TABLE access_grant DROP COLUMN showsIdentities');
    await runner.dropTable('identity_key');
  }
}

async function encryptAll(runner: QueryRunner): Promise<void> {
  let cipher: FieldCipher | undefined;
  await eachBatch<string>(runner, 'idNumber', 'idNumberHash IS NULL', async (elders) => {
    cipher ??= await confirmedCipher(runner);
    const keys = cipher;
    await setTexts(runner, {
      idNumberSealed: elders.map(({ id, text }) => ({ id, text: keys.encrypt(field, text) })),
      idNumberHash: elders.map(({ id, text }) => ({ id, text: keys.lookup(field, text) })),
    });
  });
  const [{ plain }] = await runner.query('SELECT COUNT(*) AS plain FROM elder WHERE idNumberHash IS NULL');
  if (Number(plain) > 0) throw new Error(`${plain} ID numbers are not encrypted: their column stays`);
}

async function decryptAll(runner: QueryRunner): Promise<void> {
  const cipher = findCipher(runner.dataSource);
  const plainOf = ({ id, text }: ElderText<string | null>) => {
    if (text === null) return `ERASED-${id}`;
    if (cipher) return cipher.decrypt(field, text);
    throw new Error('the identity keys are needed to take this back');
  };
  await eachBatch<string | null>(runner, 'idNumberSealed', "idNumber = ''", (elders) =>
    setTexts(runner, { idNumber: elders.map((elder) => ({ id: elder.id, text: plainOf(elder) })) }),
  );
}

/** Whoever has something to encrypt proves first that the keys are those it began with. */
async function confirmedCipher(runner: QueryRunner): Promise<FieldCipher> {
  const cipher = findCipher(runner.dataSource);
  if (!cipher) throw new Error('the identity keys are needed to encrypt the ID numbers of this database');
  await confirmKeys(runner, cipher);
  return cipher;
}

interface ElderText<Text> {
  id: number;
  text: Text;
}

/** In the order of id, a hundred at a time; a thousand at most are in memory and, on MySQL, in a transaction. */
async function eachBatch<Text>(
  runner: QueryRunner,
  textColumn: string,
  condition: string,
  work: (elders: readonly ElderText<Text>[]) => Promise<unknown>,
): Promise<void> {
  for (let afterId = 0; ; ) {
    const rows: ElderText<Text>[] = await runner.query(
      `SELECT id, ${textColumn} AS text FROM elder WHERE id > ? AND ${condition}
        ORDER BY id LIMIT ${rowsPerBatch}`,
      [afterId],
    );
    // Without it MySQL would flush its log for every statement; SQLite is in a transaction already.
    if (isMysql(runner)) await runner.query('START TRANSACTION');
    for (let start = 0; start < rows.length; start += rowsPerStatement) {
      await work(rows.slice(start, start + rowsPerStatement));
    }
    if (isMysql(runner)) await runner.query('COMMIT');
    const last = rows.at(-1);
    if (!last) return;
    afterId = last.id;
  }
}

/** Sets columns of many elders, to each a text of its own, in one statement. */
async function setTexts(
  runner: QueryRunner,
  columns: Readonly<Record<string, readonly ElderText<string>[]>>,
): Promise<void> {
  const sets = Object.entries(columns).map(
    ([name, texts]) => `${name} = CASE id ${texts.map(() => 'WHEN ? THEN ?').join(' ')} END`,
  );
  const texts = Object.values(columns);
  const ids = texts[0]?.map(({ id }) => id) ?? [];
  await runner.query(`UPDATE elder SET ${sets.join(', ')} WHERE id IN (${ids.map(() => '?').join(', ')})`, [
    ...texts.flat().flatMap(({ id, text }) => [id, text]),
    ...ids,
  ]);
}

async function addColumn(runner: QueryRunner, table: string, name: string, type: string): Promise<void> {
  if (await runner.hasColumn(table, name)) return;
  await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
}

async function hasIndex(runner: QueryRunner, name: string): Promise<boolean> {
  const table = await runner.getTable('elder');
  return table?.indices.some((index) => index.name === name) ?? false;
}

async function dropIndex(runner: QueryRunner, name: string): Promise<void> {
  await runner.query(`DROP INDEX ${name}${isMysql(runner) ? ' ON elder' : ''}`);
}

function flagType(runner: QueryRunner): string {
  return isMysql(runner) ? 'tinyint' : 'boolean';
}

function isMysql(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'mysql';
}
