import type { OwnedCap } from './rule-caps.rules.js';
import type { RuleDocument, Who } from './rule-language.rules.js';

/** What rules must know beyond a card and its elder's birth date; a batch of swipes reads no more than this. */
export interface RuleNeeds {
  /** Categories and the home station's place. */
  file: boolean;
  /** The longest period that a cap counts the elder's earlier meals in. */
  past: 'NOTHING' | 'DAY' | 'WEEK' | 'MONTH';
}

export const noNeeds: RuleNeeds = { file: false, past: 'NOTHING' };

const periods = ['NOTHING', 'DAY', 'WEEK', 'MONTH'] as const;

/** The caps of a set that count earlier meals, each once. */
export function countedCaps(setCode: string, { caps = [], groups }: RuleDocument): OwnedCap[] {
  const all: OwnedCap[] = caps.map((cap) => ({ owner: { setCode }, cap }));
  for (const { code: groupCode, caps: ofGroup = [], rules } of groups) {
    all.push(...ofGroup.map((cap) => ({ owner: { setCode, groupCode }, cap })));
    for (const { code: ruleCode, caps: ofRule = [] } of rules) {
      all.push(...ofRule.map((cap) => ({ owner: { setCode, groupCode, ruleCode }, cap })));
    }
  }
  return all.filter(({ cap }) => cap.per !== 'MEAL');
}

export function needsOf(document: RuleDocument): RuleNeeds {
  const rules = document.groups.flatMap((group) => group.rules);
  return {
    file: rules.some(
      ({ who, borneBy }) =>
        asksFile(who) ||
        borneBy.some(({ level, elsewhere }) => level !== undefined || elsewhere !== undefined),
    ),
    past: longest(countedCaps('', document).map(({ cap }) => (cap.per === 'MEAL' ? 'NOTHING' : cap.per))),
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

function asksFile(who: Who | undefined): boolean {
  if (!who) return false;
  const { categories, residence, allOf = [], anyOf = [], noneOf = [] } = who;
  return (
    categories !== undefined || residence !== undefined || [...allOf, ...anyOf, ...noneOf].some(asksFile)
  );
}
