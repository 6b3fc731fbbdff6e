import type { Fault } from './rule-fault.rules.js';
import type { Group, Rule, Who } from './rule-language.rules.js';
import { billWithin, conditionsKey, minutesWithin, whoKey } from './same-conditions.rules.js';

/** Two rules of a group that overlap where they must not, or contradict each other; undefined when none do. */
export function groupFault({ pick, rules }: Group, path: readonly (string | number)[]): Fault | undefined {
  const keys = rules.map(conditionsKey);
  for (const [index, rule] of rules.entries()) {
    for (const [before, earlier] of rules.slice(0, index).entries()) {
      const at = [...path, 'rules', index];
      if (pick === 'ONE' && !excludeEachOther(earlier, rule)) {
        const zh = `与规则 ${earlier.code} 可能同时适用`;
        return {
          code: 'RULES_OVERLAP',
          path: at,
          text: { zh, en: `may apply together with ${earlier.code}` },
        };
      }
      if (pick === 'ALL' && settles(earlier) && settles(rule) && !excludeEachOther(earlier, rule)) {
        const zh = `与规则 ${earlier.code} 矛盾：两者都决定自付金额`;
        const en = `contradicts ${earlier.code}: both say what is left to pay`;
        return { code: 'RULES_CONTRADICT', path: at, text: { zh, en } };
      }
      // Of the best of several, the conditions may well be the same: it is the amounts and caps that differ.
      if (pick !== 'BEST' && keys[before] === keys[index]) {
        const zh = `与规则 ${earlier.code} 的条件完全相同`;
        const en = `has the very conditions of ${earlier.code}`;
        return { code: 'RULES_CONTRADICT', path: at, text: { zh, en } };
      }
    }
  }
  return undefined;
}

/** Whether a rule says what the elder pays of the price, and not what is given. */
function settles(rule: Rule): boolean {
  const { gives } = rule;
  return leftToPay(rule) !== undefined || (gives.kind === 'PERCENT_PAID' && gives.of === 'PRICE');
}

/** What a rule says that the elder pays, whatever the bill; undefined of one that says what is given. */
function leftToPay({ gives }: Rule): number | undefined {
  if (gives.kind === 'FREE') return 0;
  return gives.kind === 'SELF_PAY' ? gives.fen : undefined;
}

/** A rule that says what is left to pay, with where it stands. */
interface Settling {
  group: Group;
  rule: Rule;
  fen: number;
  path: readonly (string | number)[];
}

/**
 * Two rules of different groups that contradict each other; undefined when none do. What groups give adds up, so two that
 * say what the elder pays for one meal are both meant, and only their order would decide who bears it.
 */
export function groupsFault(groups: readonly Group[]): Fault | undefined {
  const before: Settling[] = [];
  for (const [index, group] of groups.entries()) {
    const own = group.rules.flatMap((rule, at): Settling[] => {
      const fen = leftToPay(rule);
      return fen === undefined ? [] : [{ group, rule, fen, path: ['groups', index, 'rules', at] }];
    });
    for (const later of own) {
      const earlier = before.find((each) => settlesTwice(each, later));
      if (earlier) return twiceSettled(earlier, later);
    }
    before.push(...own);
  }
  return undefined;
}

/**
 * Whether the later rule says anew what a meal costs the elder. It does not where a cap ends the earlier one, so that it
 * counts after that, nor where it leaves less to some of the people or sometimes: then it tops up, and both give.
 */
function settlesTwice(earlier: Settling, later: Settling): boolean {
  if (earlier.rule.caps || earlier.group.caps) return false;
  if (excludeEachOther(earlier.rule, later.rule)) return false;
  if (mayBePassedOver(earlier, later) || mayBePassedOver(later, earlier)) return false;
  if (later.fen >= earlier.fen) return true;
  const isCapped = later.rule.caps !== undefined || later.group.caps !== undefined;
  return !isCapped && conditionsKey(earlier.rule) === conditionsKey(later.rule);
}

/** Whether, of a group of which the first counts, another may stand before it at the meals of both. */
function mayBePassedOver({ group: { pick, rules }, rule }: Settling, other: Settling): boolean {
  const ahead = pick === 'FIRST' ? rules.slice(0, rules.indexOf(rule)) : [];
  return ahead.some((each) => !excludeEachOther(each, other.rule));
}

function twiceSettled({ rule: { code }, group }: Settling, { rule, path }: Settling): Fault {
  const zh = `规则 ${rule.code} 与规则组 ${group.code} 的规则 ${code} 矛盾：同一餐可能同时适用，两者都决定自付金额；请放在同一组按先后取一（FIRST），或用条件互相排除`;
  const en = `${rule.code} contradicts ${code} of group ${group.code}: both may apply to one meal and say what is left to pay; put them into one group of which the FIRST counts, or let their conditions exclude each other`;
  return { code: 'RULES_CONTRADICT', path, text: { zh, en } };
}

/**
 * True when it can be seen from their conditions that no more than `most` rules give towards one meal: when they are
 * so many classes at most, of each of which a meal has one rule. The classes are taken as they come and not searched
 * for, so of rules that are in no order more may be found than there need be, but never fewer.
 */
export function areAtMostAtOnce(groups: readonly Group[], most: number): boolean {
  const classes: { group: Group; rule: Rule }[][] = [];
  for (const group of groups) {
    for (const rule of group.rules) {
      const fits = classes.find((others) =>
        others.every(
          (other) => (other.group === group && group.pick !== 'ALL') || excludeEachOther(other.rule, rule),
        ),
      );
      if (fits) fits.push({ group, rule });
      else if (classes.length < most) classes.push([{ group, rule }]);
      else return false;
    }
  }
  return true;
}

/** True when it can be seen from their conditions that no meal ever fulfils both. */
export function excludeEachOther(one: Rule, other: Rule): boolean {
  return (
    excludeByTime(one, other) ||
    apart(one.how, other.how) ||
    apart(one.menus, other.menus) ||
    apartPlaces(one.where?.divisions, other.where?.divisions) ||
    apartNumbers(billWithin(one), billWithin(other)) ||
    excludeByPerson(one.who ?? {}, other.who ?? {})
  );
}

function excludeByTime({ when: one = {} }: Rule, { when: other = {} }: Rule): boolean {
  const days = (when: typeof one) => [when.fromDay ?? '0', when.toDay ?? '9'] as const;
  const [oneFrom, oneTo] = days(one);
  const [otherFrom, otherTo] = days(other);
  return (
    apart(one.meals, other.meals) ||
    apart(one.weekdays, other.weekdays) ||
    apartNumbers(minutesWithin(one), minutesWithin(other)) ||
    (one.holidays !== undefined && other.holidays !== undefined && one.holidays !== other.holidays) ||
    oneTo <= otherFrom ||
    otherTo <= oneFrom
  );
}

function excludeByPerson(one: Who, other: Who): boolean {
  const [ones, others] = [partsOf(one), partsOf(other)];
  return (
    ones.some((part) => others.some((otherPart) => apartParts(part, otherPart))) ||
    negates(ones, other) ||
    negates(others, one)
  );
}

/** All that must be true at once, as a flat list. */
function partsOf(who: Who): Who[] {
  return [who, ...(who.allOf ?? []).flatMap(partsOf)];
}

function apartParts(one: Who, other: Who): boolean {
  return (
    apartNumbers([one.ageFrom ?? 0, one.ageTo ?? 150], [other.ageFrom ?? 0, other.ageTo ?? 150]) ||
    apartNumbers(
      [one.abilityFrom ?? 0, one.abilityTo ?? 4],
      [other.abilityFrom ?? 0, other.abilityTo ?? 4],
    ) ||
    (!one.residence?.includes('SCOPE') &&
      !other.residence?.includes('SCOPE') &&
      apartPlaces(one.residence, other.residence))
  );
}

/** True when `other` leaves out the very people that one of `parts` asks for. */
function negates(parts: readonly Who[], other: Who): boolean {
  const excluded = partsOf(other).flatMap(({ noneOf }) => noneOf ?? []);
  if (excluded.length === 0) return false;
  const asked = new Set(
    parts.flatMap((part) => [whoKey(part), ...(part.anyOf ? [whoKey({ anyOf: part.anyOf })] : [])]),
  );
  return excluded.some(
    (who) =>
      asked.has(whoKey(who)) ||
      (isAlone(who, 'categories') && parts.some((part) => isWithin(part.categories, who.categories ?? []))),
  );
}

function isAlone(who: Who, name: keyof Who): boolean {
  return Object.keys(who).length === 1 && who[name] !== undefined;
}

function isWithin(some: readonly string[] | undefined, all: readonly string[]): boolean {
  return some?.every((each) => all.includes(each)) ?? false;
}

function apart(one: readonly unknown[] | undefined, other: readonly unknown[] | undefined): boolean {
  return one !== undefined && other !== undefined && !one.some((each) => other.includes(each));
}

function apartPlaces(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  if (!one || !other) return false;
  return !one.some((prefix) => other.some((each) => each.startsWith(prefix) || prefix.startsWith(each)));
}

function apartNumbers(one: readonly [number, number], other: readonly [number, number]): boolean {
  return one[1] < other[0] || other[1] < one[0];
}
