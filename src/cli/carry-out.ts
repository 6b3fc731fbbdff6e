import type { EntityManager } from 'typeorm';
import { openDatabase } from '../../ormconfig.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import type { FieldKeys } from '../shared/field-cipher.js';
import { migrate } from '../shared/migrate.js';
import { isRefusal, type Refusal } from '../shared/refusal.js';

/** Where the commands work and speak. */
export interface Surroundings {
  databaseUrl: string;
  /** With which identities are encrypted; commands that touch none do without. */
  identityKeys?: FieldKeys;
  print(text: string): void;
  complain(text: string): void;
  /** Whether long work draws how far it has come. */
  showsProgress?: boolean;
}

/** Thrown after a refusal has been told: the command did nothing. */
export class Refused extends Error {}

/** Runs one command in a transaction on a migrated database. */
export async function carryOut<Result extends object>(
  surroundings: Surroundings,
  work: (manager: EntityManager, now: Date) => Promise<Result | Refusal<string>>,
): Promise<Result> {
  return withDatabase(surroundings, async (database) => {
    const result = await database.write((manager) => work(manager, systemClock.now()));
    if (!isRefusal(result)) return result as Result;
    surroundings.complain(`Refused: ${result.message.en}. ${result.message.zh}。\n`);
    throw new Refused(result.refused);
  });
}

/** Runs work of several transactions on a migrated database. */
export async function withDatabase<Result>(
  { databaseUrl, identityKeys }: Surroundings,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { database, writer } = await openDatabase(databaseUrl, identityKeys ? { identityKeys } : {});
  try {
    await migrate(writer);
    return await work(database);
  } finally {
    await database.close();
  }
}
