import type { Entry } from '../ledger.js';
import { isDiscount, type Split } from '../subsidy.rules.js';
import type { BorneShare, FunderFacts } from './rule-shares.rules.js';

/** Who bears which part of a meal, in fen: what no share is of, the elder pays. */
export type BorneMeal = Pick<Split, 'subsidyFen' | 'discountFen' | 'selfPaidFen' | 'shares'>;

/**
 * Who bears a meal by what was posted about it: what was taken from each, less what it was given back.
 *
 * @param entries those of funders and of the canteen's discount; the rest of the price is the elder's
 * @param funders by their accounts
 */
export function borneMeal(
  grossFen: number,
  entries: readonly Entry[],
  funders: ReadonlyMap<number, FunderFacts>,
): BorneMeal {
  const all: BorneShare[] = [];
  for (const { accountId, fen } of entries) {
    const funder = funders.get(accountId) ?? null;
    const own = all.find((share) => share.funder === funder);
    if (own) own.fen -= fen;
    else all.push({ funder, fen: -fen });
  }
  const shares = all.filter(({ fen }) => fen !== 0);
  let subsidyFen = 0;
  let discountFen = 0;
  for (const share of shares) {
    if (isDiscount(share)) discountFen += share.fen;
    else subsidyFen += share.fen;
  }
  return { subsidyFen, discountFen, selfPaidFen: grossFen - subsidyFen - discountFen, shares };
}

/** True when everybody bears the same of a meal either way; the price is one, so the elder's part follows. */
export function isBorneAlike({ shares }: BorneMeal, other: BorneMeal): boolean {
  if (shares === other.shares) return true;
  if (shares.length !== other.shares.length) return false;
  return shares.every((share) =>
    other.shares.some((each) => each.fen === share.fen && accountOf(each) === accountOf(share)),
  );
}

function accountOf({ funder }: BorneShare): number | null {
  return funder?.accountId ?? null;
}
