import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { seedDemo } from '../../seeds/demo.js';
import type { Clock } from '../../src/shared/clock.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

/** When the demo city is seeded. */
export const demoClock: Clock = { now: () => new Date('2026-11-20T12:00:00+08:00') };
export const graphqlUrl = 'http://127.0.0.1:4000/graphql';
/** Who signs in, one of each role and some more. */
export const peopleWhoSignIn = 16;
/** Stations have caregivers as their elders need them, as whom nobody signs in. */
export const accountsOutsideCrews = "account WHERE name NOT LIKE '护理员 NY-%'";

/** An empty database that goes when the test ends. */
export async function newDatabase(): Promise<TestDatabase> {
  const opened = await openTestDatabase();
  onTestFinished(opened.drop);
  return opened;
}

/** An empty folder that goes when the test ends. */
export function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'yinling-seeds-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function seedCity({ database }: TestDatabase, dataDir: string, elders: number): Promise<void> {
  return seedDemo(database, { elders, dataDir, graphqlUrl, clock: demoClock, progress: false });
}

/** What the file of a seeded city says. */
export function readCredentials(dataDir: string) {
  return JSON.parse(readFileSync(join(dataDir, 'demo-credentials.json'), 'utf8'));
}

/** A hash of every row of every table. */
export async function fingerprint({ writer }: TestDatabase): Promise<string> {
  const hash = createHash('sha256');
  for (const { tableName } of writer.entityMetadatas) {
    const rows: object[] = await writer.query(`SELECT * FROM ${tableName}`);
    hash.update(
      `${tableName} ${rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join()}`,
    );
  }
  return hash.digest('hex');
}
