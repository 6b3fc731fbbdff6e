import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FlagRule } from '../../entities/meals/fraud-flag.entity.js';
import { openDatabase } from '../../ormconfig.js';
import { eventsOfFlags, type Flag, swipesOfFlags } from '../../src/meals/flags/find-flags.js';
import type { FlagStep } from '../../src/meals/flags/flag-state.rules.js';
import { stepFlag } from '../../src/meals/flags/step-flag.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Day } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addDiners,
  at,
  flagsOfRule,
  type Place,
  scanAnyway,
  scanRound,
  tapped,
} from '../support/flag-rounds.js';
import { addFlag } from '../support/flags.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addAccount, buildTown, countRows, type Diner, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let second: Database;
let town: Town;
let place: Place;
let diners: Diner[];

beforeAll(async () => {
  open = await openTestDatabase();
  second = (await openDatabase(open.url)).database;
  town = await buildTown(open.database);
  place = { canteenId: town.canteenIds[0], readerId: town.readerIds[0] };
  diners = await addDiners(town, 12);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

/** Cards of a pile, a second from each other. */
async function piled(day: Day, cards: readonly Diner[], fromSecond = 0): Promise<void> {
  const start = at(day, '12:05:00').getTime() + fromSecond * 1000;
  for (const [index, diner] of cards.entries()) {
    await tapped(town, diner, place, new Date(start + index * 1000));
  }
}

async function voidFirst({ elderId }: Diner, day: Day): Promise<void> {
  const [row]: { swipeId: string }[] = await open.database.read((manager) =>
    manager.query('SELECT swipeId FROM swipe WHERE elderId = ? AND mealDate = ? ORDER BY id LIMIT 1', [
      elderId,
      day,
    ]),
  );
  const swipeId = row?.swipeId ?? '';
  const request = {
    swipeId,
    reason: '错刷',
    byId: town.managerId,
    now: noon,
    postingId: await town.ids.take(1),
  };
  const result = await open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
  if (isRefusal(result)) throw new Error(result.refused);
}

async function flagOn(rule: FlagRule, day: Day): Promise<Flag> {
  const [flag, ...more] = (await flagsOfRule(open.database, rule, { from: day })).filter(
    (each) => each.day === day,
  );
  if (!flag || more.length > 0) throw new Error(`${more.length} flags of ${rule} too many or too few`);
  return flag;
}

async function stepped(flagId: number, step: FlagStep, byId = town.managerId): Promise<string> {
  const result = await open.database.write((manager) =>
    stepFlag(manager, { flagId, step, note: '核实', byId, now: noon }, 'everywhere'),
  );
  return isRefusal(result) ? `${result.refused} ${result.field}` : result.state;
}

const stepsOf = async (flagId: number) => {
  const events = await open.database.read((manager) => eventsOfFlags(manager, [flagId]));
  return (events.get(flagId) ?? []).map(({ step }) => step);
};

const shownOf = async (flagId: number) => {
  const swipes = await open.database.read((manager) => swipesOfFlags(manager, [flagId]));
  return swipes.get(flagId) ?? [];
};

it('a swipe that comes for one that was voided opens a decided flag again; a void alone, and one beside, do not', async () => {
  const day = '2026-03-06';
  await piled(day, diners.slice(0, 8));
  await scanRound(open.database);
  const { id } = await flagOn('MANY_CARDS', day);
  expect(await stepped(id, 'CLEAR')).toBe('HARMLESS');

  await voidFirst(diners[0] as Diner, day);
  await scanAnyway(open.database, place, day);
  await tapped(town, diners[11] as Diner, place, at(day, '12:40:00'));
  await scanRound(open.database);
  expect(await flagOn('MANY_CARDS', day)).toMatchObject({ state: 'HARMLESS', measured: 8, swipeCount: 8 });

  await piled(day, diners.slice(8, 9), 8);
  await scanRound(open.database);
  expect(await flagOn('MANY_CARDS', day)).toMatchObject({ state: 'OPEN', measured: 8, swipeCount: 8 });
  const shown = await shownOf(id);
  expect(shown.map(({ cardEnd }) => cardEnd)).toEqual(diners.slice(0, 9).map(({ uid }) => uid.slice(-4)));
  expect(shown.filter(({ voided }) => voided)).toHaveLength(1);
  expect(await stepsOf(id)).toEqual(['FIND', 'CLEAR', 'REOPEN']);
  await scanAnyway(open.database, place, day);
  expect(await stepsOf(id)).toHaveLength(3);
});

it('of more swipes than are listed the new one opens it again too, and is listed', async () => {
  const day = '2026-03-05';
  const [diner] = diners as [Diner];
  const tapAt = (number: number) =>
    tapped(town, diner, place, new Date(at(day, '03:00:00').getTime() + number * 1000));
  for (let number = 1; number <= 60; number += 1) await tapAt(number);
  await scanRound(open.database);
  const { id } = await flagOn('OUTSIDE_WINDOWS', day);
  expect(await countRows(open, `fraud_flag_swipe WHERE flagId = ${id}`)).toBe(60);
  expect(await stepped(id, 'CONFIRM')).toBe('CONFIRMED');
  await scanAnyway(open.database, place, day);
  expect(await stepsOf(id)).toEqual(['FIND', 'CONFIRM']);
  await voidFirst(diner, day);
  await tapAt(0);
  await scanRound(open.database);
  expect(await flagOn('OUTSIDE_WINDOWS', day)).toMatchObject({ state: 'OPEN', measured: 60, swipeCount: 60 });
  const shown = await shownOf(id);
  expect(shown).toHaveLength(50);
  expect(shown.filter(({ voided }) => voided)).toEqual([]);
});

it('nobody decides on swipes that were added unseen; taking it, again where one holds it, shows them', async () => {
  const day = '2026-03-07';
  const other = await addAccount(town, 'other manager');
  await piled(day, diners.slice(0, 6));
  await scanRound(open.database);
  const { id } = await flagOn('MANY_CARDS', day);
  await piled(day, diners.slice(6, 8), 6);
  await scanRound(open.database);
  expect(await flagOn('MANY_CARDS', day)).toMatchObject({ state: 'OPEN', swipeCount: 8 });
  expect(await stepped(id, 'CLEAR')).toBe('EVIDENCE_CHANGED id');
  expect(await stepped(id, 'TAKE', other)).toBe('IN_WORK');
  expect(await stepped(id, 'RELEASE', other)).toBe('OPEN');
  expect(await stepped(id, 'CONFIRM')).toBe('EVIDENCE_CHANGED id');
  expect(await stepped(id, 'TAKE')).toBe('IN_WORK');
  await piled(day, diners.slice(8, 9), 8);
  await scanRound(open.database);
  expect(await flagOn('MANY_CARDS', day)).toMatchObject({ state: 'IN_WORK', swipeCount: 9 });
  expect(await stepped(id, 'CLEAR')).toBe('EVIDENCE_CHANGED id');
  expect(await stepped(id, 'TAKE')).toBe('IN_WORK');
  expect(await stepped(id, 'TAKE')).toBe('IN_WORK');
  expect(await stepped(id, 'CLEAR')).toBe('HARMLESS');
  expect(await stepsOf(id)).toEqual(['FIND', 'GROW', 'TAKE', 'RELEASE', 'TAKE', 'GROW', 'TAKE', 'CLEAR']);
});

it('what was found at once is decided without taking it, as every look has shown it', async () => {
  const day = '2026-03-08';
  await piled(day, diners.slice(0, 6));
  await scanRound(open.database);
  const { id } = await flagOn('MANY_CARDS', day);
  await scanAnyway(open.database, place, day);
  expect(await stepped(id, 'CLEAR')).toBe('HARMLESS');
  expect(await stepsOf(id)).toEqual(['FIND', 'CLEAR']);
});

it('a decision and a scan at one moment: it is opened again, or the decision is refused, and nothing is lost', async () => {
  const rows: { id: number | string }[] = await open.database.read((manager) =>
    manager.query('SELECT id FROM swipe ORDER BY id LIMIT 2'),
  );
  const [first, added] = rows.map(({ id }) => Number(id)) as [number, number];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const subject = `reader:race-${attempt}`;
    const shown = { canteenId: place.canteenId, subject };
    const id = await addFlag(open.database, { ...shown, swipeIds: [first] });
    const scan = () => addFlag(second, { ...shown, swipeIds: [first, added] });
    // Who begins is first in most cases, so both do in turn.
    const early = attempt % 2 === 0 ? undefined : scan();
    const decision = stepped(id, 'CLEAR');
    const [decided] = await Promise.all([decision, early ?? scan()]);
    const outcome = `${decided}: ${(await stepsOf(id)).join(' ')}`;
    expect(['HARMLESS: FIND CLEAR REOPEN', 'EVIDENCE_CHANGED id: FIND GROW']).toContain(outcome);
    expect(await countRows(open, `fraud_flag WHERE id = ${id} AND state = 'OPEN' AND swipes = 2`)).toBe(1);
    expect(await shownOf(id)).toHaveLength(2);
  }
});
