import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { issueCard } from '../../src/meals/issue-card.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { institutionStays } from '../../src/server/institution-stays.js';
import { addBeds, addHome, addResident, admitted } from '../support/beds.js';
import { addRules, eaten } from '../support/previews.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Town, today, topUp } from '../support/town.js';

let test: TestDatabase;
let town: Town;
beforeAll(async () => {
  test = await openTestDatabase();
  town = await buildTown(test.database);
});
afterAll(() => test.drop());

async function run(line: string) {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const program = accessProgram({ databaseUrl: test.url, print: say, complain: say });
  const failed = await program.parseAsync(line.split(' '), { from: 'user' }).then(
    () => false,
    () => true,
  );
  return { failed, said: said.join('') };
}

const nanning = 'rule add --file seeds/reference/nanning/rules.json --facility CITY';
const changsha = 'rule add --file seeds/reference/changsha/rules.json --facility CITY';

it('a funder, and two cities: one approved at once, of the other one set for somebody to approve', async () => {
  expect(await run('funder add --code CIVIL --name 市民政局')).toEqual({
    failed: false,
    said: 'Funder CIVIL (市民政局) is added.\n',
  });
  expect(await run('funder add --code TOWN --name 石滩镇 --level TOWN --division 440118104')).toEqual({
    failed: false,
    said: 'Funder TOWN (石滩镇) is added.\n',
  });
  expect(await run(`${nanning} --approved`)).toEqual({
    failed: false,
    said:
      'Funder NN-CITY is added.\n' +
      'Rules NANNING version 1: counts from 2019-11-05 until before 2022-08-01.\n' +
      'Rules NANNING version 2: counts from 2022-08-01.\n',
  });
  expect(await run(`${changsha} --code KAIFU`)).toEqual({
    failed: false,
    said: expect.stringMatching(
      /Rules KAIFU version 1: waits for approval as \d+, to count from 2020-01-01\.\n$/,
    ),
  });
});

it('tells what meals would have cost, before anybody approves', async () => {
  const { said } = await run(`${changsha} --code KAIFU`);
  const id = /approval as (\d+)/.exec(said)?.[1];
  expect(await run(`rule preview --id ${id} --from 2026-03-01 --to 2026-04-01`)).toEqual({
    failed: false,
    said:
      '0 meals from 2026-03-01 until before 2026-04-01, of which 0 would have been split otherwise\n' +
      'Subsidies: 0.00 yuan, and 0.00 under these rules\n' +
      'Discounts: 0.00 yuan, and 0.00 under these rules\n' +
      'Paid by elders: 0.00 yuan, and 0.00 under these rules\n' +
      'To operators besides: 0.00 yuan, and 0.00 under these rules\n',
  });
  expect((await run(`rule preview --id ${id}`)).failed).toBe(false);
});

it('knows who lives in an institution when it does', async () => {
  const elderId = await addResident(town);
  const uid = '04A1B2C3';
  await test.database.write((manager) => issueCard(manager, { elderId, uid }, 'everywhere', today));
  await topUp(town, uid, 10_000);
  const [bedId = 0] = await addBeds(town, await addHome(town), [{}]);
  await admitted(town, { bedId, elderId, from: '2026-03-08', now: new Date('2026-03-08T08:00:00+08:00') });
  const lunch = await eaten(town, uid, '2026-03-09T12:00:00', { stays: institutionStays });
  expect(lunch.receipt?.subsidyFen).toBe(0);
  const [{ id }] = await test.database.read((manager) =>
    manager.query("SELECT id FROM subsidy_rule WHERE code = 'LUNCH-60' AND version = 1"),
  );
  const { said } = await run(`rule preview --id ${id} --from 2026-03-01 --to 2026-04-01`);
  expect(said).toContain('1 meals from 2026-03-01 until before 2026-04-01, of which 0 would have been split');
  expect(said).toContain('Subsidies: 0.00 yuan, and 0.00 under these rules\n');
});

it('tells what each funder and operators got and would get', async () => {
  const { uid } = await addDiner(town);
  const { cityId: facilityId } = town;
  const kitchen = {
    code: 'K',
    name: { zh: '每餐', en: 'a meal' },
    per: 'MEAL' as const,
    counts: 'ALL' as const,
  };
  const rules = (funder: string, fen: number): RuleDocument => ({
    ...oneRule({ when: { meals: ['DINNER'] }, gives: amount(500), borneBy: [{ funder, rest: true }] }),
    operators: [{ ...kitchen, fen, borneBy: [{ funder, rest: true }] }],
  });
  await addRules(town, { code: 'PAID', facilityId, document: rules('BUREAU', 100) });
  await eaten(town, uid, '2026-03-09T17:00:00');
  const proposed = { code: 'PAID', facilityId, document: rules('CIVIL', 150), fromDay: '2026-04-01' };
  const id = await addRules(town, { ...proposed, approved: false });
  const { said } = await run(`rule preview --id ${id} --from 2026-03-09 --to 2026-03-10`);
  expect(said).toContain('of which 1 would have been split otherwise\nSubsidies: 5.00 yuan, and 5.00 under');
  expect(said).toMatch(
    /Borne by 市民政局: 0.00 yuan, and 5.00 under these rules\nBorne by 市民政局: 5.00 yuan, and 0.00/,
  );
  expect(said).toMatch(/To operators besides: 2.00 yuan, and 3.00 under these rules\n$/);
});

it.each([
  ['funder add --code civil --name 市民政局', 'Refused: A code has 1 to 32 of A-Z, 0-9 and the hyphen.'],
  ['funder add --code CIVIL --name 市民政局', 'Refused: A funder has this code already.'],
  [
    'funder add --code NEW --name x --level TOWN',
    'Refused: A province, city, district or town has a division',
  ],
  ['funder add --code NEW --name x --level VILLAGE', 'is invalid. Allowed choices are PROVINCE, CITY'],
  [`${nanning} --approved`, 'Refused: Its days overlap those of version 1.'],
  [`${nanning} --code LIUZHOU`, 'Refused: The file has no set of this code.'],
  ['rule add --file seeds/reference/nanning/cases.json --facility CITY', 'Refused: Invalid input'],
  ['rule preview --id 999999', 'Refused: No version has this id'],
  ['rule preview --id x', 'It must be a whole number.'],
  ['rule preview --id 1 --from 2026-03-01', 'Refused: --from and --to are 1 to 62 days apart'],
  ['rule preview --id 1 --from 2026-02-30 --to 2026-03-02', 'Refused: --from and --to are'],
  ['rule add --file nowhere.json --facility CITY', 'Refused: The file cannot be read.'],
  ['rule add --file seeds/reference/nanning/rules.json', "required option '--facility <code>' not specified"],
])('refused: %s', async (line, complaint) => {
  const { failed, said } = await run(line);
  expect(failed).toBe(true);
  expect(said).toContain(complaint);
});

it('a file in which a key is there twice is refused with its place, and nothing is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-rules-'));
  const path = join(folder, 'rules.json');
  const text = readFileSync('seeds/reference/nanning/rules.json', 'utf8');
  try {
    // The amount of the first version, and beside it another one.
    writeFileSync(path, text.replace(/"fen": *\d+/, '$&, "fen": 900'));
    const before = await rows();
    expect(await run(`rule add --file ${path} --code NANNING --facility CITY`)).toEqual({
      failed: true,
      said: expect.stringContaining(
        'Refused: ruleSets.0.versions.0.document.groups.0.rules.0.gives.fen: this key is there twice',
      ),
    });
    expect(await rows()).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const rows = () =>
  test.database.read((manager) =>
    manager.query(
      'SELECT (SELECT COUNT(*) FROM subsidy_rule) AS rules, (SELECT COUNT(*) FROM funder) AS funders',
    ),
  );
