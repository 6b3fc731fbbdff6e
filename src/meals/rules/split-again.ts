import { stayKey } from '../../elders/institution-stays.js';
import { termsKey } from '../canteen-terms.js';
import type { Diner } from '../diner-facts.js';
import { minuteWithin } from '../meal-window.rules.js';
import type { TalliedMeal } from '../operator-tally.js';
import { type Split, termsUntilEnd } from '../subsidy.rules.js';
import { type CanteenTerms, noSequence } from '../swipe.rules.js';
import { borneMeal } from './borne-meal.rules.js';
import type { PostedMeal, RecordedMeal } from './previewed-meals.js';
import type { PreviewedRules, PreviewedTerms } from './previewed-terms.js';
import type { RememberedSplits } from './remembered-splits.js';
import type { PastMeal, RuleUse } from './rule-caps.rules.js';
import { readUses } from './rule-catalog.js';
import type { ImpactTally } from './rule-impact.js';
import type { FunderFacts } from './rule-shares.rules.js';

/** What splitting meals again takes, and what it adds to. */
export interface Preview extends PreviewedRules {
  /** Of all funders, in the ledger. */
  accounts: ReadonlyMap<number, FunderFacts>;
  splits: RememberedSplits;
  tally: ImpactTally;
}

/** An elder, as known today. */
export interface EaterFacts {
  diner: Diner;
  /** Who lives in an institution when, as `stayKey`. */
  living: ReadonlySet<string>;
  /** What the ledger has of meals that anybody but an elder bore a part of, by the ids of the swipes. */
  posted: ReadonlyMap<number, PostedMeal>;
}

/**
 * Splits an elder's meals once more by the rules that are tried, in the order in which they were received, and holds
 * each against what was borne of it. So caps count what they would have counted then: a meal that a reader uploaded days
 * later counts from its upload on, and one that was taken back until it was.
 *
 * A meal of which a person decided who bears it, or has to decide since it was recorded for review, costs the same by any
 * rules. It counts for caps as it did, and so do meals elsewhere and of other days. Nobody is asked again whether the
 * elder had the money.
 */
export function splitAgain(meals: readonly RecordedMeal[], eater: EaterFacts, preview: Preview): void {
  const { terms, versions, accounts, tally } = preview;
  const served: ServedMeals = { actual: [], proposed: [] };
  let past: CountedMeal[] = [];
  for (const recorded of meals) {
    past = standingAt(recorded.receivedAtMs, past);
    const { day, meal, voidedAtMs } = recorded;
    const own = terms.get(termsKey(recorded));
    const posted = eater.posted.get(recorded.id);
    const isByRules = own && recorded.outcome === 'ACCEPTED' && !posted?.isDecided;
    const split = isByRules ? splitOf(recorded, past, own.proposed, eater, preview.splits) : undefined;
    const uses = split?.uses ?? readUses(recorded, versions);
    if (uses.length > 0) past.push({ day, meal, uses, voidedAtMs });
    if (!own || voidedAtMs !== null) continue;
    const borne = borneMeal(recorded.grossFen, posted?.entries ?? [], accounts);
    tally.add(borne, split ?? borne);
    if (recorded.isClaimed && !posted?.isGivenBack) serve(recorded, uses, own, preview, served);
  }
  tally.actualOperators.add(served.actual);
  tally.proposedOperators.add(served.proposed);
}

/** A meal that counts for the caps of those after it, until it is taken back. */
type CountedMeal = PastMeal & Pick<RecordedMeal, 'voidedAtMs'>;

function standingAt(ms: number, past: CountedMeal[]): CountedMeal[] {
  const stands = ({ voidedAtMs }: CountedMeal) => voidedAtMs === null || voidedAtMs > ms;
  return past.every(stands) ? past : past.filter(stands);
}

function splitOf(
  { elderId, day, minute: tapped, sequence, meal, mode, menu, grossFen }: RecordedMeal,
  past: readonly PastMeal[],
  { subsidy, windows }: CanteenTerms,
  { diner, living }: EaterFacts,
  splits: RememberedSplits,
): Split {
  // A meal that was brought was judged within its window, whenever it was handed over.
  const minute = sequence === noSequence ? minuteWithin(windows, meal, tapped) : tapped;
  const isAway = living.size > 0 && living.has(stayKey(elderId, day));
  const eating = isAway ? { ...diner, inInstitution: true } : diner;
  const facts = { diner: eating, day, minute, meal, mode, menu, grossFen };
  return splits.split(termsUntilEnd(subsidy, diner.endedOn, day), facts, past);
}

type ServedMeals = Record<'actual' | 'proposed', TalliedMeal[]>;

/** A meal that counts for who runs the canteen, where rules grant anything. */
function serve(
  { canteenId, elderId, day, meal, mode, ...stored }: RecordedMeal,
  uses: readonly RuleUse[],
  { actual, proposed }: PreviewedTerms,
  { versions }: Preview,
  served: ServedMeals,
): void {
  const about = { canteenId, elderId, day, meal, mode };
  if (grantsOperators(proposed)) served.proposed.push({ ...about, terms: proposed.subsidy, uses });
  if (grantsOperators(actual)) {
    served.actual.push({ ...about, terms: actual.subsidy, uses: readUses(stored, versions) });
  }
}

function grantsOperators({ subsidy }: CanteenTerms): boolean {
  return subsidy.sets.some(({ document }) => document.operators !== undefined);
}
