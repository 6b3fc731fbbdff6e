import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { openDatabase } from '../../ormconfig.js';
import { migrate } from '../../src/shared/migrate.js';
import { testKeys } from './test-keys.js';

const templateName = 'yinling_test_template';

/** Migrates the database of `url` once, as every test database would have to be. */
async function migrateTemplate(url: string): Promise<void> {
  const { database, writer } = await openDatabase(url, { statementsTogether: true, identityKeys: testKeys });
  await migrate(writer);
  await database.close();
}

/** A migrated SQLite file that test databases are copies of, and how to throw it away. */
export async function makeSqliteTemplate(): Promise<{ file: string; drop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-template-'));
  const file = join(folder, 'template.sqlite');
  await migrateTemplate(file);
  return { file, drop: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The statements that make an empty MySQL database what the migrations make of it, to be sent together. */
export async function readMysqlTemplate(serverUrl: string): Promise<string> {
  // Read as texts, so that no number and no instant changes on its way into the copies.
  const connection = await createConnection({ uri: serverUrl, bigNumberStrings: true, dateStrings: true });
  const dropTemplate = () => connection.query(`DROP DATABASE IF EXISTS ${templateName}`);
  try {
    await dropTemplate();
    await connection.query(`CREATE DATABASE ${templateName} CHARACTER SET utf8mb4`);
    await migrateTemplate(new URL(`/${templateName}`, serverUrl).toString());
    await connection.query(`USE ${templateName}`);
    return await statementsOf(connection);
  } finally {
    await dropTemplate();
    await connection.end();
  }
}

async function statementsOf(connection: Connection): Promise<string> {
  const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
  const creations: string[] = [];
  const insertions: string[] = [];
  for (const table of tables.map((row) => String(Object.values(row)[0]))) {
    const [[shown]] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE ${table}`);
    creations.push(String(shown?.['Create Table']));
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM ${table}`);
    for (const row of rows) insertions.push(connection.format(`INSERT INTO ${table} SET ?`, [row]));
  }
  // Listed by name, a table may come before the one that it refers to.
  return ['SET foreign_key_checks = 0', ...creations, ...insertions].join(';\n');
}
