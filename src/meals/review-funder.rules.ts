import { bearersOf } from './rules/rule-bearers.rules.js';
import type { Bearer, RuleDocument } from './rules/rule-language.rules.js';
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
  return documents.some((document) => bearers(document).some(({ funder }) => funder === code));
}

/**
 * True when the rules in force at the canteen on that day have this funder bear meals of those who live in an
 * institution. That it pays for the place is not enough: nobody pays for residents there, where no rule says so.
 */
export function paysForResidents(
  { code, level, divisionCode }: Pick<FunderFacts, 'code' | 'level' | 'divisionCode'>,
  { canteen, residence }: Places,
  documents: readonly RuleDocument[],
): boolean {
  const isMeant = ({ funder, level: meant, of = 'RESIDENCE' }: Bearer) => {
    if (funder !== undefined) return funder === code;
    const place = of === 'CANTEEN' ? canteen : residence;
    return (
      meant !== undefined && meant === level && divisionCode !== null && !!place?.startsWith(divisionCode)
    );
  };
  return documents.some((document) => document.institutions === 'PAID' && bearers(document).some(isMeant));
}

function bearers({ groups }: RuleDocument): Bearer[] {
  const shares = groups.flatMap(({ rules }) => rules.flatMap(({ borneBy }) => borneBy));
  return shares.flatMap((share) => bearersOf(share).map(({ bearer }) => bearer));
}
