import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { insertRows } from '../../src/shared/statements.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';

let open: TestDatabase;

beforeAll(async () => {
  open = await openTestDatabase();
});
afterAll(() => open.drop());

/** Something that ends when the test says so. */
function held() {
  let release = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { ended, release: () => release() };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

it('work joins a turn that is lent, until a writer waits for its end', async () => {
  if (engine !== 'sqlite') return;
  const happened: string[] = [];
  const note = (text: string) => {
    happened.push(text);
  };
  const [first, second, third] = [held(), held(), held()];
  const lend = (name: string, { ended }: { ended: Promise<void> }) =>
    open.database.lendTurn(async () => {
      note(`${name} begins`);
      await ended;
      note(`${name} ends`);
    });
  const lending = [lend('first', first), lend('second', second)];
  await turn();
  const writing = open.database.write(async () => note('written'));
  lending.push(lend('third', third));
  first.release();
  await turn();
  expect(happened).toEqual(['first begins', 'second begins', 'first ends']);
  second.release();
  third.release();
  await Promise.all([...lending, writing]);
  expect(happened.slice(3)).toEqual(['second ends', 'written', 'third begins', 'third ends']);
  await open.database.write(async () => note('written again'));
  expect(happened.at(-1)).toBe('written again');
});

it('a turn ends with work that fails, and the next one is its own', async () => {
  if (engine !== 'sqlite') return;
  await expect(
    open.database.lendTurn(async () => {
      throw new Error('fell over');
    }),
  ).rejects.toThrow('fell over');
  expect(await open.database.write(async () => 'written')).toBe('written');
  expect(await open.database.lendTurn(async () => 'lent')).toBe('lent');
});

it('on MySQL nobody waits for anybody', async () => {
  if (engine !== 'mysql') return;
  const lent = held();
  const lending = open.database.lendTurn(() => lent.ended);
  expect(await open.database.write(async () => 'written')).toBe('written');
  lent.release();
  await lending;
});

it('opening the file again keeps its locks, so no other process takes the log away', async () => {
  if (engine !== 'sqlite') return;
  const again = await openDatabase(open.url);
  await open.database.write((manager) =>
    insertRows(manager, 'funder', ['code', 'name'], [['KEPT', 'acknowledged']]),
  );
  // Whoever closes a database last puts its log away. This process still has it open, and is not seen to
  // when its locks are gone.
  const visit = `const db = new (require('libsql'))(process.argv[1]); db.prepare('SELECT * FROM funder').all(); db.close();`;
  execFileSync(process.execPath, ['-e', visit, open.url]);
  expect(existsSync(`${open.url}-wal`)).toBe(true);
  await again.database.close();
});
