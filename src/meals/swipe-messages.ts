import type { SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import type { Language, Text } from '../shared/text.js';
import type { SwipeAnswer } from './swipe-receipt.js';

/** What a reader's display says: a line that a cook can read aloud. */
const texts: Record<SwipeOutcome, Text> = {
  INPUT_MALFORMED: { zh: '刷卡数据格式有误', en: 'The swipe is malformed' },
  SWIPE_ID_REUSED: { zh: '刷卡编号已用于另一笔', en: 'This swipe id was used for another swipe' },
  READER_NOT_ACTIVE: { zh: '刷卡机未启用或已停用', en: 'This reader is not active' },
  CLOCK_OUT_OF_RANGE: { zh: '刷卡时间超出允许范围，请校准时钟', en: 'The time of the tap is out of range' },
  CARD_UNKNOWN: { zh: '无此卡', en: 'Unknown card' },
  CARD_NOT_ACTIVE: { zh: '此卡已挂失、换卡或停用', en: 'This card is not active' },
  ELDER_NOT_ACTIVE: { zh: '持卡人档案已停用', en: "The card holder's file is not active" },
  MEAL_NOT_SERVED: { zh: '现在不是供餐时间', en: 'No meal is served at this time' },
  MEAL_ALREADY_TAKEN: { zh: '本餐今日已用', en: 'This meal was already taken today' },
  PRICE_OUT_OF_RANGE: { zh: '餐费超出允许范围', en: 'The price is out of range' },
  INSUFFICIENT_BALANCE: { zh: '余额不足，请充值', en: 'The balance is too low' },
  RECORDED_FOR_REVIEW: { zh: '已记录，待审核', en: 'Recorded for review' },
  ACCEPTED: { zh: '刷卡成功', en: 'Accepted' },
};

/** The outcome in words; the field at fault, where there is one, is named after them. */
export function swipeMessage(
  { outcome, reviewReason, field }: Pick<SwipeAnswer, 'outcome' | 'reviewReason' | 'field'>,
  language: Language,
): string {
  const said = texts[outcome][language];
  const reason = reviewReason === null ? said : `${said}: ${texts[reviewReason][language]}`;
  return field === null ? reason : `${reason} (${field})`;
}
