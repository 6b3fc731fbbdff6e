import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areAtMostAtOnce } from '../../src/meals/rules/rule-groups.rules.js';
import type { LookedAt } from '../../src/meals/subsidy.rules.js';
import { anySplit } from '../support/any-rules.js';

const runs = { numRuns: 2000 };

const ruleKey = ({ set, group, rule }: LookedAt) => `${set.code} ${group.code} ${rule.code}`;
const isOf = (looked: LookedAt, found: LookedAt['finding']['found']) => looked.finding.found === found;

describe('what is said of the rules of any meal', () => {
  it('is said of each rule in force once', () => {
    fc.assert(
      fc.property(anySplit, ({ sets, split }) => {
        const all = sets.flatMap((set) =>
          set.document.groups.flatMap((group) =>
            group.rules.map((rule) => `${set.code} ${group.code} ${rule.code}`),
          ),
        );
        expect(split.looked.map(ruleKey).sort()).toEqual(all.sort());
      }),
      runs,
    );
  });

  it('is that it applied of those that gave, with what they gave, and of no other', () => {
    fc.assert(
      fc.property(anySplit, ({ split }) => {
        const applied = split.looked.flatMap((looked) =>
          looked.finding.found === 'APPLIED' ? [`${ruleKey(looked)} ${looked.finding.fen}`] : [],
        );
        const gave = split.uses.map(
          ({ set, groupCode, ruleCode, fen }) => `${set.code} ${groupCode} ${ruleCode} ${fen}`,
        );
        expect(applied).toEqual(gave);
      }),
      runs,
    );
  });

  it('names, where another rule counts instead, one that applied, or the first that is for the meal', () => {
    fc.assert(
      fc.property(anySplit, ({ split: { looked } }) => {
        for (const each of looked) {
          const { finding, set, group } = each;
          if (finding.found !== 'OTHER_RULE') continue;
          const others = looked.filter((one) => one.set === set && one.group === group);
          const named = others.find(({ rule }) => rule === finding.other);
          if (!named) throw new Error('it is of another group');
          expect(named.finding.found === 'APPLIED').toBe(finding.gives);
          if (finding.gives) continue;
          // Its place alone decided, and it has a reason of its own for giving nothing.
          expect(['FIRST', 'ONE']).toContain(group.pick);
          expect(others.find((one) => !isOf(one, 'UNMET'))).toBe(named);
          expect(['CAP', 'NOTHING_LEFT', 'LOST']).toContain(named.finding.found);
        }
      }),
      runs,
    );
  });

  it('names, where another set counts, one that gave something', () => {
    fc.assert(
      fc.property(anySplit, ({ split: { looked, uses } }) => {
        for (const { finding, set } of looked) {
          if (finding.found !== 'OTHER_SET') continue;
          expect(uses.some((use) => use.set === finding.other)).toBe(true);
          expect(uses.some((use) => use.set === set)).toBe(false);
          if (finding.gives === 'AS_MUCH') expect(finding.other.code < set.code).toBe(true);
        }
      }),
      runs,
    );
  });

  it('counts as had at this meal no more of a limit than was given', () => {
    fc.assert(
      fc.property(anySplit, ({ split: { looked, uses } }) => {
        for (const { finding } of looked) {
          const reached =
            finding.found === 'CAP' || finding.found === 'APPLIED' ? finding.reached : undefined;
          if (!reached) continue;
          const { owner, mealFen, usedFen } = reached;
          const own = uses.filter(
            (use) =>
              use.setCode === owner.setCode &&
              (owner.groupCode ?? use.groupCode) === use.groupCode &&
              (owner.ruleCode ?? use.ruleCode) === use.ruleCode,
          );
          expect(mealFen).toBeLessThanOrEqual(own.reduce((sum, { fen }) => sum + fen, 0));
          expect(mealFen).toBeLessThanOrEqual(usedFen);
        }
      }),
      runs,
    );
  });
});

it('no meal is given something by more rules of a set than its conditions let seem possible', () => {
  fc.assert(
    fc.property(anySplit, ({ sets, split }) => {
      for (const set of sets) {
        const gave = split.uses.filter((use) => use.set === set).length;
        if (gave > 0) expect(areAtMostAtOnce(set.document.groups, gave - 1)).toBe(false);
      }
    }),
    runs,
  );
});
