import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { addService, approveHours, bookIn } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, countRows } from '../support/town.js';

let test: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'hours-'));
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await test.drop();
});

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

it('brings in two places’ rules with their funders, waiting or counting at once, and ends what is over', async () => {
  const town = await buildTown(test.database);
  expect(await run('hours add --file seeds/reference/shanghai-care/hours.json --facility CITY')).toEqual({
    failed: false,
    said: expect.stringMatching(
      /^Funder SH-CARE-FUND is added\.\nHours SHANGHAI-CARE version 1: waits for approval as \d+, to count from 2018-01-01\.\n$/,
    ),
  });
  const nanyang = 'hours add --file seeds/reference/nanyang-hours/hours.json --facility CITY --approved';
  expect(await run(nanyang)).toEqual({
    failed: false,
    said: 'Funder CIVIL-AFFAIRS is added.\nHours NANYANG-HOURS version 1: counts from 2024-01-01.\n',
  });
  for (const line of [
    nanyang,
    'hours add --file nowhere.json --facility CITY',
    nanyang.replace('CITY', 'NONE'),
  ]) {
    expect(await run(line)).toMatchObject({ failed: true, said: expect.stringContaining('Refused:') });
  }
  expect(await countRows(test, 'hours_rule')).toBe(2);
  const serviceId = await addService(test.database);
  const { elderId } = await addDiner(town);
  await approveHours(test.database, town.cityId, hoursRules([{}]), { fromDay: '2020-01-01' });
  const visit = { elderId, serviceId, stationId: town.stationId, day: '2020-03-02', minutes: 30 };
  await test.database.write((manager) => bookIn(manager, visit));
  expect(await run('hours expire')).toEqual({ failed: false, said: '1 grants are ended.\n' });
  expect(await run('hours expire')).toEqual({ failed: false, said: '0 grants are ended.\n' });
});

it('takes back what it wrote of a file whose last set is refused', async () => {
  const before = await Promise.all(['hours_rule', 'funder'].map((table) => countRows(test, table)));
  const version = { fromDay: '2030-01-01', toDay: null, document: hoursRules([{}]) };
  const file = {
    funders: [{ code: 'NEW-FUNDER', name: '新基金' }],
    ruleSets: [
      { code: 'FIRST', versions: [version] },
      { code: 'SECOND', versions: [{ ...version, toDay: '2029-01-01' }] },
    ],
  };
  const path = join(folder, 'refused.json');
  writeFileSync(path, JSON.stringify(file));
  expect(await run(`hours add --file ${path} --facility CITY --approved`)).toEqual({
    failed: true,
    said: expect.stringMatching(/^Refused: A day is written as/),
  });
  const after = await Promise.all(['hours_rule', 'funder'].map((table) => countRows(test, table)));
  expect(after).toEqual(before);
  const [last] = await test.database.read((manager) =>
    manager.query(
      "SELECT result FROM audit_record WHERE operation = 'cli hours add' ORDER BY id DESC LIMIT 1",
    ),
  );
  expect(last).toEqual({ result: 'DATE_OUT_OF_RANGE' });
});
