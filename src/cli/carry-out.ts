import type { EntityManager } from 'typeorm';
import { openDatabase } from '../../ormconfig.js';
import { systemClock } from '../shared/clock.js';
import { migrate } from '../shared/migrate.js';
import { isRefusal, type Refusal } from '../shared/refusal.js';

/** Where the commands work and speak. */
export interface Surroundings {
  databaseUrl: string;
  print(text: string): void;
  complain(text: string): void;
  /** How long an old key works after a rotation that names no time; at once without it. */
  readerKeyOverlapMinutes?: number;
}

/** Thrown after a refusal has been told: the command did nothing. */
export class Refused extends Error {}

/** Runs one command in a transaction on a migrated database. */
export async function carryOut<Result extends object>(
  { databaseUrl, complain }: Surroundings,
  work: (manager: EntityManager, now: Date) => Promise<Result | Refusal<string>>,
): Promise<Result> {
  const { database, writer } = await openDatabase(databaseUrl);
  try {
    await migrate(writer);
    const result = await database.write((manager) => work(manager, systemClock.now()));
    if (!isRefusal(result)) return result as Result;
    complain(`Refused: ${result.message.en}. ${result.message.zh}。\n`);
    throw new Refused(result.refused);
  } finally {
    await database.close();
  }
}
