import { setImmediate as othersTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { type InstitutionStays, noStays, stayKey } from '../../elders/institution-stays.js';
import { facilityById } from '../../network/find-facilities.js';
import { withBeneath } from '../../network/tree.js';
import type { ListedVersion } from '../../rule-versions/list-versions.js';
import { addDays, type Day, isDay, minuteOfDay } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import { readCanteenTerms, type TermsByKey, termsKey } from '../canteen-terms.js';
import { readDiners } from '../diner-facts.js';
import { minuteWithin } from '../meal-window.rules.js';
import type { TalliedMeal } from '../operator-tally.js';
import { type CanteenTerms, noSequence } from '../swipe.rules.js';
import { givenBy, type RememberedMeal, RememberedSplits } from './remembered-splits.js';
import { periodOf } from './rule-caps.rules.js';
import {
  type ApprovedRules,
  type RuleCatalog,
  readRuleCatalog,
  readUses,
  type StoredUses,
} from './rule-catalog.js';
import type { DinerFacts } from './rule-conditions.rules.js';
import { ImpactTally, type MealCosts, type RuleImpact } from './rule-impact.js';
import type { RuleDocument } from './rule-language.rules.js';
import { needsOf } from './rule-needs.rules.js';

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
  { stays = noStays, bound = unbounded }: { stays?: InstitutionStays; bound?: PreviewBound } = {},
): Promise<RuleImpact> {
  const lastDay = addDays(toDay, -1);
  const days = daysFrom(fromDay, lastDay);
  const firstDay = [periodOf('MONTH', fromDay).first, periodOf('WEEK', fromDay).first].sort()[0] ?? fromDay;
  const changed = await termsUnder(manager, rules, fromDay, lastDay);
  const proposed = { ...changed, fromDay, splits: new RememberedSplits() };
  const tally = new ImpactTally();
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
      if (diner) splitAgain(own, diner, { ...proposed, living }, tally);
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

interface Proposed {
  terms: TermsByKey;
  /** Of the same canteens and days, by the rules that were in force. */
  actualTerms: TermsByKey;
  versions: RuleCatalog['versions'];
  fromDay: Day;
  /** Who lives in an institution when, as `stayKey`. */
  living: ReadonlySet<string>;
  splits: RememberedSplits;
}

/** The terms of the canteens beneath the rules' place on each day, with the version in place of its code's others. */
async function termsUnder(
  manager: EntityManager,
  rules: ListedVersion,
  fromDay: Day,
  lastDay: Day,
): Promise<Pick<Proposed, 'terms' | 'actualTerms' | 'versions'>> {
  const { sql, parameters } = withBeneath([rules.facilityId], lastDay);
  const canteens: { canteenId: number }[] = await manager.query(
    `${sql} SELECT c.facilityId AS canteenId FROM canteen c
      WHERE c.facilityId IN (SELECT facilityId FROM beneath)`,
    parameters,
  );
  const place = await facilityById(manager, rules.facilityId);
  // It was checked when it was proposed.
  const document: RuleDocument = JSON.parse(rules.document);
  const version: ApprovedRules = {
    ruleSetId: rules.id,
    code: rules.code,
    version: rules.version,
    facilityId: rules.facilityId,
    // As if it had always been so.
    fromDay: '0000-01-01',
    toDay: null,
    scopeDivision: place?.divisionCode ?? '',
    document,
    needs: needsOf(document),
  };
  let versions: RuleCatalog['versions'] = new Map();
  const replaced = async (from: EntityManager): Promise<RuleCatalog> => {
    const catalog = await readRuleCatalog(from);
    versions = catalog.versions;
    const others = [...catalog.versions].filter(([, { code }]) => code !== rules.code);
    return { ...catalog, versions: new Map([...others, [version.ruleSetId, version]]) };
  };
  const keys = canteens.flatMap(({ canteenId }) =>
    daysFrom(fromDay, lastDay).map((day) => ({ canteenId, day })),
  );
  const terms = await readCanteenTerms(manager, keys, replaced);
  return { terms, actualTerms: await readCanteenTerms(manager, keys), versions };
}

function daysFrom(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
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

/** Meals elsewhere and before stay as they were, and count for caps. */
function splitAgain(
  meals: readonly RecordedMeal[],
  diner: DinerFacts,
  { terms, actualTerms, versions, fromDay, living, splits }: Proposed,
  tally: ImpactTally,
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
    const { mode, menu, grossFen } = recorded;
    // A meal that was brought was judged within its window, whenever it was handed over.
    const isBrought = sequence === noSequence;
    const minute = isBrought ? minuteWithin(own.windows, meal, recorded.minute) : recorded.minute;
    const isAway = living.size > 0 && living.has(stayKey(recorded.elderId, day));
    const facts = { diner: isAway ? away : diner, day, minute, meal, mode, menu, grossFen };
    const split = splits.split(own.subsidy, facts, past);
    past.push({ day, meal, uses: split.uses, given: split.given });
    tally.add(recorded, split);
    if (grantsOperators(own)) {
      served.proposed.push({ ...servedAs(recorded), terms: own.subsidy, uses: split.uses });
    }
    const before = actualTerms.get(termsKey(recorded));
    if (before && grantsOperators(before)) {
      const uses = readUses(recorded, versions);
      served.actual.push({ ...servedAs(recorded), terms: before.subsidy, uses });
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
