import { setImmediate as othersTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { type InstitutionStays, stayKey } from '../../elders/institution-stays.js';
import type { ListedVersion } from '../../rule-versions/list-versions.js';
import { addDays, type Day, daysOver, isDay, minuteOfDay } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import { termsKey } from '../canteen-terms.js';
import { type Diner, readDiners } from '../diner-facts.js';
import { minuteWithin } from '../meal-window.rules.js';
import type { TalliedMeal } from '../operator-tally.js';
import { termsUntilEnd } from '../subsidy.rules.js';
import { type CanteenTerms, noSequence } from '../swipe.rules.js';
import { type PreviewedRules, readPreviewedRules } from './previewed-terms.js';
import { givenBy, type RememberedMeal, RememberedSplits } from './remembered-splits.js';
import { periodOf } from './rule-caps.rules.js';
import { readUses, type StoredUses } from './rule-catalog.js';
import { ImpactTally, type MealCosts, type RuleImpact } from './rule-impact.js';

/** Two months; more would be no question of a change, and take as long as an answer may. */
export const previewDaysMax = 62;

export function isPreviewable({ fromDay, toDay }: { fromDay: Day; toDay: Day }): boolean {
  const areDays = isDay(fromDay) && isDay(toDay);
  return areDays && fromDay < toDay && toDay <= addDays(fromDay, previewDaysMax);
}

export function lastMonth(today: Day): { fromDay: Day; toDay: Day } {
  const toDay = periodOf('MONTH', today).first;
  return { fromDay: periodOf('MONTH', addDays(toDay, -1)).first, toDay };
}

/** Where a preview ends before it is through, so that nobody keeps the server at it for as long as he likes. */
export interface PreviewBound {
  /** After so many meals no more elders are looked at. */
  mealsMax: number;
  /** Whether its time is over. */
  isOver(): boolean;
}

/** A large city's two months have two million meals. */
export const previewMealsMax = 3_000_000;
/** Shorter than a caller waits for an answer. */
export const previewSecondsMax = 20;

/** For who asks over the network, from now on. */
export function previewBound(): PreviewBound {
  const endMs = performance.now() + previewSecondsMax * 1000;
  return { mealsMax: previewMealsMax, isOver: () => performance.now() > endMs };
}

/** For who sits at the machine, and can break it off. */
const unbounded: PreviewBound = { mealsMax: Number.POSITIVE_INFINITY, isOver: () => false };

/**
 * Whose meals are in memory at a time, a hundred days of each at the very most; on SQLite nobody else gets a turn
 * while these are split.
 */
const eldersPerPage = 60;

/**
 * Splits the recorded meals of [fromDay, toDay) again, as if this version had been in force instead of the
 * others of its code. Elders are taken a page at a time with all their meals, in the order of the taps, so that
 * caps count as they would have: five statements a page, and no more in memory than one page. Between pages others get their
 * turn. At the bound it stops and says so: its figures are then those of the elders who were looked at. People are
 * taken as their files are today, since what they were is not kept.
 */
export async function previewRuleChange(
  manager: EntityManager,
  rules: ListedVersion,
  { fromDay, toDay }: { fromDay: Day; toDay: Day },
  { stays, bound = unbounded }: { stays: InstitutionStays; bound?: PreviewBound },
): Promise<RuleImpact> {
  const lastDay = addDays(toDay, -1);
  const days = daysOver(fromDay, toDay);
  const firstDay = [periodOf('MONTH', fromDay).first, periodOf('WEEK', fromDay).first].sort()[0] ?? fromDay;
  const tally = new ImpactTally();
  const known = await readPreviewedRules(manager, rules, { fromDay, toDay });
  const preview = { ...known, fromDay, splits: new RememberedSplits(), tally };
  let eldersLookedAt = 0;
  let mealsRead = 0;
  let page = await eldersAfter(manager, 0);
  for (; page.length > 0; page = await eldersAfter(manager, page.at(-1) ?? 0)) {
    if (eldersLookedAt > 0 && (mealsRead >= bound.mealsMax || bound.isOver())) break;
    const meals = await readMeals(manager, page, firstDay, lastDay);
    const diners = await readDiners(manager, [...meals.keys()]);
    const living = await stays.on(manager, [...meals.keys()], days);
    for (const [elderId, own] of meals) {
      const diner = diners.get(elderId);
      if (diner) splitAgain(own, diner, living, preview);
      mealsRead += own.length;
    }
    eldersLookedAt += page.length;
    await othersTurn();
  }
  const complete = page.length === 0;
  const eldersInAll = complete ? eldersLookedAt : await countElders(manager);
  return { fromDay, toDay, complete, eldersLookedAt, eldersInAll, ...tally.result() };
}

async function eldersAfter(manager: EntityManager, afterId: number): Promise<number[]> {
  const rows: { elderId: number }[] = await manager.query(
    'SELECT DISTINCT elderId FROM meal_card WHERE elderId > ? ORDER BY elderId LIMIT ?',
    [afterId, eldersPerPage],
  );
  return rows.map(({ elderId }) => elderId);
}

async function countElders(manager: EntityManager): Promise<number> {
  const rows: { elders: number | string }[] = await manager.query(
    'SELECT COUNT(DISTINCT elderId) AS elders FROM meal_card',
  );
  return Number(rows[0]?.elders ?? 0);
}

/** What splitting meals again takes, and what it adds to. */
interface Preview extends PreviewedRules {
  fromDay: Day;
  splits: RememberedSplits;
  tally: ImpactTally;
}

interface RecordedMeal extends StoredUses, MealCosts {
  subsidyFen: number;
  elderId: number;
  canteenId: number;
  day: Day;
  minute: number;
  /** As of swipes: that of what no reader recorded belongs to no count. */
  sequence: number;
  meal: Meal;
  mode: DiningMode;
  menu: MenuKind;
  grossFen: number;
}

async function readMeals(
  manager: EntityManager,
  elderIds: readonly number[],
  firstDay: Day,
  lastDay: Day,
): Promise<Map<number, RecordedMeal[]>> {
  const rows: (RecordedMeal & { swipedAt: number | string })[] = await manager.query(
    `SELECT elderId, canteenId, CAST(mealDate AS CHAR) AS day, claimedMeal AS meal, swipedAt, sequence, mode, menu,
            grossFen, subsidyFen, discountFen, selfPaidFen, ruleId, appliedRules
       FROM swipe
      WHERE elderId IN (${placeholders(elderIds)}) AND mealDate >= ? AND mealDate <= ?
        AND claimedMeal IS NOT NULL
      ORDER BY elderId, swipedAt`,
    [...elderIds, firstDay, lastDay],
  );
  const meals = new Map<number, RecordedMeal[]>();
  for (const row of rows) {
    // A million rows pass here, so they are changed in place.
    row.minute = minuteOfDay(new Date(Number(row.swipedAt)));
    row.menu ??= 'SET_MEAL';
    row.grossFen = Number(row.grossFen);
    row.subsidyFen = Number(row.subsidyFen);
    row.discountFen = Number(row.discountFen);
    row.selfPaidFen = Number(row.selfPaidFen);
    const own = meals.get(row.elderId);
    if (own) own.push(row);
    else meals.set(row.elderId, [row]);
  }
  return meals;
}

/**
 * Meals elsewhere and before stay as they were, and count for caps.
 *
 * @param living who lives in an institution when, as `stayKey`
 */
function splitAgain(
  meals: readonly RecordedMeal[],
  diner: Diner,
  living: ReadonlySet<string>,
  { terms, versions, fromDay, splits, tally }: Preview,
): void {
  const past: RememberedMeal[] = [];
  const away = { ...diner, inInstitution: true };
  const served: Record<'actual' | 'proposed', TalliedMeal[]> = { actual: [], proposed: [] };
  for (const recorded of meals) {
    const { day, meal, sequence } = recorded;
    const own = day < fromDay ? undefined : terms.get(termsKey(recorded));
    if (!own) {
      const uses = readUses(recorded, versions);
      past.push({ day, meal, uses, given: givenBy(uses) });
      continue;
    }
    const { actual, proposed } = own;
    const { mode, menu, grossFen } = recorded;
    // A meal that was brought was judged within its window, whenever it was handed over.
    const isBrought = sequence === noSequence;
    const minute = isBrought ? minuteWithin(proposed.windows, meal, recorded.minute) : recorded.minute;
    const isAway = living.size > 0 && living.has(stayKey(recorded.elderId, day));
    const facts = { diner: isAway ? away : diner, day, minute, meal, mode, menu, grossFen };
    const split = splits.split(termsUntilEnd(proposed.subsidy, diner.endedOn, day), facts, past);
    past.push({ day, meal, uses: split.uses, given: split.given });
    tally.add(recorded, split);
    if (grantsOperators(proposed)) {
      served.proposed.push({ ...servedAs(recorded), terms: proposed.subsidy, uses: split.uses });
    }
    if (grantsOperators(actual)) {
      const uses = readUses(recorded, versions);
      served.actual.push({ ...servedAs(recorded), terms: actual.subsidy, uses });
    }
  }
  tally.actualOperators.add(served.actual);
  tally.proposedOperators.add(served.proposed);
}

function grantsOperators({ subsidy }: CanteenTerms): boolean {
  return subsidy.sets.some(({ document }) => document.operators !== undefined);
}

function servedAs({ canteenId, elderId, day, meal, mode }: RecordedMeal) {
  return { canteenId, elderId, day, meal, mode };
}
