import type { TestProject } from 'vitest/node';
import { makeSqliteTemplate, readMysqlTemplate } from './database-template.js';
import { mysqlWanted } from './engines.js';
import { startPrivateMariadb } from './private-mariadb.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** mysql://user:password@host:port/ of the server that tests make their databases on. */
    mysqlServerUrl: string;
    /** What makes an empty database on it a migrated one. */
    mysqlTemplate: string;
    /** The migrated file that test databases are copies of. */
    sqliteTemplate: string;
  }
}

/** Runs once for each engine, because the projects of the engines alone name it; gives what ends it. */
export default async function setup(project: TestProject): Promise<() => unknown> {
  return project.name === 'mysql' ? setupMysql(project) : setupSqlite(project);
}

async function setupSqlite(project: TestProject): Promise<() => void> {
  const { file, drop } = await makeSqliteTemplate();
  project.provide('sqliteTemplate', file);
  return drop;
}

async function setupMysql(project: TestProject): Promise<() => Promise<void>> {
  const server = mysqlWanted() === 'private' ? await startPrivateMariadb({ durable: false }) : undefined;
  const url = server?.url ?? (process.env.TEST_DATABASE_URL as string);
  try {
    project.provide('mysqlTemplate', await readMysqlTemplate(url));
  } catch (error) {
    await server?.stop();
    throw error;
  }
  project.provide('mysqlServerUrl', url);
  return async () => server?.stop();
}
