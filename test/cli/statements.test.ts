import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { recordsOf } from '../support/audit-trail.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, admitted } from '../support/beds.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { addDiner, buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let folder: string;
let homeId: number;
const said: string[] = [];
const complained: string[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  folder = mkdtempSync(join(tmpdir(), 'yinling-statement-'));
  for (const canteen of [0, 1] as const) {
    const { uid } = await addDiner(town);
    expect((await intakeOf(town).record(tap(town, { cardUid: uid }, { canteen }))).outcome).toBe('ACCEPTED');
  }
  homeId = await addHome(town, town.streetId);
  const [bedId = 0] = await addBeds(town, homeId, [{}]);
  await admitted(town, { bedId, elderId: await addResident(town) });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
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

it('closes a month for all canteens, stations and homes beneath a facility, once, and says what was not closed', async () => {
  expect(await run('close', '--month', '2026-03', '--within', 'COUNTY')).toBe('done');
  expect(said.join('')).toBe('4 statements were submitted.\n');
  expect(await run('close', '--month', '2026-03', '--within', 'COUNTY')).toBe('done');
  expect(said.join('')).toBe('0 statements were submitted.\n');
  await expectAuditClean(open.database);
  const records = (await recordsOf(open.database)).filter(
    ({ operation }) => operation === 'cli statement close',
  );
  expect(records.map(({ facilityId, result }) => [facilityId, result])).toEqual(
    [...town.canteenIds, town.stationId, homeId].map((id) => [id, 'DONE']),
  );
  expect(await run('close', '--month', '2098-01', '--within', 'COUNTY')).toBeInstanceOf(Error);
  expect(complained.join('')).toContain('the month is not over');
  expect(await run('close', '--month', '2026-03', '--within', 'NOWHERE')).toBeInstanceOf(Error);
  expect(complained.join('')).toContain('no facility has the code NOWHERE');
  expect(await run('close', '--month', '2026-3', '--within', 'COUNTY')).toBeInstanceOf(Error);
});

it('exports a statement, masked, to a file of its owner alone', async () => {
  const out = join(folder, 'march.xlsx');
  expect(await run('export', '--canteen', 'CANTEEN-1', '--month', '2026-03', '--out', out)).toBe('done');
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const { sheets } = await readXlsx(readFileSync(out));
  const text = JSON.stringify(sheets[0]?.rows);
  expect(text).toContain('王**');
  expect(text).not.toMatch(/王小明|411302\d{8}/);
  const csv = join(folder, 'march.csv');
  const flags = ['--canteen', 'CANTEEN-1', '--month', '2026-03', '--format', 'csv', '--out', csv];
  expect(await run('export', ...flags)).toBe('done');
  expect(readFileSync(csv, 'utf8')).toContain('长者食堂助餐补贴结算单');
  const [home]: { code: string }[] = await open.database.read((manager) =>
    manager.query('SELECT code FROM facility WHERE id = ?', [homeId]),
  );
  const ofHome = ['--canteen', home?.code ?? '', '--month', '2026-03', '--format', 'csv', '--out', csv];
  expect(await run('export', ...ofHome)).toBe('done');
  expect(readFileSync(csv, 'utf8')).toMatch(/养老机构床日结算单（2026年3月）.*李\*\*.*在住床日：22/s);
  expect(await run('export', '--canteen', 'STREET', '--month', '2026-03', '--out', out)).toBeInstanceOf(
    Error,
  );
  expect(readdirSync(folder).sort()).toEqual(['march.csv', 'march.xlsx']);
});
