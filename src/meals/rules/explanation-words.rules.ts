import type { Day } from '../../shared/china-time.js';
import { yuanOf } from '../../shared/money.js';
import type { Text } from '../../shared/text.js';
import type { ExplainedSplit } from '../subsidy.rules.js';

/** The whole split in a sentence or two that a manager can read to an elder. */
export function splitText(split: ExplainedSplit, grossFen: number, endedOn: Day | null): Text {
  const { subsidyFen, discountFen, selfPaidFen, looked } = split;
  const applied = looked.filter(({ finding }) => finding.found === 'APPLIED');
  const [bill, subsidy, discount, self] = [grossFen, subsidyFen, discountFen, selfPaidFen].map(yuanOf);
  const sum = {
    zh: `餐费 ${bill} 元：补贴 ${subsidy} 元，优惠 ${discount} 元，自付 ${self} 元。`,
    en: `Of ${bill} yuan, ${subsidy} are a subsidy, ${discount} a discount, and ${self} are paid by the elder.`,
  };
  if (endedOn !== null) {
    return {
      zh: `${sum.zh}档案已于 ${endedOn} 终止，不予补贴。`,
      en: `${sum.en} The file ended on ${endedOn}, so nothing is given.`,
    };
  }
  if (looked.length === 0) {
    return {
      zh: `${sum.zh}当日此食堂没有补贴规则。`,
      en: `${sum.en} No rules were in force there that day.`,
    };
  }
  if (applied.length === 0) {
    return { zh: `${sum.zh}没有适用的规则。`, en: `${sum.en} No rule applies.` };
  }
  return {
    zh: `${sum.zh}适用：${applied.map(({ rule }) => rule.name.zh).join('；')}。`,
    en: `${sum.en} It follows from: ${applied.map(({ rule }) => rule.name.en).join('; ')}.`,
  };
}
