import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { scaleOn } from '../../src/elders/assessment-scale.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'yinling-scale-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await test.drop();
});

const named = (text: string) => ({ nameZh: text, nameEn: text });
const fromDay = addDays(dayOf(new Date()), 30);
const scale = () => ({
  ...{ code: 'GB/T 42195-2030', fromDay, ...named('能力'), validityMonths: 12, comaLevel: 4, worseBy: 1 },
  ...{ riskEventsMin: 2, riskDays: 30, changeDays: 30 },
  indicators: [
    { code: 'SELF_CARE', groupCode: null, ...named('自理'), scoreMax: null },
    { code: 'EATING', groupCode: 'SELF_CARE', ...named('进食'), scoreMax: 4 },
    { code: 'BATHING', groupCode: 'SELF_CARE', ...named('洗澡'), scoreMax: 6 },
  ],
  levels: [10, 8, 5, 2, 0].map((scoreMin, level) => ({ level, scoreMin, ...named(`${level}级`) })),
});
type Scale = ReturnType<typeof scale>;

async function bring(given: unknown): Promise<string> {
  const path = join(folder, 'scale.json');
  writeFileSync(path, typeof given === 'string' ? given : JSON.stringify(given));
  return run(path);
}

async function run(path: string): Promise<string> {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const program = accessProgram({ databaseUrl: test.url, print: say, complain: say });
  const failure = await program.parseAsync(['assessment-scale', 'import', path], { from: 'user' }).then(
    () => '',
    (error: Error) => error.message,
  );
  return failure + said.join('');
}
const scales = async () => {
  const rows = await test.writer.query('SELECT COUNT(*) AS count FROM assessment_scale');
  return Number(rows[0].count);
};

it.each<[string, (scale: Scale) => unknown, string]>([
  ['is no JSON', () => '{', 'not JSON'],
  [
    'has a score said twice',
    (given) => JSON.stringify(given).replace('"scoreMax":4', '"scoreMax":4,"scoreMax":40'),
    'indicators.1.scoreMax: this key is there twice',
  ],
  ['lacks a part', ({ levels: _, ...rest }) => rest, 'levels'],
  ['has a part that is none', (given) => ({ ...given, more: 1 }), 'more'],
  ['begins today', (given) => ({ ...given, fromDay: dayOf(new Date()) }), 'begins after'],
  ['begins on no day', (given) => ({ ...given, fromDay: '2031-02-30' }), 'fromDay'],
  [
    'has an indicator twice',
    (given) => ({ ...given, indicators: [...given.indicators, given.indicators[1]] }),
    'EATING is there twice',
  ],
  [
    'has an indicator in no group',
    (given) => ({ ...given, indicators: given.indicators.slice(1) }),
    'there is no group SELF_CARE',
  ],
  [
    'has a group of nothing',
    (given) => ({
      ...given,
      indicators: [...given.indicators, { code: 'MIND', groupCode: null, ...named('精神'), scoreMax: null }],
    }),
    'MIND has nothing in it',
  ],
  [
    'has a score for a group',
    (given) => ({
      ...given,
      indicators: [{ ...given.indicators[0], scoreMax: 4 }, ...given.indicators.slice(1)],
    }),
    'has a score when it is in a group',
  ],
  ['leaves a level out', (given) => ({ ...given, levels: given.levels.slice(1) }), 'levels'],
  [
    'has levels the wrong way round',
    (given) => ({ ...given, levels: [...given.levels].reverse() }),
    'levels must be 0',
  ],
  [
    'has a level that nobody comes to',
    (given) => ({
      ...given,
      levels: given.levels.map((each) => ({ ...each, scoreMin: Math.min(each.scoreMin, 5) })),
    }),
    'level 1 must begin below 5',
  ],
  [
    'wants more points than there are',
    (given) => ({
      ...given,
      levels: given.levels.map((each, index) => (index === 0 ? { ...each, scoreMin: 11 } : each)),
    }),
    'level 0 must begin below 11',
  ],
  [
    'leaves the worst off out',
    (given) => ({
      ...given,
      levels: given.levels.map((each, index) => (index === 4 ? { ...each, scoreMin: 1 } : each)),
    }),
    'level 4 must begin at 0',
  ],
])('a scale that %s is refused, and nothing is written', async (_, change, words) => {
  const before = await scales();
  expect(await bring(change(scale()))).toContain(words);
  expect(await scales()).toBe(before);
});

it('a file that is not there is refused', async () => {
  expect(await run(join(folder, 'none.json'))).toContain('cannot be read');
});

it('a scale counts from its day on, is on record, and has no other beside it on that day', async () => {
  expect(await bring(scale())).toBe(
    `GB/T 42195-2030: 2 indicators and 10 points, counts from ${fromDay} on.\n`,
  );
  const on = (day: string) => test.database.read((manager) => scaleOn(manager, day));
  expect(await on(addDays(fromDay, -1))).toMatchObject({ code: 'GB/T 42195-2022' });
  const found = await on(fromDay);
  expect(found).toMatchObject({ code: 'GB/T 42195-2030', validityMonths: 12, changeDays: 30 });
  expect(found.indicators.map(({ code, scoreMax }) => [code, scoreMax])).toEqual([
    ['SELF_CARE', null],
    ['EATING', 4],
    ['BATHING', 6],
  ]);
  expect(found.levels.map(({ scoreMin }) => scoreMin)).toEqual([10, 8, 5, 2, 0]);
  expect(await bring(scale())).toContain('There is a scale from');
  const records = await test.writer.query(
    "SELECT operation, result FROM audit_record WHERE result IN ('DONE', 'DAY_TAKEN') ORDER BY id",
  );
  expect(records).toEqual([
    { operation: 'cli assessment-scale import', result: 'DONE' },
    { operation: 'cli assessment-scale import', result: 'DAY_TAKEN' },
  ]);
});
