import type { Day } from '../../shared/china-time.js';
import type { Text } from '../../shared/text.js';
import { deliveryFor } from '../operator-subsidy.rules.js';
import { type DinerFacts, unmetBy } from '../rules/rule-conditions.rules.js';
import { unmetText } from '../rules/rule-words.rules.js';
import type { RuleSetTerms } from '../subsidy.rules.js';

export type DeliveryEntitlement =
  | { entitled: true; feeFen: number }
  /** Each rule that was looked at and why it is not for this elder, in words that can be read to the elder. */
  | { entitled: false; why: Text };

/**
 * Whether an elder may have a meal of that day brought, by the rules in force at the canteen: those whose documents
 * say who may. Of several that let the elder have it, the cheapest bringing counts.
 */
export function deliveryEntitlement(
  sets: readonly RuleSetTerms[],
  facts: { diner: DinerFacts; day: Day },
): DeliveryEntitlement {
  const fees = sets.flatMap(({ document, scopeDivision }) => {
    const rule = deliveryFor(document, facts, scopeDivision);
    return rule ? [rule.feeFen] : [];
  });
  if (fees.length > 0) return { entitled: true, feeFen: Math.min(...fees) };
  const looked = sets.flatMap(({ document, scopeDivision }) =>
    (document.deliveries ?? []).map(({ name, who }) => {
      const unmet = who && unmetBy(who, facts, scopeDivision);
      const text = unmet ? unmetText(unmet) : { zh: '', en: '' };
      return { zh: `${name.zh}：${text.zh}`, en: `${name.en}: ${text.en}` };
    }),
  );
  if (looked.length === 0) {
    const why = {
      zh: '该食堂当日没有送餐的规定',
      en: 'No rule in force at the canteen on that day lets meals be brought',
    };
    return { entitled: false, why };
  }
  return {
    entitled: false,
    why: { zh: looked.map(({ zh }) => zh).join('；'), en: looked.map(({ en }) => en).join('; ') },
  };
}
