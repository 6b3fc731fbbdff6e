import { type EntityManager, QueryFailedError } from 'typeorm';
import { engineOf } from './database.js';

/** A statement and the values of its question marks. */
export interface Statement {
  sql: string;
  parameters: readonly unknown[];
}

/** Rows for one table; each holds the values in the order of `columns`. */
export interface Insert {
  table: string;
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

/** An UPDATE or DELETE that is a bug, or a lost lock, when it changes another number of rows. */
export interface Change extends Statement {
  affects: number;
}

/** `?, ?, ?` for an IN list. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/**
 * On SQLite, the values with the last one repeated up to the next of few lengths. An IN list of these means
 * the same, and its text is one of a few dozen instead of one of five hundred, so that it is found prepared.
 */
export function padded<Value>(manager: EntityManager, values: readonly Value[]): readonly Value[] {
  if (engineOf(manager) === 'mysql') return values;
  const step = values.length > 16 ? 16 : 4;
  const length = values.length < 3 ? values.length : Math.ceil(values.length / step) * step;
  return Array.from({ length }, (_, index) => values[Math.min(index, values.length - 1)] as Value);
}

/** Rows changed by an UPDATE or DELETE, the same way on both engines. */
export async function affectedRows(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<number> {
  const runner = manager.queryRunner;
  if (!runner) throw new Error('a conditional update belongs into a transaction');
  const result = await runner.query(sql, parameters, true);
  return result.affected ?? 0;
}

/** One INSERT of many rows; `rows` hold the values in the order of `columns`. */
export function insertRows(
  manager: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  return writeTogether(manager, [{ table, columns, rows }]);
}

/** Several SELECTs in order, the rows of each; where the connection allows it, in one round trip. */
export async function readTogether(
  manager: EntityManager,
  statements: readonly Statement[],
): Promise<unknown[][]> {
  return (await runAll(manager, statements)) as unknown[][];
}

/** Questions to the database, and what their rows come to. */
export interface Reading<Result> {
  statements: readonly Statement[];
  /** Given the rows of each statement, in order. */
  of(rows: readonly unknown[][]): Result;
}

/** Several readings in order, whoever made each; where the connection allows it, in one round trip. */
export async function readAtOnce<Results extends readonly unknown[]>(
  manager: EntityManager,
  ...readings: { [Index in keyof Results]: Reading<Results[Index]> }
): Promise<Results> {
  const all = readings as readonly Reading<unknown>[];
  const rows = await readTogether(
    manager,
    all.flatMap(({ statements }) => statements),
  );
  let start = 0;
  return all.map(({ statements, of }) => {
    start += statements.length;
    return of(rows.slice(start - statements.length, start));
  }) as unknown as Results;
}

/** Several writes in order; where the connection allows it, in one round trip. */
export async function writeTogether(
  manager: EntityManager,
  writes: readonly (Insert | Change)[],
): Promise<void> {
  if (engineOf(manager) === 'sqlite') return writeInProcess(manager, writes);
  const statements = writes.flatMap((write) => ('table' in write ? insertStatements(write) : [write]));
  const results = await runAll(manager, statements);
  statements.forEach((statement, index) => {
    if ('affects' in statement)
      mustAffect(statement, (results[index] as { affectedRows: number }).affectedRows);
  });
}

/** Inserts and asks what the rows came to be, such as their ids; where the connection allows it, in one round trip. */
export async function insertAndRead<Row>(
  manager: EntityManager,
  insert: Insert,
  question: Statement,
): Promise<Row[]> {
  if (engineOf(manager) === 'sqlite') {
    insertPrepared(manager, insert);
    return manager.query(question.sql, [...question.parameters]);
  }
  const statements = insertStatements(insert);
  const results = await runAll(manager, [...statements, question]);
  statements.forEach((statement, index) => {
    mustAffect(statement, (results[index] as { affectedRows: number }).affectedRows);
  });
  return results.at(-1) as Row[];
}

function mustAffect({ sql, affects }: Change, affected: number): void {
  if (affected !== affects) throw new Error(`${affected} instead of ${affects} rows were changed by: ${sql}`);
}

/** What a client may send in a statement is bounded, and so is what an operator can read in a log. */
const valuesMax = 30_000;

function insertStatements({ table, columns, rows }: Insert): (Statement & { affects: number })[] {
  const rowsMax = Math.floor(valuesMax / columns.length);
  const statements: Change[] = [];
  for (let start = 0; start < rows.length; start += rowsMax) {
    const part = rows.slice(start, start + rowsMax);
    statements.push({
      // The driver writes a list of rows as rows: faster than a text with a thousand question marks to look for.
      sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`,
      parameters: [part],
      affects: part.length,
    });
  }
  return statements;
}

/** One result a statement: rows of a SELECT, the driver's header of a write. */
async function runAll(manager: EntityManager, statements: readonly Statement[]): Promise<unknown[]> {
  if (statements.length === 0) return [];
  const options = manager.dataSource.options as { multipleStatements?: boolean };
  if (!options.multipleStatements || statements.length === 1) {
    const results: unknown[] = [];
    for (const { sql, parameters } of statements) results.push(await manager.query(sql, [...parameters]));
    return results;
  }
  const text = statements.map(({ sql }) => sql).join(';\n');
  return manager.query(
    text,
    statements.flatMap(({ parameters }) => parameters),
  );
}

/**
 * SQLite works within this process, so a statement for each row costs no round trip, and one that stays
 * prepared is cheaper than the text of a hundred rows that is parsed anew.
 */
async function writeInProcess(manager: EntityManager, writes: readonly (Insert | Change)[]): Promise<void> {
  for (const write of writes) {
    if ('table' in write) insertPrepared(manager, write);
    else mustAffect(write, await affectedRows(manager, write.sql, [...write.parameters]));
  }
}

function insertPrepared(manager: EntityManager, { table, columns, rows }: Insert): void {
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${placeholders(columns)})`;
  const { databaseConnection } = manager.dataSource.driver as unknown as SqliteDriver;
  const statement = preparedOn(databaseConnection, sql);
  for (const row of rows) {
    // What the driver takes for a boolean is a number.
    const values = row.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    try {
      statement.run(values);
    } catch (error) {
      throw new QueryFailedError(sql, values, error as Error);
    }
  }
}

const prepared = new WeakMap<SqliteConnection, Map<string, PreparedStatement>>();

function preparedOn(connection: SqliteConnection, sql: string): PreparedStatement {
  const statements = prepared.get(connection) ?? new Map<string, PreparedStatement>();
  prepared.set(connection, statements);
  const statement = statements.get(sql) ?? connection.prepare(sql);
  statements.set(sql, statement);
  return statement;
}

interface SqliteDriver {
  databaseConnection: SqliteConnection;
}
interface SqliteConnection {
  prepare(sql: string): PreparedStatement;
}
interface PreparedStatement {
  run(values: unknown[]): unknown;
}
