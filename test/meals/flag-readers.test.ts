import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addDiners,
  at,
  dueNow,
  flagsOfRule,
  type Place,
  scanAnyway,
  scanRound,
  worked,
} from '../support/flag-rounds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addAccount, buildTown, type Diner, type Town } from '../support/town.js';

let open: TestDatabase;
/** That of another server. */
let second: Database;
let town: Town;
let one: Place;
let other: Place;
/** At the same canteen as `other`. */
let beside: Place;

beforeAll(async () => {
  open = await openTestDatabase();
  second = (await openDatabase(open.url)).database;
  town = await buildTown(open.database);
  one = { canteenId: town.canteenIds[0], readerId: town.readerIds[0] };
  other = { canteenId: town.canteenIds[1], readerId: town.readerIds[1] };
  beside = { ...other, readerId: await addAccount(town, 'reader 3') };
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

const days = ['2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];

const found = async (rule: 'SAME_ORDER' | 'LONG_BACKFILL', { canteenId }: Place) =>
  (await flagsOfRule(open.database, rule))
    .filter((flag) => flag.canteenId === canteenId)
    .map(({ day, readerName, measured, swipeCount }) => `${day} ${readerName} ${measured} ${swipeCount}`);

describe('the same order day after day', () => {
  it('is found in the days that look back at what is uploaded last, in the round that is told of it, by two servers at once', async () => {
    const pile = await addDiners(town, 20);
    for (const day of [...days].reverse()) {
      await worked(town, pile, one, at(day, '11:00:00'));
      await Promise.all([scanRound(open.database), scanRound(second)]);
    }
    expect(await found('SAME_ORDER', one)).toEqual([
      '2026-03-07 reader 1 100 20',
      '2026-03-08 reader 1 100 20',
      '2026-03-09 reader 1 100 20',
    ]);
    expect(await dueNow(open.database)).toEqual([]);
    expect(await scanRound(open.database)).toBe(0);
  });

  it('is found where two readers take turns, once, and a dinner in another order every other day is none', async () => {
    const pile = await addDiners(town, 20);
    for (const [index, day] of days.entries()) {
      const isTurn = index % 2 === 0;
      await worked(town, pile, isTurn ? other : beside, at(day, '11:00:00'));
      await worked(town, isTurn ? pile : [...pile].reverse(), other, at(day, '17:00:00'));
    }
    const turns = ['2026-03-07 reader 2 100 20', '2026-03-08 reader 3 100 20', '2026-03-09 reader 2 100 20'];
    await scanRound(open.database);
    expect(await found('SAME_ORDER', other)).toEqual(turns);
    for (const day of days) await scanAnyway(open.database, other, day);
    expect(await scanRound(open.database)).toBe(0);
    expect(await found('SAME_ORDER', other)).toEqual(turns);
  });

  it('a day is due again for what an earlier one at its canteen is told late, and not for what is known', async () => {
    await worked(town, await addDiners(town, 1), one, at('2026-03-07', '13:00:00'));
    const due = async () =>
      (await dueNow(open.database)).map(({ canteenId, day }) => `${day} ${canteenId === one.canteenId}`);
    expect(await due()).toEqual(['2026-03-07 true']);
    await scanAnyway(open.database, one, '2026-03-07');
    expect(await due()).toEqual(['2026-03-08 true', '2026-03-09 true']);
    await scanRound(open.database);
    await scanAnyway(open.database, one, '2026-03-07');
    expect(await due()).toEqual([]);
  });
});

it('ten uploads long after the tap are a sign; nine are none, nor are ten that came within a day', async () => {
  // Everything here is uploaded at noon of the tenth.
  const diners: Diner[] = await addDiners(town, 10);
  await worked(
    town,
    diners,
    { ...one, readerId: await addAccount(town, 'ten late') },
    at('2026-03-08', '11:00:00'),
  );
  await worked(
    town,
    diners.slice(0, 9),
    { ...one, readerId: await addAccount(town, 'nine') },
    at('2026-03-07', '11:00:00'),
  );
  await worked(
    town,
    diners,
    { ...one, readerId: await addAccount(town, 'in time') },
    at('2026-03-09', '12:00:00'),
  );
  await scanRound(open.database);
  const late = await found('LONG_BACKFILL', one);
  expect(late.filter((line) => !line.includes('reader 1'))).toEqual(['2026-03-08 ten late 10 10']);
});
