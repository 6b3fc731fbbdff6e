import { type Refusal, refuse } from '../../shared/refusal.js';
import type { Text } from '../../shared/text.js';
import {
  codeDigits,
  codeTriesMax,
  daysAheadMax,
  daysPerOrderMax,
  reasonTextLengthMax,
} from './delivery.rules.js';

/** Why nothing was done about a delivery, in order of precedence: the first that applies is answered. */
export const deliveryRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'DAYS_INVALID',
  'DELIVERIES_INVALID',
  'PROOF_INVALID',
  'REASON_TEXT_INVALID',
  'ELDER_UNKNOWN',
  'DELIVERY_UNKNOWN',
  'REQUEST_ID_REUSED',
  'ELDER_NOT_ACTIVE',
  'DELIVERY_NOT_OFFERED',
  'MEAL_NOT_SERVED',
  'WRONG_STATE',
  'CUTOFF_PASSED',
  'NOT_ENTITLED',
  'ALREADY_ORDERED',
  'COURIER_UNKNOWN',
  'NOT_ITS_DAY',
  'CODE_KNOWN',
  'CODE_LOCKED',
  'CODE_WRONG',
  'PHOTO_REUSED',
  'CARD_MISSING',
  'MEAL_REFUSED',
] as const;
export type DeliveryRefusalCode = (typeof deliveryRefusalCodes)[number];
export type DeliveryRefusal = Refusal<DeliveryRefusalCode>;

const texts: Record<DeliveryRefusalCode, Text> = {
  REQUEST_ID_MALFORMED: { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' },
  DAYS_INVALID: {
    zh: `须为 1 至 ${daysPerOrderMax} 个不重复的日期，至多提前 ${daysAheadMax} 天`,
    en: `1 to ${daysPerOrderMax} days, each once, at most ${daysAheadMax} days ahead`,
  },
  DELIVERIES_INVALID: { zh: '须为 1 至 200 份不重复的送餐', en: '1 to 200 deliveries, each once' },
  PROOF_INVALID: {
    zh: `须填写 ${codeDigits} 位签收码或照片编号，二者取一`,
    en: `a code of ${codeDigits} digits, or the reference of a photo of 8 to 120 letters and digits with - _ . / between them, and not both`,
  },
  REASON_TEXT_INVALID: {
    zh: `原因为其他时须说明，至多 ${reasonTextLengthMax} 字`,
    en: `at most ${reasonTextLengthMax} characters, and needed when the reason is OTHER`,
  },
  ELDER_UNKNOWN: { zh: '没有这位老人的档案', en: 'There is no such elder' },
  DELIVERY_UNKNOWN: { zh: '无此送餐', en: 'There is no such delivery' },
  REQUEST_ID_REUSED: {
    zh: '该请求编号已用于其他内容，未作任何更改',
    en: 'The request id was used before with other content; nothing was written',
  },
  ELDER_NOT_ACTIVE: { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' },
  DELIVERY_NOT_OFFERED: { zh: '该食堂不提供送餐', en: 'There is no such canteen that brings meals' },
  MEAL_NOT_SERVED: { zh: '该食堂当日不供应此餐', en: 'The canteen does not serve this meal on that day' },
  WRONG_STATE: { zh: '送餐的当前状态不允许此操作', en: 'The delivery is in another state' },
  CUTOFF_PASSED: { zh: '已过订餐截止时间', en: 'Orders for this meal are closed' },
  NOT_ENTITLED: { zh: '不符合送餐条件', en: 'Not entitled to have meals brought' },
  ALREADY_ORDERED: {
    zh: '该老人当日此餐已有送餐',
    en: 'This meal of the day is ordered for the elder already',
  },
  COURIER_UNKNOWN: { zh: '该食堂没有这位送餐员', en: 'The canteen has no such courier' },
  NOT_ITS_DAY: { zh: '今天不是该份送餐的日期', en: 'Today is not the day of this delivery' },
  CODE_KNOWN: {
    zh: '您订了这份餐或可查看其签收码，签收码不能作为凭证，请改用照片',
    en: 'You ordered this meal or may read its code, so the code proves nothing: only a photo does',
  },
  CODE_LOCKED: {
    zh: `签收码已错 ${codeTriesMax} 次，请改用照片`,
    en: `A wrong code was given ${codeTriesMax} times: only a photo proves it now`,
  },
  CODE_WRONG: { zh: '签收码不对', en: 'This is not the code' },
  PHOTO_REUSED: {
    zh: '该照片编号已用于另一份送餐',
    en: 'This photo was given as the proof of another delivery',
  },
  CARD_MISSING: { zh: '该老人没有可用的卡', en: 'The elder has no active card' },
  MEAL_REFUSED: { zh: '此餐不能结算', en: 'The meal cannot be charged' },
};

/** `text` says more than the usual words of the code. */
export function refuseDelivery(
  code: DeliveryRefusalCode,
  field: readonly string[] | null,
  text: Text = texts[code],
): DeliveryRefusal {
  return refuse(code, text, field);
}
