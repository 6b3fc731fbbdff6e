import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { recordsOf } from '../support/audit-trail.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
const said: string[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  for (let count = 0; count < 6; count += 1) {
    const swipedAt = new Date(noon.getTime() - count * 1000);
    await intakeOf(town).record(tap(town, { cardUid: (await addDiner(town)).uid, swipedAt }));
  }
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function run(...words: string[]): Promise<unknown> {
  said.length = 0;
  const program = accessProgram({
    databaseUrl: open.url,
    identityKeys: testKeys,
    print: (text) => said.push(text),
    complain: (text) => said.push(text),
  });
  return program.parseAsync(['flags', ...words], { from: 'user' }).then(
    () => said.join(''),
    (error: unknown) => error,
  );
}

it('looks a day through, again without doubling anything, and leaves a record', async () => {
  expect(await run('scan', '--day', '2026-03-10', '--within', 'CANTEEN-2')).toMatch(
    /^0 canteens .* 0 new flags/,
  );
  expect(await run('scan', '--day', '2026-03-10', '--within', 'COUNTY')).toMatch(
    /^1 canteens .* 1 new flags/,
  );
  expect(await run('scan', '--day', '2026-03-10')).toMatch(/^1 canteens .* 0 new flags, 0 opened again/);
  const records = (await recordsOf(open.database)).filter(({ operation }) => operation === 'cli flags scan');
  expect(records).toHaveLength(3);
  expect(records.some(({ details }) => details?.includes('"found":1'))).toBe(true);
});

it('says what it cannot do, and does nothing', async () => {
  expect(await run('scan', '--day', '2026-02-30')).toBeInstanceOf(Error);
  expect(await run('scan', '--day', '2026-03-10', '--within', 'NOWHERE')).toBeInstanceOf(Error);
  expect(said.join('')).toContain('no facility has the code NOWHERE');
});
