import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nothing of the care at visits was written. When several apply, the first in this list is the answer. */
export const careRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'NOTE_INVALID',
  'NOTHING_GIVEN',
  'VISIT_UNKNOWN',
  'ELDER_UNKNOWN',
  'FACILITY_UNKNOWN',
  'SERVICE_UNKNOWN',
  'TAG_UNKNOWN',
  'ALERT_UNKNOWN',
  'PAYMENT_UNKNOWN',
  'REQUEST_ID_REUSED',
  'ELDER_NOT_ACTIVE',
  'BACKDATED',
  'VALUE_OUT_OF_RANGE',
  'TIME_OUT_OF_RANGE',
  'TOO_MANY',
  'WRONG_STATE',
  'OWN_VISIT',
  'ALREADY_RATED',
] as const;
export type CareRefusalCode = (typeof careRefusalCodes)[number];
export type CareRefusal = Refusal<CareRefusalCode>;

const texts: Readonly<Record<CareRefusalCode, Text>> = {
  REQUEST_ID_MALFORMED: { zh: '须为 UUID', en: 'must be a UUID' },
  NOTE_INVALID: {
    zh: '文字缺失、过长或含有控制字符',
    en: 'is missing, too long, or holds control characters',
  },
  NOTHING_GIVEN: { zh: '没有可记录的内容', en: 'There is nothing to be written down' },
  VISIT_UNKNOWN: { zh: '无此服务', en: 'No such visit' },
  ELDER_UNKNOWN: { zh: '没有这位老人的档案', en: 'There is no such elder' },
  FACILITY_UNKNOWN: { zh: '无此机构', en: 'No such facility' },
  SERVICE_UNKNOWN: { zh: '无此服务项目', en: 'No such service' },
  TAG_UNKNOWN: { zh: '无此门牌码', en: 'No such tag' },
  ALERT_UNKNOWN: { zh: '无此提醒', en: 'No such alert' },
  PAYMENT_UNKNOWN: { zh: '无此付款', en: 'No such payment' },
  REQUEST_ID_REUSED: { zh: '该编号已用于其他内容', en: 'was used before with other content' },
  ELDER_NOT_ACTIVE: { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' },
  BACKDATED: { zh: '不得早于今天', en: 'must not lie before today' },
  VALUE_OUT_OF_RANGE: { zh: '数值超出范围', en: 'is out of range' },
  TIME_OUT_OF_RANGE: { zh: '已不在可以填写的时间内', en: 'The time for that is not now' },
  TOO_MANY: { zh: '数量过多', en: 'are too many' },
  WRONG_STATE: { zh: '当前状态不能这样处理', en: 'is not in a state for that' },
  OWN_VISIT: { zh: '须由另一人处理', en: 'Somebody who had no part in the visit has to do that' },
  ALREADY_RATED: {
    zh: '已由他人评价，或已过修改期限',
    en: 'was rated by somebody else, or longer ago than it may be changed',
  },
};

export function refuseCare(
  code: CareRefusalCode,
  field: readonly string[] | null,
  text: Text = texts[code],
): CareRefusal {
  return refuse(code, text, field);
}
