import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { SubsidyRule } from '../../entities/index.js';
import { type InstitutionStays, stayKey } from '../../src/elders/institution-stays.js';
import { addFunder } from '../../src/meals/add-funder.js';
import { previewRuleChange } from '../../src/meals/rules/preview-rule-change.js';
import type { RuleImpact } from '../../src/meals/rules/rule-impact.js';
import type { OperatorRule, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import type { FunderLevel } from '../../src/meals/rules/rule-shares.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { versionsOf } from '../../src/rule-versions/list-versions.js';
import type { Day } from '../../src/shared/china-time.js';
import { anyDocument } from '../support/any-rules.js';
import { patienceOf, runsOf } from '../support/long-runs.js';
import { anyStep, PreviewedSteps } from '../support/previewed-steps.js';
import { booked, borneIn } from '../support/previews.js';
import { openTestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

const numRuns = runsOf(8);
vi.setConfig({ testTimeout: patienceOf(240_000) });

/** All that is tapped lies within, and no more days than a preview may look at. */
const [firstDay, changedOn, endDay] = ['2026-02-20', '2026-03-10', '2026-04-20'];

const perPerson: OperatorRule = {
  code: 'KITCHEN',
  name: { zh: '每人', en: 'a person' },
  per: 'PERSON_DAY',
  fen: 70,
  counts: 'SUBSIDISED',
  borneBy: [{ funder: 'CITY', rest: true }],
};

/** Two sets side by side, of which the first has two versions. */
const anyCity = fc
  .tuple(anyDocument, anyDocument, anyDocument)
  .map(([first, second, other]): [string, Day, Day | null, RuleDocument][] => [
    ['S0', '2026-01-01', changedOn, { ...first, operators: [perPerson] }],
    ['S0', changedOn, null, { ...second, operators: [perPerson] }],
    ['S1', '2026-01-01', null, other],
  ]);

async function buildCity(town: Town, city: [string, Day, Day | null, RuleDocument][]): Promise<void> {
  const funders: [string, FunderLevel, string | null][] = [
    ['CITY', 'CITY', '4113'],
    ['DISTRICT', 'DISTRICT', '411302'],
    ['TOWN', 'TOWN', '411302001'],
    ['DONOR', 'DONOR', null],
  ];
  await town.database.write(async (manager) => {
    for (const [code, level, divisionCode] of funders) {
      await addFunder(manager, { code, name: code, level, divisionCode });
    }
    await manager.insert(
      SubsidyRule,
      city.map(([code, fromDay, toDay, document], index) => ({
        code,
        version: index + 1,
        facilityId: town.cityId,
        fromDay,
        toDay,
        status: 'APPROVED' as const,
        document: JSON.stringify(document),
        proposedAt: noon,
        decidedAt: noon,
      })),
    );
  });
}

/** Four elders, of whom one lives in a home for some days and one has died, as everybody knows before the first tap. */
async function addDiners(town: Town) {
  const diners = [];
  for (const balanceFen of [30_000, 4000, 30_000, 30_000]) diners.push(await addDiner(town, { balanceFen }));
  const [, , resident, late] = diners.map(({ elderId }) => elderId);
  await town.database.write((manager) =>
    manager.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-07' WHERE id = ?", [late]),
  );
  const stays: InstitutionStays = {
    on: async (_, elderIds, days) => {
      const lived = days.filter((day) => day >= '2026-03-06' && day < '2026-03-09');
      return new Set(elderIds.includes(resident ?? 0) ? lived.map((day) => stayKey(resident ?? 0, day)) : []);
    },
  };
  return { diners, stays };
}

const unchanged = ({ changed, actual, proposed, funding, operators }: RuleImpact) => {
  expect(changed).toBe(0);
  expect(proposed).toEqual(actual);
  for (const { actualFen, proposedFen } of [...funding, operators]) expect(proposedFen).toBe(actualFen);
};

it('the version that was in force changes nothing, and what was borne is what the books have', async () => {
  const done: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(anyCity, fc.array(anyStep, { minLength: 25, maxLength: 60 }), async (city, steps) => {
      const open = await openTestDatabase();
      try {
        const town = await buildTown(open.database);
        await buildCity(town, city);
        const { diners, stays } = await addDiners(town);
        const taken = new PreviewedSteps(town, diners, stays);
        for (const step of steps) await taken.take(step);
        const previewed = (code: string, at: number, fromDay: Day, toDay: Day) =>
          open.database.read(async (manager) => {
            const rules = (await versionsOf(manager, subsidyRules, code))[at];
            if (!rules) throw new Error(`there is no version ${at} of ${code}`);
            return previewRuleChange(manager, rules, { fromDay, toDay }, { stays });
          });
        unchanged(await previewed('S0', 0, firstDay, changedOn));
        unchanged(await previewed('S0', 1, changedOn, endDay));
        const all = await previewed('S1', 0, firstDay, endDay);
        unchanged(all);
        expect(borneIn(all)).toEqual(await booked(town));
        for (const [word, count] of Object.entries(taken.done)) done[word] = (done[word] ?? 0) + count;
      } finally {
        await open.drop();
      }
    }),
    { numRuns, endOnFailure: true },
  );
  for (const word of ['ACCEPTED', 'RECORDED_FOR_REVIEW', 'VOIDED', 'FUNDER'])
    expect(done[word]).toBeGreaterThan(0);
});
