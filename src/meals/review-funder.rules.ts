import { bearersOf } from './rules/rule-bearers.rules.js';
import type { RuleDocument } from './rules/rule-language.rules.js';
import type { FunderFacts, Places } from './rules/rule-shares.rules.js';

/**
 * True when a funder may be told to bear a meal for review: when it pays for the place of the canteen or of the
 * elder's home, or when the rules in force there on that day name it. A stranger's money is nobody's to give.
 */
export function paysAt(
  { code, divisionCode }: Pick<FunderFacts, 'code' | 'divisionCode'>,
  { canteen, residence }: Places,
  documents: readonly RuleDocument[],
): boolean {
  if (divisionCode !== null && (canteen.startsWith(divisionCode) || residence?.startsWith(divisionCode))) {
    return true;
  }
  return documents.some(({ groups }) =>
    groups.some(({ rules }) =>
      rules.some(({ borneBy }) =>
        borneBy.some((share) => bearersOf(share).some(({ bearer }) => bearer.funder === code)),
      ),
    ),
  );
}
