import { abilityLevelOn } from '../../elders/ability.rules.js';
import { completedYears, type Day } from '../../shared/china-time.js';
import { type Split, type SubsidyTerms, splitPrice } from '../subsidy.rules.js';
import { type PastMeal, periodOf } from './rule-caps.rules.js';
import type { DinerFacts, MealFacts } from './rule-conditions.rules.js';
import { needsOf, type RuleNeeds, together } from './rule-needs.rules.js';

/** A split, and what its rules gave as one word, by which equal pasts are known. */
export interface RememberedSplit extends Split {
  given: string;
}

/** A meal that an elder had, with the same word. */
export interface RememberedMeal extends PastMeal {
  given: string;
}

/** What of a meal the rules of a place can ask for at all. */
interface Asked {
  /** One number for all canteens and days with the same rules at places of one division. */
  number: number;
  isDated: boolean;
  isTimed: boolean;
  past: RuleNeeds['past'];
}

/** Splits in memory at most; a city asks for a few thousand different ones. */
const splitsMax = 20_000;

/**
 * Splits prices as `splitPrice` does, and each of equal facts once: a city's million meals of a month are those of
 * few ages, categories, places and prices. What no rule of a place asks for, such as the minute, does not tell
 * two meals apart there.
 */
export class RememberedSplits {
  private readonly splits = new Map<string, RememberedSplit>();
  private readonly terms = new WeakMap<SubsidyTerms, Asked>();
  private readonly numbers = new Map<string, number>();
  private readonly periods = new Map<Day, Periods>();
  /** How many were computed. */
  computed = 0;

  split(
    terms: SubsidyTerms,
    facts: Omit<MealFacts, 'division'>,
    past: readonly RememberedMeal[],
  ): RememberedSplit {
    const asked = this.askedBy(terms);
    const key = `${asked.number} ${factsKey(facts, asked)} ${this.pastKey(past, facts.day, asked.past)}`;
    const known = this.splits.get(key);
    if (known) return known;
    this.computed += 1;
    const { looked: _, ...split } = splitPrice(terms, facts, past);
    const remembered = { ...split, given: givenBy(split.uses) };
    if (this.splits.size >= splitsMax) this.splits.clear();
    this.splits.set(key, remembered);
    return remembered;
  }

  private askedBy(terms: SubsidyTerms): Asked {
    const known = this.terms.get(terms);
    if (known) return known;
    const place = `${terms.division} ${terms.sets.map(({ ruleSetId }) => ruleSetId).join(' ')}`;
    const number = this.numbers.get(place) ?? this.numbers.size;
    this.numbers.set(place, number);
    const rules = terms.sets.flatMap(({ document }) => document.groups.flatMap((group) => group.rules));
    const asked: Asked = {
      number,
      isDated: rules.some(
        ({ when }) => when && (when.weekdays ?? when.holidays ?? when.fromDay ?? when.toDay) !== undefined,
      ),
      isTimed: rules.some(({ when }) => when && (when.fromTime ?? when.toTime) !== undefined),
      past: together(terms.sets.map(({ document }) => needsOf(document))).past,
    };
    this.terms.set(terms, asked);
    return asked;
  }

  /** What was given in the periods that caps count, each meal with the periods that it shares with this day. */
  private pastKey(past: readonly RememberedMeal[], day: Day, wanted: RuleNeeds['past']): string {
    if (wanted === 'NOTHING') return '';
    const { week, month } = this.periodsOf(day);
    let key = '';
    for (const { day: on, given } of past) {
      if (given === '') continue;
      const isInWeek = on >= week.first && on <= week.last;
      const isInMonth = on >= month.first && on <= month.last;
      const shared = (on === day ? 'D' : '') + (isInWeek ? 'W' : '') + (isInMonth ? 'M' : '');
      if (shared !== '') key += `${shared}${given};`;
    }
    return key;
  }

  private periodsOf(day: Day): Periods {
    const known = this.periods.get(day);
    if (known) return known;
    const periods = { week: periodOf('WEEK', day), month: periodOf('MONTH', day) };
    this.periods.set(day, periods);
    return periods;
  }
}

type Periods = Record<'week' | 'month', ReturnType<typeof periodOf>>;

/** What rules gave towards a meal, as one word. */
export function givenBy(uses: PastMeal['uses']): string {
  return uses
    .map(({ setCode, groupCode, ruleCode, fen }) => `${setCode}/${groupCode}/${ruleCode}=${fen}`)
    .join(',');
}

function factsKey(
  { diner, day, minute, meal, mode, menu, grossFen }: Omit<MealFacts, 'division'>,
  { isDated, isTimed }: Asked,
): string {
  const when = `${isDated ? day : ''} ${isTimed ? minute : ''}`;
  return `${dinerKey(diner, day)} ${when} ${meal} ${mode} ${menu} ${grossFen}`;
}

function dinerKey(diner: DinerFacts, day: Day): string {
  const { birthDate, categories, residence, inInstitution = false } = diner;
  const ability = abilityLevelOn(diner, day);
  return `${completedYears(birthDate, day)} ${categories.join()} ${ability} ${residence} ${inInstitution}`;
}
