import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { showProgress } from '../../seeds/progress.js';
import { appendRecord, auditRow, done } from '../audit-log/audit-record.js';
import { boundedDetails } from '../audit-log/masking.rules.js';
import { facilitiesById, facilityByCode } from '../network/find-facilities.js';
import { exportMonth, summaryName } from '../settlement/export-month.js';
import { StatementInMotion, type StatementSheet, statementSheet } from '../settlement/export-statement.js';
import { findStatement } from '../settlement/find-statements.js';
import { kindOfFacility } from '../settlement/kind-of-facility.js';
import type { Statement } from '../settlement/read-statement.js';
import { type SheetFormat, sheetBytes, sheetFormats } from '../settlement/spreadsheet.js';
import { dayOf } from '../shared/china-time.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import { operator, refuseFlag, type Surroundings, withDatabase } from './carry-out.js';
import { month, settlements } from './settlements.js';

interface ExportFlags {
  month: string;
  format: SheetFormat;
  out: string;
}

export function addExportCommands(statement: Command, surroundings: Surroundings): void {
  const format = () => new Option('--format <format>', 'of the file').choices(sheetFormats).default('xlsx');
  statement
    .command('export')
    .description(
      'write the statement of a canteen, a home-care station or a home to a file; names and ID numbers are masked',
    )
    .requiredOption('--canteen <code>', 'the code of the canteen, the station or the home')
    .requiredOption('--month <month>', 'such as 2026-10', month)
    .addOption(format())
    .requiredOption('--out <file>', 'the file, which is written anew')
    .action(async (flags: ExportFlags & { canteen: string }) => {
      await withDatabase(surroundings, (database) => exportStatement(database, flags, surroundings));
      surroundings.print(`The statement of ${flags.canteen} for ${flags.month} is in ${flags.out}.\n`);
    });

  statement
    .command('export-all')
    .description(
      'write the statements of every canteen, home-care station and home at or beneath a facility to files of a folder, and a summary of them; names and ID numbers are masked; it may be stopped and run again',
    )
    .requiredOption('--within <code>', "the facility's code")
    .requiredOption('--month <month>', 'such as 2026-10', month)
    .addOption(format())
    .requiredOption('--out <folder>', 'the folder, in which the files are written anew')
    .action(async (flags: ExportFlags & { within: string }) => {
      const exported = await withDatabase(surroundings, (database) =>
        exportAll(database, flags, surroundings),
      );
      surroundings.print(
        `${exported} statements and their summary, ${summaryName(flags.month, flags.format)}, are in ${flags.out}.\n`,
      );
    });
}

async function exportStatement(
  database: Database,
  { canteen, month, format, out }: ExportFlags & { canteen: string },
  surroundings: Surroundings,
): Promise<void> {
  const now = systemClock.now();
  const statement = await statementOf(database, canteen, month, now);
  if (!statement)
    return refuseFlag(surroundings, {
      zh: `没有编号为“${canteen}”的食堂、服务站或养老机构`,
      en: `no canteen, home-care station or home has the code ${canteen}`,
    });
  let progress: ReturnType<typeof showProgress> | undefined;
  try {
    const sheet = await sheetOf(database, statement, {
      now,
      onProgress(lines, total) {
        progress ??= showProgress(surroundings.showsProgress ?? false, '导出 Exporting', total);
        progress.update(lines);
      },
    });
    if (!sheet) return refuseMoving(surroundings, [canteen]);
    const record = { operation: 'cli statement export', asked: { month, format } };
    await noteExport(database, new IdBlocks(database, 1), statement, record);
    await writeWhole(out, sheetBytes(format, sheet));
  } finally {
    progress?.stop();
  }
}

/** Undefined when the statement changed as often as it was read. */
async function sheetOf(
  database: Database,
  statement: Statement,
  options: { now: Date; onProgress(lines: number, total: number): void },
): Promise<StatementSheet | undefined> {
  const kind = settlements[statement.kind];
  try {
    return await statementSheet(database, { ...options, kind, statement, wholeIn: [] });
  } catch (error) {
    if (error instanceof StatementInMotion) return undefined;
    throw error;
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

/** How many statements there are. A summary of an earlier run goes first: it is there only when all it names is. */
async function exportAll(
  database: Database,
  { within: code, month, format, out }: ExportFlags & { within: string },
  surroundings: Surroundings,
): Promise<number> {
  const within = await database.read((manager) => facilityByCode(manager, code));
  if (!within)
    return refuseFlag(surroundings, {
      zh: `没有编号为“${code}”的机构`,
      en: `no facility has the code ${code}`,
    });
  await mkdir(out, { recursive: true, mode: 0o700 });
  await rm(join(out, summaryName(month, format)), { force: true });
  const ids = new IdBlocks(database, 100);
  const record = { operation: 'cli statement export-all', asked: { month, format, within: within.id } };
  let progress: ReturnType<typeof showProgress> | undefined;
  try {
    const { exported, inMotion } = await exportMonth(database, {
      ...{ kinds: Object.values(settlements), month, within, format, now: systemClock.now() },
      store: (name, bytes) => writeWhole(join(out, name), bytes),
      onStatement: (statement) => noteExport(database, ids, statement, record),
      onProgress(done, total) {
        progress ??= showProgress(surroundings.showsProgress ?? false, '导出 Exporting', total);
        progress.update(done);
      },
    });
    if (inMotion.length > 0) return refuseMoving(surroundings, await codesOf(database, inMotion));
    return exported;
  } finally {
    progress?.stop();
  }
}

async function codesOf(database: Database, statements: readonly Statement[]): Promise<string[]> {
  const ids = statements.map(({ facilityId }) => facilityId);
  const facilities = await database.read((manager) => facilitiesById(manager, ids));
  return [...facilities.values()].map((facility) => facility.code);
}

function refuseMoving(surroundings: Surroundings, codes: readonly string[]): never {
  return refuseFlag(surroundings, {
    zh: `${codes.join('、')} 的结算单正在变动，请稍后重试`,
    en: `the statement of ${codes.join(', ')} is changing at the moment; try again later`,
  });
}

/** Beside it first, so that the file is whole whenever it is there. */
async function writeWhole(path: string, bytes: Readable): Promise<void> {
  const partly = `${path}.part`;
  try {
    await pipeline(bytes, createWriteStream(partly, { mode: 0o600 }));
    await rename(partly, path);
  } finally {
    await rm(partly, { force: true });
  }
}

async function noteExport(
  database: Database,
  ids: IdBlocks,
  { facilityId, id }: Statement,
  { operation, asked }: { operation: string; asked: object },
): Promise<void> {
  const recordId = await ids.take(1);
  const subject = id === null ? null : `statement:${id}`;
  const details = boundedDetails({ systemUser: userInfo().username, asked });
  const entry = { operation, result: done, facilityId, subject, details };
  await database.write((manager) =>
    appendRecord(manager, auditRow(recordId, systemClock.now(), operator(), entry)),
  );
}
