import type { GivingRule } from './rules/rule-catalog.js';
import { type BorneShare, divided, type FunderFacts, type Places } from './rules/rule-shares.rules.js';

/** What funders bear of a meal, in fen, by their accounts in the ledger. */
export type FunderShares = ReadonlyMap<number, number>;

/** What decides how the rules of a meal divided what they gave. */
export interface DividedMeal {
  grossFen: number;
  places: Places;
  funders: readonly FunderFacts[];
}

/**
 * What of these shares somebody who lives in an institution would not have been given: all but what came of sets that
 * pay for residents too, by the versions that paid for the meal. Where the rules, divided anew, do not come to the
 * shares, as after a move to another district, nobody can tell whose part is whose, and all of it is in doubt.
 */
export function doubtedOfResident(
  borne: FunderShares,
  given: readonly GivingRule[],
  meal: DividedMeal,
): FunderShares {
  const paid = given.filter(({ set }) => set.document.institutions === 'PAID');
  if (paid.length === 0) return borne;
  if (paid.length === given.length) return new Map();
  const left = less(borne, sharesOf(given, meal));
  if ([...left.values()].some((fen) => fen !== 0)) return borne;
  return new Map([...less(borne, sharesOf(paid, meal))].filter(([, fen]) => fen > 0));
}

function less(borne: FunderShares, shares: readonly BorneShare[]): Map<number, number> {
  const left = new Map(borne);
  for (const { funder, fen } of shares) {
    if (funder) left.set(funder.accountId, (left.get(funder.accountId) ?? 0) - fen);
  }
  return left;
}

function sharesOf(given: readonly GivingRule[], meal: DividedMeal): BorneShare[] {
  return given.flatMap((each) => dividedAgain(each, meal));
}

/**
 * Who bore what a rule gave. It is kept without the shares that were lost where the elder ate, so what was divided is
 * the first amount of which as much is borne.
 */
function dividedAgain({ rule, fen }: GivingRule, { grossFen, places, funders }: DividedMeal): BorneShare[] {
  const borneOf = (whole: number) => divided(whole, rule.borneBy, places, funders).borne;
  for (let whole = fen; whole <= grossFen; whole += 1) {
    const borne = borneOf(whole);
    if (borne.reduce((sum, share) => sum + share.fen, 0) === fen) return borne;
  }
  return borneOf(fen);
}
