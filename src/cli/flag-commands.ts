import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { EntityManager } from 'typeorm';
import { showProgress } from '../../seeds/progress.js';
import { appendRecord, auditRow, done } from '../audit-log/audit-record.js';
import { boundedDetails } from '../audit-log/masking.rules.js';
import { type DueDay, daysWithSwipes, scanCanteenDay } from '../meals/flags/scan-flags.js';
import { facilityByCode } from '../network/find-facilities.js';
import { withBeneath } from '../network/tree.js';
import { institutionStays } from '../server/institution-stays.js';
import { addDays, type Day, dayOf, isDay } from '../shared/china-time.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import { operator, Refused, type Surroundings, withDatabase } from './carry-out.js';

interface ScanFlags {
  day: Day;
  within?: string;
}

export function addFlagCommands(flags: Command, surroundings: Surroundings): void {
  flags
    .command('scan')
    .description('look a day through for signs of fraud, also one that was looked through before')
    .requiredOption('--day <day>', 'such as 2026-10-31', day)
    .option('--within <code>', 'only the canteens at or beneath this facility')
    .action(async (given: ScanFlags) => {
      const scanned = await withDatabase(surroundings, (database) => scan(database, given, surroundings));
      surroundings.print(
        `${scanned.canteens} canteens were looked through: ${scanned.found} new flags, ${scanned.reopened} opened again.\n`,
      );
    });
}

interface Scanned {
  canteens: number;
  found: number;
  reopened: number;
}

/** One canteen at a time, each in a transaction of its own: it may be stopped and run again. */
async function scan(database: Database, given: ScanFlags, surroundings: Surroundings): Promise<Scanned> {
  const days = await daysOf(database, given, surroundings);
  const scanned = { canteens: days.length, found: 0, reopened: 0 };
  const progress = showProgress(surroundings.showsProgress ?? false, '查看 Scanning', days.length);
  try {
    for (const [index, due] of days.entries()) {
      const now = systemClock.now();
      const { found, reopened } = await scanCanteenDay(database, due, { stays: institutionStays, now });
      scanned.found += found;
      scanned.reopened += reopened;
      progress.update(index + 1);
    }
  } finally {
    progress.stop();
  }
  await noteScan(database, given, scanned);
  return scanned;
}

async function daysOf(
  database: Database,
  { day: fromDay, within: code }: ScanFlags,
  { complain }: Surroundings,
): Promise<DueDay[]> {
  const span = { fromDay, toDay: addDays(fromDay, 1) };
  return database.read(async (manager) => {
    if (code === undefined) return daysWithSwipes(manager, await canteenIds(manager), span);
    const facility = await facilityByCode(manager, code);
    if (facility) return daysWithSwipes(manager, await canteenIds(manager, facility.id), span);
    complain(`Refused: no facility has the code ${code}.\n`);
    throw new Refused(code);
  });
}

async function canteenIds(manager: EntityManager, within?: number): Promise<number[]> {
  const beneath = within === undefined ? undefined : withBeneath([within], dayOf(systemClock.now()));
  const where = beneath ? 'WHERE c.facilityId IN (SELECT facilityId FROM beneath)' : '';
  const rows: { facilityId: number }[] = await manager.query(
    `${beneath?.sql ?? ''} SELECT c.facilityId FROM canteen c ${where}`,
    beneath?.parameters ?? [],
  );
  return rows.map(({ facilityId }) => facilityId);
}

async function noteScan(database: Database, asked: ScanFlags, scanned: Scanned): Promise<void> {
  const id = await new IdBlocks(database, 1).take(1);
  const details = boundedDetails({ systemUser: userInfo().username, asked, after: scanned });
  const entry = { operation: 'cli flags scan', result: done, details };
  await database.write((manager) =>
    appendRecord(manager, auditRow(id, systemClock.now(), operator(), entry)),
  );
}

function day(text: string): Day {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('It must be a day such as 2026-10-31.');
}
