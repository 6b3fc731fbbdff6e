import { userInfo } from 'node:os';
import type { EntityManager } from 'typeorm';
import { openDatabase } from '../../ormconfig.js';
import { type Actor, appendRecord, auditRow, done, type Subject } from '../audit-log/audit-record.js';
import { boundedDetails, maskedInput } from '../audit-log/masking.rules.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import type { FieldKeys } from '../shared/field-cipher.js';
import { IdBlocks } from '../shared/ids.js';
import { migrate } from '../shared/migrate.js';
import { isRefusal, type Refusal } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Where the commands work and speak. */
export interface Surroundings {
  databaseUrl: string;
  /** Where the heads of the audit log are written outside the database. */
  headsFile?: string;
  /** The words of the command that is carried out, for the audit log; the program sets them. */
  command?: string;
  /** With which identities are encrypted; commands that touch none do without. */
  identityKeys?: FieldKeys;
  print(text: string): void;
  complain(text: string): void;
  /** How long an old key works after a rotation that names no time; at once without it. */
  readerKeyOverlapMinutes?: number;
  /** Whether long work draws how far it has come. */
  showsProgress?: boolean;
}

/** Thrown after a refusal has been told: the command did nothing. */
export class Refused extends Error {}

/** Runs one command in a transaction on a migrated database, together with its record in the audit log. */
export async function carryOut<Result extends object>(
  surroundings: Surroundings,
  work: (manager: EntityManager, now: Date) => Promise<Result | Refusal<string>>,
): Promise<Result> {
  const { command = 'unknown' } = surroundings;
  return withDatabase(surroundings, async (database) => {
    const ids = new IdBlocks(database, 1);
    const id = await ids.take(1);
    const operation = `cli ${command}`;
    try {
      return await database.write(async (manager) => {
        const now = systemClock.now();
        const answer = await work(manager, now);
        if (isRefusal(answer)) throw new RefusedWithin(answer);
        await appendRecord(manager, auditRow(id, now, operator(), { operation, ...saidOf(answer) }));
        return answer;
      });
    } catch (error) {
      if (!(error instanceof RefusedWithin)) {
        await recordEnd(database, await ids.take(1), operation, 'INTERNAL_SERVER_ERROR');
        throw error;
      }
      const { refused, message } = error.refusal;
      await recordEnd(database, id, operation, refused);
      tell(surroundings, message);
      throw new Refused(refused);
    }
  });
}

/** Ends a command that carries nothing out, with the reason. */
export function refuseFlag(surroundings: Pick<Surroundings, 'complain'>, message: Text): never {
  tell(surroundings, message);
  throw new Refused(message.en);
}

function tell({ complain }: Pick<Surroundings, 'complain'>, { zh, en }: Text): void {
  complain(`Refused: ${en}. ${zh}。\n`);
}

/** Thrown within the transaction, so that what a command wrote before it was refused is taken back with it. */
class RefusedWithin extends Error {
  constructor(readonly refusal: Refusal<string>) {
    super(refusal.refused);
  }
}

/** Opens and migrates the database for `work`, and closes it after. */
export async function withDatabase<Result>(
  { databaseUrl, identityKeys }: Pick<Surroundings, 'databaseUrl' | 'identityKeys'>,
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

/** Whoever may run commands on the machine; the operating system alone knows who that is. */
export function operator(): Actor {
  return { accountId: null, roles: ['OPERATOR'], address: null, requestId: null, facilityId: null };
}

function saidOf(answer: object): Subject & { result: string; details: string } {
  const { accountId } = answer as { accountId?: unknown };
  const subject = typeof accountId === 'number' ? `account:${accountId}` : null;
  const after = Array.isArray(answer) ? undefined : maskedInput(answer);
  const details = boundedDetails({ systemUser: userInfo().username, after });
  return { result: done, subject, details };
}

async function recordEnd(database: Database, id: number, operation: string, result: string): Promise<void> {
  const details = boundedDetails({ systemUser: userInfo().username });
  await database.write((manager) =>
    appendRecord(manager, auditRow(id, systemClock.now(), operator(), { operation, result, details })),
  );
}
