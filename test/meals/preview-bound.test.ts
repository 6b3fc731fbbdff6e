import { afterAll, beforeAll, expect, it } from 'vitest';
import { noStays } from '../../src/elders/institution-stays.js';
import { type PreviewBound, previewRuleChange } from '../../src/meals/rules/preview-rule-change.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { listedVersion } from '../../src/rule-versions/list-versions.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Town, today } from '../support/town.js';

/** Two pages of elders and a few. */
const diners = 125;
let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  const requests = [];
  for (let index = 0; index < diners; index += 1) {
    const { uid } = await addDiner(town);
    requests.push(tap(town, { cardUid: uid }));
  }
  const answers = await intakeOf(town).recordAll(requests);
  expect(answers.every(({ outcome }) => outcome === 'ACCEPTED')).toBe(true);
});
afterAll(() => open.drop());

/** What the rules in force would have cost on the day, were they the proposed ones. */
const previewed = (bound?: PreviewBound) =>
  open.database.read(async (manager) => {
    const [{ id }] = await manager.query("SELECT MAX(id) AS id FROM subsidy_rule WHERE status = 'APPROVED'");
    const rules = await listedVersion(manager, subsidyRules, id);
    if (!rules) throw new Error('the town has no rules');
    const days = { fromDay: today, toDay: '2026-03-11' };
    return previewRuleChange(manager, rules, days, bound ? { stays: noStays, bound } : { stays: noStays });
  });

const never = () => false;

it('looks at everything below its bound, and says so', async () => {
  const all = { complete: true, eldersLookedAt: diners, eldersInAll: diners, meals: diners };
  expect(await previewed()).toMatchObject(all);
  const bounded = await previewed({ mealsMax: diners, isOver: never });
  expect(bounded).toMatchObject({ ...all, actual: { subsidyFen: diners * 300 } });
});

it('stops at so many meals, and its figures are of those it has looked at', async () => {
  expect(await previewed({ mealsMax: 61, isOver: never })).toMatchObject({
    complete: false,
    eldersLookedAt: 120,
    eldersInAll: diners,
    meals: 120,
    actual: { subsidyFen: 120 * 300 },
    proposed: { subsidyFen: 120 * 300 },
  });
});

it('stops when its time is over, after a page at the least', async () => {
  expect(await previewed({ mealsMax: 1_000, isOver: () => true })).toMatchObject({
    complete: false,
    eldersLookedAt: 60,
    eldersInAll: diners,
    meals: 60,
  });
});
