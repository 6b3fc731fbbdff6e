import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EntityManager } from 'typeorm';
import { showProgress } from '../../seeds/progress.js';
import { appendRecord, auditRow, done } from '../audit-log/audit-record.js';
import { boundedDetails } from '../audit-log/masking.rules.js';
import { writeOnRecord } from '../audit-log/write-on-record.js';
import { homeSettlement } from '../beds/bed-days/home-settlement.js';
import { canteenSettlement } from '../meals/canteen-settlement.js';
import { facilityByCode } from '../network/find-facilities.js';
import { type ClosedMonth, closeMonth } from '../settlement/close-month.js';
import { statementSheet } from '../settlement/export-statement.js';
import { findStatement } from '../settlement/find-statements.js';
import { kindOfFacility } from '../settlement/kind-of-facility.js';
import { type Statement, stateOfLocked } from '../settlement/read-statement.js';
import { type SheetFormat, sheetBytes, sheetFormats } from '../settlement/spreadsheet.js';
import { dayOf } from '../shared/china-time.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import { isMonth } from '../shared/month.js';
import { stationSettlement } from '../visits/station-settlement.js';
import { operator, Refused, type Surroundings, withDatabase } from './carry-out.js';

/** Everything that is settled month by month. */
const settlements = {
  CANTEEN: canteenSettlement,
  STATION: stationSettlement,
  HOME: homeSettlement,
} as const;

interface ExportFlags {
  canteen: string;
  month: string;
  format: SheetFormat;
  out: string;
}

export function addStatementCommands(statement: Command, surroundings: Surroundings): void {
  statement
    .command('export')
    .description(
      'write the statement of a canteen, a home-care station or a home to a file; names and ID numbers are masked',
    )
    .requiredOption('--canteen <code>', 'the code of the canteen, the station or the home')
    .requiredOption('--month <month>', 'such as 2026-10', month)
    .addOption(new Option('--format <format>', 'of the file').choices(sheetFormats).default('xlsx'))
    .requiredOption('--out <file>', 'the file, which is written anew')
    .action(async (flags: ExportFlags) => {
      await withDatabase(surroundings, (database) => exportStatement(database, flags, surroundings));
      surroundings.print(`The statement of ${flags.canteen} for ${flags.month} is in ${flags.out}.\n`);
    });

  statement
    .command('close')
    .description(
      'submit the statements of a month that is over, for every canteen, home-care station and home at or beneath a facility; it may be stopped and run again',
    )
    .requiredOption('--month <month>', 'such as 2026-10', month)
    .requiredOption('--within <code>', "the facility's code")
    .action(async (flags: { month: string; within: string }) => {
      const closed = await withDatabase(surroundings, (database) => close(database, flags, surroundings));
      report(closed, surroundings);
    });
}

async function exportStatement(
  database: Database,
  { canteen, month, format, out }: ExportFlags,
  surroundings: Surroundings,
): Promise<void> {
  const now = systemClock.now();
  const statement = await statementOf(database, canteen, month, now);
  if (!statement)
    return refuseFlag(surroundings, `no canteen, home-care station or home has the code ${canteen}`);
  let progress: ReturnType<typeof showProgress> | undefined;
  const sheet = await statementSheet(database, {
    kind: settlements[statement.kind],
    statement,
    now,
    wholeIn: [],
    onProgress(lines, total) {
      progress ??= showProgress(surroundings.showsProgress ?? false, '导出 Exporting', total);
      progress.update(lines);
    },
  });
  await noteExport(database, statement, { month, format });
  // Beside it first, so that the file is whole whenever it is there.
  const partly = `${out}.part`;
  try {
    await pipeline(sheetBytes(format, sheet), createWriteStream(partly, { mode: 0o600 }));
    await rename(partly, out);
  } finally {
    progress?.stop();
    await rm(partly, { force: true });
  }
}

async function statementOf(
  database: Database,
  code: string,
  month: string,
  now: Date,
): Promise<Statement | undefined> {
  return database.read(async (manager) => {
    const facility = await facilityByCode(manager, code);
    if (!facility) return undefined;
    const kind = settlements[await kindOfFacility(manager, facility.id)];
    return findStatement(manager, kind, { facilityId: facility.id, month }, 'everywhere', dayOf(now));
  });
}

async function noteExport(
  database: Database,
  { facilityId, id }: Statement,
  asked: { month: string; format: string },
): Promise<void> {
  const recordId = await new IdBlocks(database, 1).take(1);
  const subject = id === null ? null : `statement:${id}`;
  const details = boundedDetails({ systemUser: userInfo().username, asked });
  const entry = { operation: 'cli statement export', result: done, facilityId, subject, details };
  await database.write((manager) =>
    appendRecord(manager, auditRow(recordId, systemClock.now(), operator(), entry)),
  );
}

async function close(
  database: Database,
  { month, within: code }: { month: string; within: string },
  surroundings: Surroundings,
): Promise<ClosedMonth> {
  const facility = await database.read((manager) => facilityByCode(manager, code));
  if (!facility) return refuseFlag(surroundings, `no facility has the code ${code}`);
  const ids = new IdBlocks(database, 100);
  const asked = { month, within: facility.id, systemUser: userInfo().username };
  const closed: ClosedMonth = { submitted: 0, refused: [] };
  for (const kind of Object.values(settlements)) {
    let progress: ReturnType<typeof showProgress> | undefined;
    try {
      const ofKind = await closeMonth(database, {
        kind,
        month,
        within: facility.id,
        now: systemClock.now(),
        async write(facilityId, work) {
          const record = {
            ...{ id: await ids.take(1), at: systemClock.now(), actor: operator(), asked },
            operation: 'cli statement close',
          };
          const state = (manager: EntityManager) => stateOfLocked(manager, kind, { facilityId, month });
          return database.write((manager) =>
            writeOnRecord(manager, { ...record, state: () => state(manager) }, work),
          );
        },
        onProgress(done, total) {
          progress ??= showProgress(surroundings.showsProgress ?? false, '结算 Closing', total);
          progress.update(done);
        },
      });
      closed.submitted += ofKind.submitted;
      closed.refused.push(...ofKind.refused);
    } finally {
      progress?.stop();
    }
  }
  return closed;
}

function report({ submitted, refused }: ClosedMonth, { print, complain }: Surroundings): void {
  print(`${submitted} statements were submitted.\n`);
  for (const { facilityId, refusal } of refused.slice(0, 20)) {
    complain(`Facility ${facilityId}: ${refusal.message.en}. ${refusal.message.zh}。\n`);
  }
  if (refused.length === 0) return;
  complain(`${refused.length} statements were not submitted.\n`);
  throw new Refused('some statements were not submitted');
}

function refuseFlag({ complain }: Surroundings, message: string): never {
  complain(`Refused: ${message}.\n`);
  throw new Refused(message);
}

function month(text: string): string {
  if (isMonth(text)) return text;
  throw new InvalidArgumentError('It must be a month such as 2026-10.');
}
