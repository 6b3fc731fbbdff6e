import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nothing happened to a card, in order of precedence: the first that applies is answered. */
export const cardRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'UID_MALFORMED',
  'REQUEST_ID_REUSED',
  'ELDER_UNKNOWN',
  'CARD_UNKNOWN',
  'CARD_NOT_ACTIVE',
  'ELDER_NOT_ACTIVE',
  'ELDER_HAS_CARD',
  'AMOUNT_OUT_OF_RANGE',
  'BALANCE_TOO_LOW',
  'DAY_OUT_OF_RANGE',
  'UID_TAKEN',
] as const;
export type CardRefusalCode = (typeof cardRefusalCodes)[number];
export type CardRefusal = Refusal<CardRefusalCode>;

const texts: Record<CardRefusalCode, Text> = {
  REQUEST_ID_MALFORMED: { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' },
  UID_MALFORMED: {
    zh: '卡号须为 8 至 20 位十六进制数字',
    en: 'A card uid is 8 to 20 hexadecimal digits',
  },
  ELDER_UNKNOWN: { zh: '没有这位老人的档案', en: 'There is no such elder' },
  CARD_UNKNOWN: { zh: '没有这张卡', en: 'There is no such card' },
  REQUEST_ID_REUSED: {
    zh: '该请求编号已用于其他内容，未作任何更改',
    en: 'The request id was used before with other content; nothing was written',
  },
  CARD_NOT_ACTIVE: { zh: '卡片状态不允许此操作', en: 'The status of the card does not allow this' },
  ELDER_NOT_ACTIVE: { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' },
  ELDER_HAS_CARD: {
    zh: '该老人已有使用中的卡，请先挂失或换卡',
    en: 'The elder has an active card: report it lost or replace it',
  },
  AMOUNT_OUT_OF_RANGE: {
    zh: '金额须大于零且不超过单次充值上限',
    en: 'The amount must be above zero and within what one top-up may be',
  },
  BALANCE_TOO_LOW: { zh: '账户余额不足', en: 'The balance is lower than that' },
  DAY_OUT_OF_RANGE: { zh: '到期日须晚于今天', en: 'A card expires after today' },
  // It does not say whose card it is: that may lie outside the caller's area.
  UID_TAKEN: { zh: '该卡号已经登记', en: 'This card uid is registered already' },
};

export function refuseCard(code: CardRefusalCode, field: readonly string[]): CardRefusal {
  return refuse(code, texts[code], field);
}
