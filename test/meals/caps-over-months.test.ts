import { afterAll, beforeAll, expect, it } from 'vitest';
import { noStays } from '../../src/elders/institution-stays.js';
import { readCanteenTerms, termsKey } from '../../src/meals/canteen-terms.js';
import { readListFacts } from '../../src/meals/reader-lists/list-facts.js';
import { type ListFacts, ListItems } from '../../src/meals/reader-lists/list-items.rules.js';
import type { Cap, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Diner, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await inForce('WEEK', town.canteenIds[0], dinners({ per: 'WEEK', times: 5 }));
  await inForce('BOTH', town.canteenIds[1], dinners({ per: 'WEEK', times: 5 }, { per: 'MONTH', times: 31 }));
});
afterAll(() => open.drop());

function dinners(...caps: Cap[]): RuleDocument {
  return oneRule({ gives: amount(500), when: { meals: ['DINNER'] } }, { caps });
}

async function inForce(code: string, facilityId: number, document: RuleDocument): Promise<void> {
  const days = { fromDay: '2026-03-01', toDay: null };
  const proposal = { ...days, code, facilityId, document, byId: null, now: noon };
  const proposed = await open.database.write((manager) =>
    proposeVersion(manager, subsidyRules, proposal, { scope: 'everywhere', approved: true }),
  );
  if (isRefusal(proposed)) throw new Error(proposed.refused);
}

/** Monday to Sunday, with the first of April on its Wednesday. */
const week = ['03-30', '03-31', '04-01', '04-02', '04-03', '04-04', '04-05'];
const sunday = '2026-04-05';
const dinnerOn = (day: string) => new Date(`2026-${day}T17:00:00+08:00`);
const intake = (): SwipeIntake => intakeOf(town, { clock: { now: () => dinnerOn('04-05') } });

function dinnerOf({ uid }: Diner, day: string, canteen: 0 | 1) {
  return tap(town, { cardUid: uid, swipedAt: dinnerOn(day), offline: true }, { canteen });
}

/** What the rules gave towards the dinners of these days, each tapped after the answer to the one before. */
async function given(diner: Diner, days: readonly string[], canteen: 0 | 1): Promise<unknown[]> {
  const fen: unknown[] = [];
  for (const day of days)
    fen.push((await intake().record(dinnerOf(diner, day, canteen))).receipt?.subsidyFen);
  return fen;
}

const fiveTimes = [500, 500, 500, 500, 500];

it('a week that began in the month before is counted whole, beside a cap of the month too', async () => {
  expect(await given(await addDiner(town), week, 1)).toEqual([...fiveTimes, 0, 0]);
});

it('a cap of the week leaves what it leaves, whoever taps at the same time under a cap of the month', async () => {
  const diner = await addDiner(town);
  expect(await given(diner, week.slice(0, 5), 0)).toEqual(fiveTimes);
  const stranger = await addDiner(town);
  const [own] = await intake().recordAll([dinnerOf(diner, '04-05', 0), dinnerOf(stranger, '04-05', 1)]);
  expect(own?.receipt?.subsidyFen).toBe(0);
});

it('a reader is told the whole week, beside a cap of the month too', async () => {
  const diner = await addDiner(town);
  await given(diner, week.slice(0, 6), 1);
  const key = { canteenId: town.canteenIds[1], day: sunday };
  const content = await open.database.read(async (manager) => {
    const canteen = (await readCanteenTerms(manager, [key])).get(termsKey(key));
    if (!canteen) throw new Error('the canteen has no terms');
    const days: ListFacts['days'] = [{ day: sunday, canteen }];
    const facts = await readListFacts(manager, { canteenId: key.canteenId, days, stays: noStays });
    const items = new ListItems({ ...facts, salt: '00' });
    items.add(facts.cards.filter(({ elderId }) => elderId === diner.elderId));
    return [...items.contents()].find(([itemKey]) => itemKey.startsWith('card'))?.[1];
  });
  const meals = JSON.parse(content ?? '{}').meals as { day: string; gave?: object }[];
  expect(meals.filter(({ gave }) => gave).map(({ day }) => day)).toEqual(
    week.slice(0, 5).map((day) => `2026-${day}`),
  );
});
