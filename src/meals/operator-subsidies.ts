import type { EntityManager } from 'typeorm';
import type { OperatorShare } from '../settlement/settlement-kind.js';
import { grouped } from '../shared/grouped.js';
import { type Month, monthOf } from '../shared/month.js';
import { readCanteenTerms, termsKey } from './canteen-terms.js';
import { type OperatorSubsidy, operatorMonth, servedByVersion } from './operator-subsidy.rules.js';
import { type RuleCatalog, readRuleCatalog, readUses } from './rules/rule-catalog.js';
import type { OperatorRule } from './rules/rule-language.rules.js';
import { readSettledMeals, type SettledFrom, type SettledMeal } from './settled-meals.js';
import type { CanteenTerms } from './swipe.rules.js';

/** What the operator of a canteen gets by the statement of a month whose lines are written down. */
export async function operatorShares(
  manager: EntityManager,
  canteenId: number,
  month: Month,
): Promise<OperatorShare[]> {
  return (await operatorSharesOf(manager, [canteenId], month, 'LINES')).get(canteenId) ?? [];
}

/**
 * What the operators of canteens get by their statements of a month: what is due for the meals of every month
 * that the lines are about, by all that was settled until then, less what was due before. So a meal that comes
 * late, or is taken back, corrects what its month brought. Where no rule grants operators anything, one look at
 * the rules is all.
 *
 * @param catalog the rules to go by; those of now without it
 */
export async function operatorSharesOf(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
  from: SettledFrom,
  catalog?: RuleCatalog,
): Promise<Map<number, OperatorShare[]>> {
  const shares = new Map<number, OperatorShare[]>();
  const rules = catalog ?? (await readRuleCatalog(manager));
  if (![...rules.versions.values()].some(({ document }) => document.operators?.length)) return shares;
  const meals = await readSettledMeals(manager, canteenIds, month, from);
  const terms = await readCanteenTerms(manager, meals, async () => rules);
  const funderIds = await readFunderIds(manager);
  for (const [canteenId, own] of grouped(meals, ({ canteenId: id }) => id)) {
    const total = new Total(funderIds);
    for (const ofMonth of grouped(own, ({ day }) => monthOf(day)).values()) {
      const counted = ofMonth.filter(({ counts }) => counts);
      const countedBefore = ofMonth.filter((meal) => meal.countedBefore);
      total.add(dueOf(counted, terms), 1);
      total.add(dueOf(countedBefore, terms), -1);
    }
    shares.set(canteenId, total.shares());
  }
  return shares;
}

/** What is due for the meals of one canteen and month. */
function dueOf(meals: readonly SettledMeal[], terms: ReadonlyMap<string, CanteenTerms>): OperatorSubsidy[] {
  const judged = meals.flatMap((served) => {
    const own = terms.get(termsKey(served));
    return own ? [{ ...served, terms: own.subsidy, uses: readUses(served, own.versions) }] : [];
  });
  const place = judged.at(-1)?.terms;
  if (!place) return [];
  return [...servedByVersion(judged).values()].flatMap((versions) => operatorMonth(versions, place));
}

const partOf: Readonly<Record<OperatorRule['per'], OperatorShare['part']>> = {
  MEAL: 'OPERATOR_MEAL',
  PERSON_DAY: 'OPERATOR_PERSON',
  PERSON_MONTH: 'OPERATOR_PERSON',
  MONTH: 'OPERATOR_MONTH',
};

/** Adds up by part and funder; what the canteen bears itself is no money that it gets. */
class Total {
  private readonly byKey = new Map<string, OperatorShare>();

  constructor(private readonly funderIds: ReadonlyMap<string, number>) {}

  add(due: readonly OperatorSubsidy[], sign: 1 | -1): void {
    for (const { rule, count, shares } of due) {
      for (const { funder, fen } of shares) {
        const funderId = this.funderIds.get(funder?.code ?? '');
        if (funderId === undefined) continue;
        const part = partOf[rule.per];
        const share = this.byKey.get(`${part} ${funderId}`) ?? { part, funderId, units: 0, fen: 0 };
        share.units += sign * count;
        share.fen += sign * fen;
        this.byKey.set(`${part} ${funderId}`, share);
      }
    }
  }

  shares(): OperatorShare[] {
    return [...this.byKey.values()].filter(({ units, fen }) => units !== 0 || fen !== 0);
  }
}

async function readFunderIds(manager: EntityManager): Promise<Map<string, number>> {
  const rows: { id: number; code: string }[] = await manager.query('SELECT id, code FROM funder');
  return new Map(rows.map(({ id, code }) => [code, id]));
}
