import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openDatabase } from '../ormconfig.js';
import { showProgress } from '../seeds/progress.js';
import { auditDatabase } from '../src/audit/audit-database.js';
import { canteenSettlement } from '../src/meals/canteen-settlement.js';
import { closeMonth } from '../src/settlement/close-month.js';
import { exportMonth } from '../src/settlement/export-month.js';
import type { SheetFormat } from '../src/settlement/spreadsheet.js';
import type { Database, Engine } from '../src/shared/database.js';
import { migrate } from '../src/shared/migrate.js';
import { testKeys } from '../test/support/test-keys.js';
import { benchDatabase } from './support/engines.js';
import { fillMonth, type MonthSize } from './support/month-filler.js';
import { watched } from './support/watched.js';

export interface MonthReport {
  engine: Engine;
  lines: number;
  close_seconds: number;
  close_lines_per_s: number;
  /** The dearest single submission, during which SQLite's other writers wait. */
  canteen_ms_max: number;
  close_rss_mb_peak: number;
  xlsx_seconds: number;
  xlsx_mb: number;
  csv_seconds: number;
  export_rss_mb_peak: number;
  /** Of all checks; those of a second and more are printed beside the progress. */
  audit_seconds: number;
  audit_rss_mb_peak: number;
  audit_broken: number;
}

const month = '2026-10';
const now = new Date('2026-11-01T08:00:00+08:00');

/** Closes the month of a city, exports every statement and audits it all, in this process, and watches its memory. */
export async function benchMonth(engine: Engine, size: MonthSize): Promise<MonthReport> {
  const bench = await benchDatabase(engine);
  try {
    const { database, writer } = await openDatabase(bench.databaseUrl, { identityKeys: testKeys });
    try {
      await migrate(writer);
      const { cityId, canteenIds } = await fillMonth(database, month, size);
      const close = await watched(() => closeAll(database, cityId));
      const xlsx = await watched(() => exportAll(database, cityId, 'xlsx'));
      const csv = await watched(() => exportAll(database, cityId, 'csv'));
      const audit = await watched(() => auditDatabase(bench.databaseUrl, sayOnError));
      const lines = canteenIds.length * size.meals * size.days;
      return {
        engine,
        lines,
        close_seconds: close.seconds,
        close_lines_per_s: Math.round(lines / close.seconds),
        canteen_ms_max: Math.round(close.result),
        close_rss_mb_peak: close.rssMb,
        xlsx_seconds: xlsx.seconds,
        xlsx_mb: rounded(xlsx.result / 1e6),
        csv_seconds: csv.seconds,
        export_rss_mb_peak: Math.max(xlsx.rssMb, csv.rssMb),
        audit_seconds: audit.seconds,
        audit_rss_mb_peak: audit.rssMb,
        audit_broken: audit.result.broken,
      };
    } finally {
      await database.close();
    }
  } finally {
    await bench.drop();
  }
}

/** The lines of checks that are broken or took long. */
function sayOnError(line: string): void {
  if (!line.startsWith('holds') || line.endsWith('s)')) console.error(line);
}

/** How long the slowest canteen took, in milliseconds. */
async function closeAll(database: Database, within: number): Promise<number> {
  let slowest = 0;
  let progress: ReturnType<typeof showProgress> | undefined;
  const { refused } = await closeMonth(database, {
    kind: canteenSettlement,
    month,
    within,
    now,
    async write(_facilityId, work) {
      const began = performance.now();
      const result = await database.write(work);
      slowest = Math.max(slowest, performance.now() - began);
      return result;
    },
    onProgress(done, total) {
      progress ??= showProgress(true, '结算 Closing', total);
      progress.update(done);
    },
  });
  progress?.stop();
  if (refused.length > 0) throw new Error(`not closed: ${JSON.stringify(refused[0])}`);
  return slowest;
}

/** How many bytes the files have together. */
async function exportAll(database: Database, cityId: number, format: SheetFormat): Promise<number> {
  let bytes = 0;
  let progress: ReturnType<typeof showProgress> | undefined;
  const { inMotion } = await exportMonth(database, {
    ...{ kinds: [canteenSettlement], month, format, now },
    within: { id: cityId, code: 'CITY', name: 'CITY' },
    async store(_name, file) {
      file.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length;
      });
      await pipeline(file, createWriteStream('/dev/null'));
    },
    onProgress(done, total) {
      progress ??= showProgress(true, `导出 Exporting ${format}`, total);
      progress.update(done);
    },
  });
  progress?.stop();
  if (inMotion.length > 0) throw new Error(`not exported: ${JSON.stringify(inMotion[0])}`);
  return bytes;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
