import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown } from '../support/town.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await buildTown(test.database);
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

const rule =
  'rule add --code DINNER-60 --facility CITY --funder CIVIL --meal DINNER --age-min 60 --amount-fen 300';

it('a funder, a rule and its next version', async () => {
  expect(await run('funder add --code CIVIL --name 市民政局')).toEqual({
    failed: false,
    said: 'Funder CIVIL (市民政局) is added.\n',
  });
  expect(await run(`${rule} --version 1 --from 2026-01-01`)).toEqual({
    failed: false,
    said: 'Rule DINNER-60 version 1 counts from 2026-01-01.\n',
  });
  expect(await run(`${rule} --version 2 --from 2026-05-01 --to 2027-01-01`)).toEqual({
    failed: false,
    said:
      'Rule DINNER-60 version 2 counts from 2026-05-01 until before 2027-01-01.\n' +
      'Version 1 had no end; it now ends before 2026-05-01.\n',
  });
});

it.each([
  ['funder add --code civil --name 市民政局', 'Refused: A code has 1 to 32 of A-Z, 0-9 and the hyphen.'],
  ['funder add --code CIVIL --name 市民政局', 'Refused: A funder has this code already.'],
  [`${rule} --version 2 --from 2028-01-01`, 'Refused: The rule has this version already.'],
  [`${rule} --version 3 --from 2026-12-31`, 'Refused: Its days overlap those of version 2.'],
  [`${rule} --version three --from 2028-01-01`, "argument 'three' is invalid. It must be a whole number."],
  [`${rule} --version 3`, "required option '--from <day>' not specified"],
])('refused: %s', async (line, complaint) => {
  const { failed, said } = await run(line);
  expect(failed).toBe(true);
  expect(said).toContain(complaint);
});
