import { DataSource } from 'typeorm';
import { afterEach, expect, it } from 'vitest';
import * as migrations from '../../migrations/index.js';
import { dataSourceOptions, openDatabase } from '../../ormconfig.js';
import { readRuleCatalog, readUses } from '../../src/meals/rules/rule-catalog.js';
import { migrate } from '../../src/shared/migrate.js';
import { insertRows } from '../../src/shared/statements.js';
import { emptyDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A database as it was before, with two versions of a rule and a swipe that each of them paid for. */
async function oldDatabase() {
  const { url, drop } = await emptyDatabase();
  cleanUps.push(drop);
  const options = {
    ...dataSourceOptions(url),
    migrations: [migrations.NetworkEldersMealsAccess1763800000000],
  };
  const old = await new DataSource(options).initialize();
  await old.runMigrations();
  await old.transaction(async (manager) => {
    const insert = (table: string, row: Record<string, unknown>) =>
      insertRows(manager, table, Object.keys(row), [Object.values(row)]);
    const place = { kind: 'ELDER_CANTEEN', divisionCode: '411302001001', openedOn: '2019-01-01' };
    await insert('facility', { id: 1, code: 'C', name: 'C', ...place });
    await insert('account', { id: 1, name: 'reader', createdAt: 0 });
    await insert('funder', { id: 1, code: 'BUREAU', name: '市民政局' });
    const rule = { code: 'LUNCH', facilityId: 1, funderId: 1, meal: 'LUNCH', ageMin: 60 };
    const first = { id: 4, version: 1, amountFen: 200, fromDay: '2019-11-05', toDay: '2022-08-01' };
    await insert('subsidy_rule', { ...rule, ...first });
    await insert('subsidy_rule', {
      ...rule,
      id: 7,
      version: 2,
      amountFen: 300,
      fromDay: '2022-08-01',
      toDay: null,
    });
    for (const [id, ruleId, subsidyFen] of [
      [1, 4, 200],
      [2, 7, 300],
    ] as const) {
      await insert('swipe', {
        id,
        swipeId: `00000000-0000-4000-8000-00000000000${id}`,
        readerId: 1,
        canteenId: 1,
        sequence: id,
        cardUid: 'A1',
        swipedAt: 0,
        receivedAt: 0,
        grossFen: 1000,
        mode: 'DINE_IN',
        offline: 0,
        outcome: 'CARD_UNKNOWN',
        mealDate: '2022-08-01',
        subsidyFen,
        discountFen: 0,
        selfPaidFen: 1000 - subsidyFen,
        ruleId,
      });
    }
  });
  await old.destroy();
  const opened = await openDatabase(url, { identityKeys: testKeys });
  cleanUps.push(() => opened.database.close());
  return opened;
}

it('rules become documents, and every swipe still names the one that paid for it', async () => {
  const { database, writer } = await oldDatabase();
  await migrate(writer);
  const { versions } = await database.read(readRuleCatalog);
  expect([...versions.values()]).toMatchObject([
    {
      ruleSetId: 4,
      code: 'LUNCH',
      version: 1,
      fromDay: '2019-11-05',
      toDay: '2022-08-01',
      needs: { past: 'NOTHING' },
    },
    { ruleSetId: 7, code: 'LUNCH', version: 2, fromDay: '2022-08-01', toDay: null },
  ]);
  expect(versions.get(7)?.document.groups[0]?.rules[0]).toMatchObject({
    who: { ageFrom: 60 },
    when: { meals: ['LUNCH'] },
    gives: { kind: 'AMOUNT', fen: 300 },
    borneBy: [{ funder: 'BUREAU', rest: true }],
  });
  const swipes = await writer.query('SELECT ruleId, subsidyFen, appliedRules, menu FROM swipe ORDER BY id');
  expect(swipes).toMatchObject([
    { ruleId: 4, appliedRules: null, menu: null },
    { ruleId: 7, appliedRules: null, menu: null },
  ]);
  expect(swipes.flatMap((swipe: Parameters<typeof readUses>[0]) => readUses(swipe, versions))).toEqual([
    { setCode: 'LUNCH', groupCode: 'MEAL', ruleCode: 'MEAL', fen: 200 },
    { setCode: 'LUNCH', groupCode: 'MEAL', ruleCode: 'MEAL', fen: 300 },
  ]);
  // The links are still held by the database.
  await expect(writer.query('UPDATE swipe SET ruleId = 99 WHERE id = 1')).rejects.toThrow(/foreign key/i);
  await expect(writer.query('DELETE FROM subsidy_rule WHERE id = 4')).rejects.toThrow(/foreign key/i);

  const isApplied = async () => {
    const rows: unknown[] = await writer.query(
      "SELECT name FROM migrations WHERE name = 'SubsidyRules1764100400000'",
    );
    return rows.length > 0;
  };
  while (await isApplied()) await writer.undoLastMigration();
  expect(
    await writer.query('SELECT id, meal, ageMin, amountFen, funderId FROM subsidy_rule ORDER BY id'),
  ).toMatchObject([
    { id: 4, meal: 'LUNCH', ageMin: 60, funderId: 1 },
    { id: 7, meal: 'LUNCH', ageMin: 60, funderId: 1 },
  ]);
  await migrate(writer);
  expect((await database.read(readRuleCatalog)).versions.size).toBe(2);
});

it('goes on where a server was killed between two steps', async () => {
  const { database, writer } = await oldDatabase();
  if (database.engine === 'sqlite') return;
  const runner = writer.createQueryRunner();
  cleanUps.push(() => runner.release());
  const migration = new migrations.SubsidyRules1764100400000();
  // Killed at each statement that changes something, one further each time.
  for (let survives = 0; survives < 60; survives++) {
    let left = survives;
    const dying = new Proxy(runner, {
      get(target, name) {
        const own: unknown = Reflect.get(target, name, target);
        if (typeof own !== 'function') return own;
        return (...given: unknown[]) => {
          const changes =
            name === 'createTable' || (name === 'query' && !/^\s*SELECT/i.test(String(given[0])));
          if (changes && left-- <= 0) throw new Error('killed');
          return own.apply(target, given);
        };
      },
    });
    const ended = await migration.up(dying).then(
      () => true,
      (error: Error) => {
        if (error.message !== 'killed') throw error;
        return false;
      },
    );
    await runner.query('ROLLBACK');
    if (ended) break;
  }
  const rows = await runner.query('SELECT id, document FROM subsidy_rule ORDER BY id');
  expect(rows.map(({ id }: { id: number }) => id)).toEqual([4, 7]);
  expect(await runner.hasTable('subsidy_rule_kept')).toBe(false);
});
