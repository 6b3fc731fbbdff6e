import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invariants } from '../../src/audit/invariants.js';
import { brokenCaps } from '../../src/meals/audit-caps.js';
import type { Cap, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { saidWith } from '../support/audited.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Diner, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

const check = 'what rules gave is what the bearers of meals paid, and no more than any cap allows';

/** What the audit says of the caps after these changes, which are taken back. */
function saidAfter(...changes: string[]): Promise<string[]> {
  const checks = invariants.filter(({ name }) => name === check);
  return saidWith(open.database, checks, async (manager) => {
    for (const sql of changes) await manager.query(sql);
  });
}

async function inForce(code: string, document: RuleDocument, fromDay = '2026-01-01'): Promise<number> {
  const proposal = { code, facilityId: town.streetId, fromDay, toDay: null, document, byId: null, now: noon };
  const result = await open.database.write((manager) =>
    proposeVersion(manager, subsidyRules, proposal, { scope: 'everywhere', approved: true }),
  );
  if (isRefusal(result)) throw new Error(`${result.refused} ${result.field}`);
  return result.ruleSetId;
}

const times = { BREAKFAST: '07:00', LUNCH: '12:00', DINNER: '17:00' } as const;

interface Eaten {
  swipeId: string;
  /** Of its row. */
  id: number;
  fen: number;
}

/** A meal that is recorded at its time, or late by so many days. */
async function eat({ uid }: Diner, day: string, meal: keyof typeof times, daysLate = 0): Promise<Eaten> {
  const swipedAt = new Date(`${day}T${times[meal]}:00+08:00`);
  const now = new Date(swipedAt.getTime() + daysLate * 86_400_000);
  const request = tap(town, { cardUid: uid, swipedAt, offline: daysLate > 0 });
  const { receipt, outcome } = await intakeOf(town, { clock: { now: () => now } }).record(request);
  if (!receipt) throw new Error(outcome);
  const { swipeId } = request.command;
  const [row] = await open.database.read((manager) =>
    manager.query('SELECT id FROM swipe WHERE swipeId = ?', [swipeId]),
  );
  return { swipeId, id: Number(row.id), fen: receipt.subsidyFen };
}

const levels = ['rule', 'group', 'set'] as const;

/** 5 yuan for everybody of this age, with one cap. */
function capped(level: (typeof levels)[number], age: number, caps: Cap[]): RuleDocument {
  const who = { ageFrom: age, ageTo: age };
  const document = oneRule({ gives: amount(500), who, ...(level === 'rule' ? { caps } : {}) });
  if (level === 'set') return { ...document, caps };
  return {
    ...document,
    groups: document.groups.map((group) => (level === 'group' ? { ...group, caps } : group)),
  };
}

let age = 60;
/** An elder of an age of its own. */
function dinerOfNextAge(): Promise<Diner> {
  age += 1;
  return addDiner(town, { birthDate: `${2026 - age}-01-01`, balanceFen: 100_000 });
}

/** As if this rule had given what another gave towards a meal: no amount changes. */
const givenBy = (ruleSetId: number, { id, fen }: Eaten) =>
  `UPDATE swipe SET appliedRules = '${ruleSetId}.0=${fen}', ruleId = ${ruleSetId} WHERE id = ${id}`;

type Day = [day: string, meal: keyof typeof times];
const breakfasts: Day[] = [
  ['2026-03-02', 'BREAKFAST'],
  ['2026-03-03', 'BREAKFAST'],
];

describe.each(levels)('a cap of a %s', (level) => {
  it.each<[Cap, Day[], Day, object]>([
    [{ per: 'DAY', times: 1 }, breakfasts, ['2026-03-03', 'LUNCH'], { given: 2, most: 1 }],
    [{ per: 'DAY', fen: 500 }, breakfasts, ['2026-03-03', 'LUNCH'], { given: 700, most: 500 }],
    [{ per: 'WEEK', times: 2 }, breakfasts, ['2026-03-08', 'LUNCH'], { given: 3, most: 2 }],
    [{ per: 'WEEK', fen: 1000 }, breakfasts, ['2026-03-08', 'LUNCH'], { given: 1200, most: 1000 }],
    [{ per: 'MONTH', times: 2 }, breakfasts, ['2026-03-31', 'LUNCH'], { given: 3, most: 2 }],
    [{ per: 'MONTH', fen: 1000 }, breakfasts, ['2026-03-31', 'LUNCH'], { given: 1300, most: 1000 }],
  ])('of %j is found where it is passed', async (cap, before, last, found) => {
    const diner = await dinerOfNextAge();
    const ruleSetId = await inForce(`AGED-${age}`, capped(level, age, [cap]));
    for (const [day, meal] of before) expect((await eat(diner, day, meal)).fen).toBe(500);
    // The cap leaves nothing, and the town's own rule gives its 2 or 3 yuan.
    const eaten = await eat(diner, ...last);
    expect(eaten.fen).toBeLessThan(500);
    expect(await saidAfter()).toEqual([`holds  ${check}`]);
    const [verdict, row, ...more] = await saidAfter(givenBy(ruleSetId, eaten));
    expect([verdict, more]).toEqual([`BROKEN ${check}`, []]);
    const owner = { setCode: `AGED-${age}`, ...(level === 'set' ? {} : { groupCode: 'G' }) };
    const unit = cap.times ? 'times' : 'fen';
    expect(JSON.parse(row ?? '')).toMatchObject({
      elderId: diner.elderId,
      per: cap.per,
      unit,
      ...owner,
      ...found,
    });
  });

  it('of a meal is found where it is passed by a fen', async () => {
    const diner = await dinerOfNextAge();
    const ruleSetId = await inForce(`AGED-${age}`, capped(level, age, [{ per: 'MEAL', fen: 400 }]));
    const { id, fen } = await eat(diner, '2026-03-02', 'DINNER');
    expect(fen).toBe(400);
    const amounts = 'subsidyFen = 401, selfPaidFen = selfPaidFen - 1';
    const [verdict, row] = await saidAfter(
      `UPDATE swipe SET appliedRules = '${ruleSetId}.0=401', ${amounts} WHERE id = ${id}`,
    );
    expect(verdict).toBe(`BROKEN ${check}`);
    expect(JSON.parse(row ?? '')).toMatchObject({ per: 'MEAL', unit: 'fen', given: 401, most: 400 });
  });
});

it('finds a meal of which the rules do not say what was paid, and one by rules of other days', async () => {
  const diner = await addDiner(town, { birthDate: '1930-01-01' });
  const { id } = await eat(diner, '2026-03-09', 'LUNCH');
  const found = (givenFen: number) => [
    `BROKEN ${check}`,
    `         ${JSON.stringify({ swipeRowId: id, borneFen: 200, givenFen })}`,
  ];
  const change = (to: string) => saidAfter(`UPDATE swipe SET ${to} WHERE id = ${id}`);
  const [{ applied }] = await open.database.read((manager) =>
    manager.query(`SELECT appliedRules AS applied FROM swipe WHERE id = ${id}`),
  );
  expect(await change(`appliedRules = '${applied.replace('=200', '=199')}'`)).toEqual(found(199));
  expect(await change('appliedRules = NULL, ruleId = NULL')).toEqual(found(0));
  expect(await change("appliedRules = '999999.0=200'")).toEqual(found(0));
  const [{ later }] = await open.database.read((manager) =>
    manager.query("SELECT id AS later FROM subsidy_rule WHERE code = 'LUNCH-60' AND version = 2"),
  );
  expect(await change(`appliedRules = '${later}.0=200'`)).toEqual(found(0));
});

it('a voided meal is free again, and the cap is passed if it were not', async () => {
  const diner = await dinerOfNextAge();
  await inForce(`AGED-${age}`, capped('rule', age, [{ per: 'DAY', times: 1 }]));
  const { swipeId, id } = await eat(diner, '2026-03-05', 'BREAKFAST');
  const taken = {
    swipeId,
    reason: '错刷',
    byId: town.managerId,
    now: noon,
    postingId: await town.ids.take(1),
  };
  await open.database.write((manager) => voidSwipe(manager, taken, 'everywhere'));
  expect((await eat(diner, '2026-03-05', 'LUNCH')).fen).toBe(500);
  expect(await saidAfter()).toEqual([`holds  ${check}`]);
  const [verdict] = await saidAfter(
    `UPDATE swipe SET claimedMeal = meal, voidedAt = NULL, voidReason = NULL, voidedById = NULL WHERE id = ${id}`,
  );
  expect(verdict).toBe(`BROKEN ${check}`);
});

it('late meals under a wider cap may follow those of the narrower one that came after it', async () => {
  const diner = await dinerOfNextAge();
  const code = `AGED-${age}`;
  const first = await inForce(code, capped('rule', age, [{ per: 'WEEK', times: 4 }]));
  await inForce(code, capped('rule', age, [{ per: 'WEEK', times: 2 }]), '2026-03-19');
  const fen = async (day: string, daysLate = 0) => (await eat(diner, day, 'DINNER', daysLate)).fen;
  expect([await fen('2026-03-19'), await fen('2026-03-20'), await fen('2026-03-21')]).toEqual([500, 500, 0]);
  expect([await fen('2026-03-16', 6), await fen('2026-03-17', 5)]).toEqual([500, 500]);
  expect(await saidAfter()).toEqual([`holds  ${check}`]);
  const lunch = await eat(diner, '2026-03-18', 'LUNCH', 4);
  const [verdict, row] = await saidAfter(givenBy(first, lunch));
  expect(verdict).toBe(`BROKEN ${check}`);
  expect(JSON.parse(row ?? '')).toMatchObject({ per: 'WEEK', first: '2026-03-16', given: 5, most: 4 });
});

it('finds the same by pages of one elder each', async () => {
  const paged = [20_000, 1].map((mealsAtOnce) => ({
    name: check,
    offending: (manager: EntityManager) => brokenCaps(manager, mealsAtOnce),
  }));
  const said = await saidWith(open.database, paged, (manager) =>
    manager.query("UPDATE swipe SET appliedRules = '999999.0=1' WHERE subsidyFen > 0"),
  );
  expect(said).toHaveLength(2 * 7);
  expect(said[6]).toMatch(/and \d{2} more/);
  expect(said.slice(7)).toEqual(said.slice(0, 7));
});
