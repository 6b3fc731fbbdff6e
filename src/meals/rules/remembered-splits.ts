import { abilityLevelOn } from '../../elders/ability.rules.js';
import { completedYears, type Day } from '../../shared/china-time.js';
import { type Split, type SubsidyTerms, splitPrice } from '../subsidy.rules.js';
import { type OwnedCap, type PastMeal, type Period, periodOf, usedOf } from './rule-caps.rules.js';
import type { DinerFacts, MealFacts } from './rule-conditions.rules.js';
import { countedCaps } from './rule-needs.rules.js';

/** What of a meal the rules of a place can ask for at all. */
interface Asked {
  /** One number for all canteens and days with the same rules at places of one division. */
  number: number;
  isDated: boolean;
  isTimed: boolean;
  /** Those that count earlier meals. */
  caps: readonly OwnedCap[];
}

/** Splits in memory at most; a city asks for a few thousand different ones. */
const splitsMax = 20_000;

/**
 * Splits prices as `splitPrice` does, and each of equal facts once: a city's million meals of a month are those of
 * few ages, categories, places and prices. What no rule of a place asks for, such as the minute, does not tell
 * two meals apart there, and of what the elder had before no more than what each cap leaves of the price.
 */
export class RememberedSplits {
  private readonly splits = new Map<string, Split>();
  private readonly terms = new WeakMap<SubsidyTerms, Asked>();
  private readonly numbers = new Map<string, number>();
  private readonly periods = new Map<string, Period>();
  /** How many were computed. */
  computed = 0;

  split(terms: SubsidyTerms, facts: Omit<MealFacts, 'division'>, past: readonly PastMeal[]): Split {
    const asked = this.askedBy(terms);
    const key = `${asked.number} ${factsKey(facts, asked)} ${this.capsKey(past, facts.day, facts.grossFen, asked.caps)}`;
    const known = this.splits.get(key);
    if (known) return known;
    this.computed += 1;
    const { looked: _, ...split } = splitPrice(terms, facts, past);
    if (this.splits.size >= splitsMax) this.splits.clear();
    this.splits.set(key, split);
    return split;
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
      caps: terms.sets.flatMap(({ code, document }) => countedCaps(code, document)),
    };
    this.terms.set(terms, asked);
    return asked;
  }

  /** What each cap leaves, as far as it is less than the price. */
  private capsKey(past: readonly PastMeal[], day: Day, grossFen: number, caps: readonly OwnedCap[]): string {
    let key = '';
    for (const { owner, cap } of caps) {
      const { usedTimes, usedFen } = usedOf(owner, past, this.periodOf(cap.per, day));
      const isOver = cap.times !== undefined && usedTimes >= cap.times;
      const leftFen = cap.fen === undefined ? grossFen : Math.max(0, cap.fen - usedFen);
      key += `${isOver ? 0 : Math.min(grossFen, leftFen)} `;
    }
    return key;
  }

  private periodOf(per: OwnedCap['cap']['per'], day: Day): Period {
    const key = `${per} ${day}`;
    const known = this.periods.get(key);
    if (known) return known;
    const period = periodOf(per, day);
    this.periods.set(key, period);
    return period;
  }
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
