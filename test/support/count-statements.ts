import type { DataSource, Logger } from 'typeorm';
import type { Database } from '../../src/shared/database.js';

/** A statement with what stands in the place of its question marks. */
export interface Asked {
  sql: string;
  parameters: unknown[];
}

/**
 * Runs `work` and tells which SQL statements the database got meanwhile, from readers and writers alike; a
 * transaction's BEGIN and COMMIT count too. One measurement at a time on a database.
 */
export async function statementsOf<T>(
  database: Database,
  work: () => Promise<T>,
): Promise<{ result: T; statements: string[] }> {
  const { result, asked } = await askedBy(database, work);
  return { result, statements: asked.map(({ sql }) => sql) };
}

/** The same with the parameters of each statement. */
export async function askedBy<T>(
  database: Database,
  work: () => Promise<T>,
): Promise<{ result: T; asked: Asked[] }> {
  const asked: Asked[] = [];
  const sources = await sourcesOf(database);
  const loggers = sources.map(({ logger }) => logger);
  for (const source of sources) source.logger = new StatementList(asked);
  try {
    return { result: await work(), asked };
  } finally {
    sources.forEach((source, index) => {
      source.logger = loggers[index] as Logger;
    });
  }
}

/** The connections behind the door: one on MySQL, a reader and a writer on SQLite. */
async function sourcesOf(database: Database): Promise<DataSource[]> {
  const reader = await database.read(async ({ dataSource }) => dataSource);
  const writer = await database.write(async ({ dataSource }) => dataSource);
  return [...new Set([reader, writer])];
}

class StatementList implements Logger {
  constructor(private readonly asked: Asked[]) {}

  logQuery(sql: string, parameters: unknown[] = []): void {
    this.asked.push({ sql, parameters });
  }

  logQueryError(): void {
    // The statement is in the list already; its error reaches the caller.
  }

  logQuerySlow(): void {
    // In the list already.
  }

  logSchemaBuild(): void {
    // No test measures the making of tables.
  }

  logMigration(): void {
    // No test measures migrations.
  }

  log(): void {
    // Remarks are no statements.
  }
}
