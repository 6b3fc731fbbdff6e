import type { Cap, RuleDocument, Who } from './rule-language.rules.js';

/** What rules must know beyond a card and its elder's birth date; a batch of swipes reads no more than this. */
export interface RuleNeeds {
  /** Categories and the home station's place. */
  file: boolean;
  /** The longest period that a cap counts the elder's earlier meals in. */
  past: 'NOTHING' | 'DAY' | 'WEEK' | 'MONTH';
}

export const noNeeds: RuleNeeds = { file: false, past: 'NOTHING' };

const periods = ['NOTHING', 'DAY', 'WEEK', 'MONTH'] as const;

export function needsOf({ caps, groups }: RuleDocument): RuleNeeds {
  const all = [caps, ...groups.flatMap((group) => [group.caps, ...group.rules.map((rule) => rule.caps)])];
  const rules = groups.flatMap((group) => group.rules);
  return {
    file: rules.some(
      ({ who, borneBy }) =>
        asksFile(who) ||
        borneBy.some(({ level, elsewhere }) => level !== undefined || elsewhere !== undefined),
    ),
    past: longest(all.flatMap((some) => (some ?? []).map(({ per }) => periodOfCap(per)))),
  };
}

export function together(needs: Iterable<RuleNeeds>): RuleNeeds {
  let file = false;
  const past: RuleNeeds['past'][] = [];
  for (const each of needs) {
    file ||= each.file;
    past.push(each.past);
  }
  return { file, past: longest(past) };
}

function longest(some: readonly RuleNeeds['past'][]): RuleNeeds['past'] {
  return periods[Math.max(0, ...some.map((period) => periods.indexOf(period)))] ?? 'NOTHING';
}

function periodOfCap(per: Cap['per']): RuleNeeds['past'] {
  return per === 'MEAL' ? 'NOTHING' : per;
}

function asksFile(who: Who | undefined): boolean {
  if (!who) return false;
  const { categories, residence, allOf = [], anyOf = [], noneOf = [] } = who;
  return (
    categories !== undefined || residence !== undefined || [...allOf, ...anyOf, ...noneOf].some(asksFile)
  );
}
