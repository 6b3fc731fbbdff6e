import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/**
 * Why a bed, a stay or a hold stayed as it was, in order of precedence: the first that applies is answered. A bed that
 * there is not, or that lies beyond the caller's grants, is BED_NOT_FREE before any rule of its type is asked.
 */
export const bedRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'REASON_UNKNOWN',
  'NOTE_INVALID',
  'FEE_OUT_OF_RANGE',
  'RULE_INVALID',
  'ROOMS_INVALID',
  'STAY_UNKNOWN',
  'TRANSFER_UNKNOWN',
  'REQUEST_ID_REUSED',
  'WRONG_STATE',
  'DAY_OUT_OF_RANGE',
  'HOLD_TOO_LONG',
  'HOLD_EXPIRED',
  'BED_NOT_FREE',
  'ELDER_NOT_ACTIVE',
  'ELDER_HAS_BED',
  'BED_NOT_SUITABLE',
  'NOT_ASSESSED',
  'CONTRACT_MISSING',
  'NOT_NEXT_IN_LINE',
  'LEAVE_LIMIT',
  'CHARGED_ALREADY',
] as const;
export type BedRefusalCode = (typeof bedRefusalCodes)[number];
export type BedRefusal = Refusal<BedRefusalCode>;

const texts: Record<BedRefusalCode, Text> = {
  REQUEST_ID_MALFORMED: { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' },
  REASON_UNKNOWN: { zh: '没有这种离院原因', en: 'There is no such reason' },
  NOTE_INVALID: { zh: '说明至多 200 字', en: 'A note has at most 200 characters' },
  FEE_OUT_OF_RANGE: { zh: '费用须为 0 至 1000000 分', en: 'A day costs 0 to 1000000 fen' },
  RULE_INVALID: { zh: '规则的某项数值不允许', en: 'A part of the rule cannot be' },
  ROOMS_INVALID: { zh: '须为 1 至 200 个房间', en: '1 to 200 rooms at once' },
  STAY_UNKNOWN: { zh: '没有这次入住', en: 'There is no such stay' },
  TRANSFER_UNKNOWN: { zh: '没有这次转院申请', en: 'There is no such transfer' },
  REQUEST_ID_REUSED: {
    zh: '该请求编号已用于其他内容，未作任何更改',
    en: 'The request id was used before with other content; nothing was written',
  },
  WRONG_STATE: { zh: '当前状态不允许此操作', en: 'The stay is not in a state that allows it' },
  DAY_OUT_OF_RANGE: { zh: '日期超出允许范围', en: 'The day is out of range' },
  HOLD_TOO_LONG: { zh: '保留期限过长', en: 'The hold would last too long' },
  HOLD_EXPIRED: { zh: '保留已经到期', en: 'The hold has expired' },
  BED_NOT_FREE: { zh: '没有这张床位', en: 'There is no such bed' },
  ELDER_NOT_ACTIVE: {
    zh: '没有这位老人的有效档案',
    en: 'There is no such elder, or the file of this elder has ended',
  },
  ELDER_HAS_BED: { zh: '该老人在此期间已有床位', en: 'The elder already has a bed in that time' },
  BED_NOT_SUITABLE: {
    zh: '床位类型不适合该老人的能力等级',
    en: "The bed's type does not suit the elder's ability level",
  },
  NOT_ASSESSED: {
    zh: '该老人未经评估，或评估已失效',
    en: 'The elder was never assessed, or the assessment has expired',
  },
  CONTRACT_MISSING: {
    zh: '入住前须签订服务合同',
    en: 'The contract has to be signed before the elder comes',
  },
  NOT_NEXT_IN_LINE: {
    zh: '轮候名单上另有排在前面的老人，跳过须说明原因',
    en: 'Somebody on the waiting list comes first; skipping needs a reason',
  },
  LEAVE_LIMIT: { zh: '本年度请假天数已满', en: 'No days of leave are left in this year' },
  CHARGED_ALREADY: {
    zh: '该日已计入收费，不能更改',
    en: 'That day is on a bill already and stays as it is',
  },
};

/** `text` says more than the usual words of the code. */
export function refuseBed(
  code: BedRefusalCode,
  field: readonly string[] | null,
  text: Text = texts[code],
): BedRefusal {
  return refuse(code, text, field);
}
