import type { TestProject } from 'vitest/node';
import { mysqlWanted } from './engines.js';
import { type PrivateMariadb, startPrivateMariadb } from './private-mariadb.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** mysql://user:password@host:port/ of the server that tests make their databases on. */
    mysqlServerUrl: string;
  }
}

let server: PrivateMariadb | undefined;

export async function setup(project: TestProject): Promise<void> {
  const wanted = mysqlWanted();
  if (wanted === 'none') return;
  if (wanted === 'private') server = await startPrivateMariadb({ durable: false });
  project.provide('mysqlServerUrl', server?.url ?? (process.env.TEST_DATABASE_URL as string));
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
