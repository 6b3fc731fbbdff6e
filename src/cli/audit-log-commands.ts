import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { showProgress } from '../../seeds/progress.js';
import { appendRecord, auditRow, done } from '../audit-log/audit-record.js';
import { compareHeads } from '../audit-log/compare-heads.js';
import { boundedDetails } from '../audit-log/masking.rules.js';
import { appendHead, readHeads } from '../audit-log/outside-heads.js';
import { keptMonths, latestPruneDay } from '../audit-log/prune.rules.js';
import { pruneLog } from '../audit-log/prune-log.js';
import { type VerifiedLog, verifyLog } from '../audit-log/verify-log.js';
import { dayOf, instantOn, isDay } from '../shared/china-time.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import { operator, Refused, type Surroundings, withDatabase } from './carry-out.js';

export function addAuditLogCommands(auditLog: Command, surroundings: Surroundings): void {
  auditLog
    .command('verify')
    .description('recompute the whole chain, and compare it with the heads that were written outside')
    .option('--heads <file>', 'the heads; without it, those in the data folder, where there are any')
    .action(({ heads }: { heads?: string }) =>
      withDatabase(surroundings, async (database) => {
        if (!(await verify(database, surroundings, heads))) throw new Refused('the log is not what it was');
      }),
    );

  auditLog
    .command('prune')
    .description(`take old records away; the last ${keptMonths} months always stay`)
    .requiredOption('--before <day>', 'records of this day and later stay, such as 2026-01-01', dayGiven)
    .action(({ before }: { before: string }) =>
      withDatabase(surroundings, (database) => prune(database, surroundings, before)),
    );
}

/** False, after it was told what, when something is wrong. */
async function verify(
  database: Database,
  { headsFile, print, complain }: Surroundings,
  given?: string,
): Promise<boolean> {
  const { start, head, broken } = await verifyChain(database);
  if (broken) complain(`${broken.fault}: ${broken.text}.\n`);
  else print(`The chain holds: links ${start.seq + 1} to ${head.seq}.\n`);
  const file = given ?? headsFile;
  if (file === undefined || (given === undefined && !existsSync(file))) {
    print(
      'There are no heads outside to compare with: a log that was rewritten as a whole would not show.\n',
    );
    return !broken;
  }
  const compared = await compareHeads(database, readHeads(file), start);
  if (compared.unreadable > 0) print(`${compared.unreadable} lines of ${file} are no heads.\n`);
  if (compared.broken) complain(`${compared.broken}.\n`);
  else print(`${compared.agreeing} heads that were written outside agree.\n`);
  return !broken && !compared.broken;
}

async function verifyChain(database: Database): Promise<VerifiedLog> {
  let progress: ReturnType<typeof showProgress> | undefined;
  try {
    return await verifyLog(database, (checked, total) => {
      progress ??= showProgress(true, '校验 Verifying', total);
      progress.update(checked);
    });
  } finally {
    progress?.stop();
  }
}

async function prune(database: Database, surroundings: Surroundings, day: string): Promise<void> {
  const { headsFile, command = 'audit-log prune', print, complain } = surroundings;
  const now = systemClock.now();
  const latest = latestPruneDay(dayOf(now));
  if (day > latest) {
    complain(
      `Refused: records of the last ${keptMonths} months stay; --before may be ${latest} at the latest.\n`,
    );
    throw new Refused('TOO_RECENT');
  }
  if (headsFile === undefined) throw new Error('there is no file for the heads of the log');
  // What is wrong in the old part would be gone with it.
  const { broken } = await verifyChain(database);
  if (broken) {
    complain(`Refused: the log is not what it was. ${broken.fault}: ${broken.text}.\n`);
    throw new Refused('LOG_BROKEN');
  }
  await recordPruning(database, command, day, now);
  const pruned = await pruneLog(database, {
    before: instantOn(day, 0),
    now,
    onStart: (head) => appendHead(headsFile, { seq: head.seq, hash: head.hash, at: now.toISOString() }),
  });
  print(`${pruned} records from before ${day} are gone; the new start of the log stands in ${headsFile}.\n`);
}

/** Written first, so that whoever misses the records finds who took them away. */
async function recordPruning(database: Database, command: string, day: string, now: Date): Promise<void> {
  const id = await new IdBlocks(database, 1).take(1);
  const entry = { operation: `cli ${command}`, result: done, details: boundedDetails({ before: day }) };
  await database.write((manager) => appendRecord(manager, auditRow(id, now, operator(), entry)));
}

function dayGiven(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('It must be a day of the calendar, such as 2026-01-01.');
}
