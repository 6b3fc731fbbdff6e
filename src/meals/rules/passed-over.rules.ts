import type { Finding, LookedAt } from '../subsidy.rules.js';
import type { Group } from './rule-language.rules.js';

/** The one that gives most, the first of equals; undefined when none gives anything. */
export function bestOf(offers: readonly LookedAt[]): LookedAt | undefined {
  let best: LookedAt | undefined;
  for (const offer of offers) {
    if (fenOf(offer) > (best ? fenOf(best) : 0)) best = offer;
  }
  return best;
}

/** The first whose conditions are met, though a cap may leave nothing of it: precedence is not lost with the money. */
export function firstOf(offers: readonly LookedAt[]): LookedAt | undefined {
  return offers.find(({ finding }) => finding.found !== 'UNMET');
}

function fenOf({ finding }: LookedAt): number {
  return finding.found === 'APPLIED' ? finding.fen : 0;
}

/**
 * What is said of a rule whose group chose another one. Where the best counts, a rule that gives nothing is not
 * surpassed but has a reason of its own; where the first counts, its place alone decides.
 */
export function passedOver(
  offer: LookedAt,
  chosen: LookedAt | undefined,
  { pick }: Pick<Group, 'pick'>,
): LookedAt {
  const { found } = offer.finding;
  const isPassed = pick === 'BEST' ? found === 'APPLIED' : found !== 'UNMET';
  if (!chosen || !isPassed) return offer;
  const gives = chosen.finding.found === 'APPLIED';
  return { ...offer, finding: { found: 'OTHER_RULE', other: chosen.rule, gives }, lost: [] };
}

/**
 * What is said of the rules of a set that would have given something and does not count: `instead` of all that its
 * own rules made of each other in a meal that is not split by them.
 */
export function setAside(looked: readonly LookedAt[], instead: Finding): LookedAt[] {
  return looked.map((each) => (isOfItself(each.finding) ? each : { ...each, finding: instead, lost: [] }));
}

/** True for a reason that holds whichever set counts. */
function isOfItself(finding: Finding): boolean {
  if (finding.found === 'CAP') return finding.reached.mealFen === 0;
  return finding.found === 'UNMET' || finding.found === 'LOST';
}
