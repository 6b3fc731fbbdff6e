import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Engine } from '../../src/shared/database.js';
import { findMariadb, type PrivateMariadb, startPrivateMariadb } from '../../test/support/private-mariadb.js';

/** An empty database to measure on, and a folder beside it; both are thrown away after. */
export interface BenchDatabase {
  engine: Engine;
  databaseUrl: string;
  folder: string;
  /** The server that holds the database and nothing else, when there is one. */
  mariadb?: PrivateMariadb;
  drop(): Promise<void>;
}

/** The engines that this machine has. */
export function enginesHere(): Engine[] {
  return findMariadb() ? ['mysql', 'sqlite'] : ['sqlite'];
}

/**
 * MariaDB with durable commits and so many megabytes for pages, or SQLite as the platform sets it, which is durable
 * too.
 */
export async function benchDatabase(engine: Engine, bufferMb?: number): Promise<BenchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-bench-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  if (engine === 'sqlite') {
    const databaseUrl = join(folder, 'bench.sqlite');
    return { engine, databaseUrl, folder, drop: async () => removeFolder() };
  }
  try {
    return await mysqlDatabase(folder, bufferMb);
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function mysqlDatabase(folder: string, bufferMb?: number): Promise<BenchDatabase> {
  const server = await startPrivateMariadb({ durable: true, ...(bufferMb && { bufferMb }) });
  const connection = await createConnection(server.url);
  await connection.query('CREATE DATABASE bench CHARACTER SET utf8mb4');
  await connection.end();
  return {
    engine: 'mysql',
    databaseUrl: `${server.url}bench`,
    folder,
    mariadb: server,
    async drop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
