import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Refused } from '../../src/cli/carry-out.js';
import { accessProgram } from '../../src/cli/program.js';
import { settlements } from '../../src/cli/settlements.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { type TrialBalanceLine, trialBalance } from '../../src/meals/trial-balance.js';
import { findStatements, sumsOfStatements } from '../../src/settlement/find-statements.js';
import { recordsOf } from '../support/audit-trail.js';
import { addBeds, addHome, addResident, admitted } from '../support/beds.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { addDiner, buildTown, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let folder: string;
let homeId: number;
const said: string[] = [];
const complained: string[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  folder = join(mkdtempSync(join(tmpdir(), 'yinling-month-')), 'files');
  const intake = intakeOf(town);
  for (const canteen of [0, 0, 1] as const) {
    const { uid } = await addDiner(town);
    expect((await intake.record(tap(town, { cardUid: uid }, { canteen }))).outcome).toBe('ACCEPTED');
  }
  homeId = await addHome(town, town.streetId);
  const [bedId = 0] = await addBeds(town, homeId, [{}]);
  await admitted(town, { bedId, elderId: await addResident(town) });
  // A code that is no file's name.
  await open.database.write((manager) =>
    manager.query("UPDATE facility SET code = '../食 1' WHERE id = ?", [town.canteenIds[1]]),
  );
});
afterAll(async () => {
  rmSync(join(folder, '..'), { recursive: true });
  await open.drop();
});

async function run(...words: string[]): Promise<unknown> {
  said.length = 0;
  complained.length = 0;
  const program = accessProgram({
    databaseUrl: open.url,
    identityKeys: testKeys,
    print: (text) => said.push(text),
    complain: (text) => complained.push(text),
  });
  return program.parseAsync(['statement', ...words], { from: 'user' }).then(
    () => 'done',
    (error: unknown) => error,
  );
}

const exportAll = (format: string, within = 'COUNTY') =>
  run('export-all', '--within', within, '--month', '2026-03', '--format', format, '--out', folder);

/** The summary's rows by the head of their columns. */
async function summary(): Promise<Record<string, string | number | null>[]> {
  const { sheets } = await readXlsx(readFileSync(join(folder, 'summary-2026-03.xlsx')));
  const rows = (sheets[0]?.rows ?? []) as (string | number | null)[][];
  const heads = rows[3] as string[];
  return rows
    .slice(4)
    .map((row) => Object.fromEntries(heads.map((head, index) => [head, row[index] ?? null])));
}

it('writes a file for each statement beneath a facility and a summary, safe by name and for their owner alone', async () => {
  expect(await exportAll('xlsx')).toBe('done');
  const [station, home]: { code: string }[] = await open.database.read((manager) =>
    manager.query('SELECT code FROM facility WHERE id IN (?, ?) ORDER BY id', [town.stationId, homeId]),
  );
  const files = readdirSync(folder).sort();
  expect(files).toEqual([
    'canteen-%2e%2e%2f%e9%a3%9f%201-2026-03.xlsx',
    'canteen-CANTEEN-1-2026-03.xlsx',
    `home-${home?.code}-2026-03.xlsx`,
    `station-${station?.code}-2026-03.xlsx`,
    'summary-2026-03.xlsx',
  ]);
  for (const file of files) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const { sheets } = await readXlsx(readFileSync(join(folder, file)));
    expect(JSON.stringify(sheets[0]?.rows)).not.toMatch(/王小明|李桂芳|411302\d{8}/);
  }
});

it('records each statement that was written out', async () => {
  const records = (await recordsOf(open.database)).filter(
    ({ operation }) => operation === 'cli statement export-all',
  );
  expect(records.map(({ facilityId, result }) => [facilityId, result])).toEqual(
    [...town.canteenIds, town.stationId, homeId].map((id) => [id, 'DONE']),
  );
});

it.each(['draft', 'submitted'])(
  'the summary of %s months says what statements and books do',
  async (state) => {
    if (state === 'submitted') {
      expect(await run('close', '--month', '2026-03', '--within', 'COUNTY')).toBe('done');
      expect(await exportAll('xlsx')).toBe('done');
    }
    const rows = await summary();
    const facilities = rows.slice(0, 4);
    expect(facilities.map((row) => [row.类别, row.状态])).toEqual(
      ['食堂', '食堂', '服务站', '养老机构'].map((called) => [called, state === 'draft' ? '草稿' : '已提交']),
    );
    const total = rows.at(-1);
    expect(total?.序号).toBe('合计');
    for (const [head, value] of Object.entries(total ?? {}).slice(6)) {
      const sum = facilities.reduce((added, row) => added + Math.round(Number(row[head]) * 100), 0);
      expect([head, Math.round(Number(value) * 100)]).toEqual([head, sum]);
    }
    await open.database.read(async (manager) => {
      const page = { afterId: 0, rowsMax: 10 };
      const month = { month: '2026-03', within: town.countyId };
      for (const [index, kind] of [canteenSettlement, settlements.STATION, settlements.HOME].entries()) {
        const statements = await findStatements(manager, kind, month, page, 'everywhere', today);
        const sums = await sumsOfStatements(manager, kind, statements);
        const shown = facilities.slice(
          ...([
            [0, 2],
            [2, 3],
            [3, 4],
          ][index] as [number, number]),
        );
        expect(
          shown.map((row) => [row.明细, row['总额（元）'], row['政府补贴（元）'], row['个人自付（元）']]),
        ).toEqual(
          statements.map(({ facilityId }) => {
            const { lines = 0, grossFen = 0, subsidyFen = 0, selfPaidFen = 0 } = sums.get(facilityId) ?? {};
            return [lines, grossFen / 100, subsidyFen / 100, selfPaidFen / 100];
          }),
        );
      }
      const days = { from: '2026-03-01', to: '2026-04-01' };
      const books = (await trialBalance(
        manager,
        { ...days, within: town.countyId, by: 'CANTEEN' },
        'everywhere',
        today,
      )) as TrialBalanceLine[];
      const ofCanteens = books.filter(({ key }) => key !== null);
      const added = (of: (line: TrialBalanceLine) => number) =>
        ofCanteens.reduce((sum, line) => sum + of(line), 0) / 100;
      const subtotal = rows.find((row) => row.序号 === '食堂小计');
      expect(subtotal?.明细).toBe(3);
      expect(subtotal?.['总额（元）']).toBe(added((line) => line.receivableFen));
      expect(subtotal?.['政府补贴（元）']).toBe(-added((line) => line.funderFen));
      expect(subtotal?.['个人自付（元）']).toBe(-added((line) => line.elderFen));
      expect(subtotal?.['市民政局补贴（元）']).toBe(-added((line) => line.funderFen));
    });
  },
);

it('may be run again over what was left behind, as CSV too', async () => {
  writeFileSync(join(folder, 'canteen-CANTEEN-1-2026-03.csv.part'), 'half');
  expect(await exportAll('csv', 'CANTEEN-1')).toBe('done');
  expect(readFileSync(join(folder, 'canteen-CANTEEN-1-2026-03.csv'), 'utf8')).toContain('助餐补贴结算单');
  expect(readFileSync(join(folder, 'summary-2026-03.csv'), 'utf8')).toContain('月度结算汇总表（2026年3月）');
  expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
});

it('refuses in a line, with no summary, what changes as often as it is read, and a place that is none', async () => {
  const find = vi.spyOn(canteenSettlement, 'findLines').mockImplementation(async () => []);
  try {
    expect(await exportAll('csv', 'CANTEEN-1')).toBeInstanceOf(Error);
    expect(complained).toEqual([
      'Refused: the statement of CANTEEN-1 is changing at the moment; try again later. CANTEEN-1 的结算单正在变动，请稍后重试。\n',
    ]);
    expect(readdirSync(folder)).not.toContain('summary-2026-03.csv');
    const out = join(folder, 'one.csv');
    expect(await run('export', '--canteen', 'CANTEEN-1', '--month', '2026-03', '--out', out)).toBeInstanceOf(
      Refused,
    );
    expect(complained.join('')).toContain('正在变动');
    expect(readdirSync(folder)).not.toContain('one.csv');
  } finally {
    find.mockRestore();
  }
  expect(await exportAll('csv', 'NOWHERE')).toBeInstanceOf(Refused);
  expect(complained.join('')).toContain('没有编号为“NOWHERE”的机构');
});
