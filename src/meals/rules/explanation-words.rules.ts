import { yuanOf } from '../../shared/money.js';
import type { Text } from '../../shared/text.js';
import type { ExplainedSplit } from '../subsidy.rules.js';
import type { ExplainedMeal, NotAccepted } from './explained-meal.rules.js';
import { timeOf } from './rule-conditions.rules.js';

/** The whole explanation in a few sentences that a manager can read to an elder. */
export function explanationText(explained: Omit<ExplainedMeal, 'day' | 'meal'>): Text {
  const { notAccepted, split } = explained;
  const parts = [
    sumText(split),
    notAccepted ? notAcceptedText(notAccepted) : rulesText(split),
    ...assumedText(explained),
  ];
  return { zh: parts.map(({ zh }) => zh).join(''), en: parts.map(({ en }) => en).join(' ') };
}

function sumText({ subsidyFen, discountFen, selfPaidFen }: ExplainedSplit): Text {
  const fen = [subsidyFen + discountFen + selfPaidFen, subsidyFen, discountFen, selfPaidFen];
  const [bill, subsidy, discount, self] = fen.map(yuanOf);
  return {
    zh: `餐费 ${bill} 元：补贴 ${subsidy} 元，优惠 ${discount} 元，自付 ${self} 元。`,
    en: `Of ${bill} yuan, ${subsidy} are a subsidy, ${discount} a discount, and ${self} are paid by the elder.`,
  };
}

function rulesText({ looked }: ExplainedSplit): Text {
  if (looked.length === 0) {
    return { zh: '当日此食堂没有补贴规则。', en: 'No rules were in force there that day.' };
  }
  const applied = looked.filter(({ finding }) => finding.found === 'APPLIED');
  if (applied.length === 0) return { zh: '没有适用的规则。', en: 'No rule applies.' };
  return {
    zh: `适用：${applied.map(({ rule }) => rule.name.zh).join('；')}。`,
    en: `It follows from: ${applied.map(({ rule }) => rule.name.en).join('; ')}.`,
  };
}

function notAcceptedText(notAccepted: NotAccepted): Text {
  switch (notAccepted.why) {
    case 'ELDER_NOT_ACTIVE': {
      const { endedOn } = notAccepted;
      return {
        zh: `档案已于 ${endedOn} 终止，不予补贴。`,
        en: `The file ended on ${endedOn}, so nothing is given.`,
      };
    }
    case 'CANTEEN_NOT_OPEN': {
      const { openedOn, closedOn } = notAccepted;
      return {
        zh: `该食堂当日未营业（${openedOn} 启用${closedOn ? `，${closedOn} 关闭` : ''}），刷卡不受理，不予补贴。`,
        en: `The canteen is not open that day (it opened on ${openedOn}${closedOn ? ` and closed on ${closedOn}` : ''}), so no swipe is accepted and nothing is given.`,
      };
    }
    case 'MEAL_NOT_SERVED': {
      const time = timeOf(notAccepted.minute);
      return {
        zh: `${time} 不在该食堂的供餐时间内，刷卡不受理，不予补贴。`,
        en: `No meal is served there at ${time}, so no swipe is accepted and nothing is given.`,
      };
    }
    case 'PRICE_OUT_OF_RANGE': {
      const most = yuanOf(notAccepted.priceFenMax);
      return {
        zh: `餐费高于该食堂的最高餐价 ${most} 元，刷卡不受理，不予补贴。`,
        en: `The dearest meal there costs ${most} yuan, so no swipe of this bill is accepted and nothing is given.`,
      };
    }
  }
}

/** Which minute was taken where none was given, as far as a rule asks for it. */
function assumedText({ minute, isAssumed, split }: Omit<ExplainedMeal, 'day' | 'meal'>): Text[] {
  const isAsked = split.looked.some(({ rule }) => (rule.when?.fromTime ?? rule.when?.toTime) !== undefined);
  if (!isAssumed || !isAsked) return [];
  const time = timeOf(minute);
  return [
    {
      zh: `有的规则限定时间，未给出刷卡时间，按 ${time} 计算。`,
      en: `Some of the rules ask for the time; none was given, so this is for a tap at ${time}.`,
    },
  ];
}
