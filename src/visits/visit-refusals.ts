import type { Refusal } from '../shared/refusal.js';
import { refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';
import type { Slot } from './slots.rules.js';
import { flexMinutesMax, noteLengthMax, occurrencesMax } from './visit-terms.rules.js';

/**
 * Why nothing was booked or changed, in order of precedence: the first that applies is answered. A requestId that was
 * used before is looked at as soon as the elder is known, so that an old answer does not change with the day.
 */
export const visitRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'NOTE_INVALID',
  'START_INVALID',
  'RECURRENCE_INVALID',
  'VISIT_UNKNOWN',
  'WRONG_STATUS',
  'ELDER_NOT_ACTIVE',
  'SERVICE_NOT_OFFERED',
  'TIME_OUT_OF_RANGE',
  'ELDER_BUSY',
  'NO_CAREGIVER_FREE',
  'TOO_LATE_TO_CANCEL',
  'TOO_FAR_AWAY',
  'REQUEST_ID_REUSED',
] as const;
export type VisitRefusalCode = (typeof visitRefusalCodes)[number];

/** A refusal, and when it could be had instead. */
export interface VisitRefusal extends Refusal<VisitRefusalCode> {
  /** In order of start, five at most; empty where the time was not the trouble. */
  alternatives: readonly Slot[];
}

const texts: Record<VisitRefusalCode, Text> = {
  REQUEST_ID_MALFORMED: { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' },
  NOTE_INVALID: {
    zh: `说明至多 ${noteLengthMax} 字，不可换行；可移动的时间为 0 至 ${flexMinutesMax} 分钟`,
    en: `at most ${noteLengthMax} characters on one line; time to move within is 0 to ${flexMinutesMax} minutes`,
  },
  START_INVALID: { zh: '开始时间须为整分钟', en: 'a visit begins on a whole minute' },
  RECURRENCE_INVALID: {
    zh: `重复规则须为按日、周或月的 RRULE，写明次数或截止日，首次即开始时间，共 1 至 ${occurrencesMax} 次`,
    en: `must be an RRULE by days, weeks or months with COUNT or UNTIL, whose first occurrence is the start, 1 to ${occurrencesMax} occurrences`,
  },
  VISIT_UNKNOWN: { zh: '无此上门服务', en: 'There is no such visit' },
  ELDER_NOT_ACTIVE: {
    zh: '没有这位老人的档案，或档案已经结束',
    en: 'There is no such elder, or the file has ended',
  },
  SERVICE_NOT_OFFERED: {
    zh: '老人所属的服务站当日不提供此项服务',
    en: "The elder's station does not offer this service on that day",
  },
  TIME_OUT_OF_RANGE: {
    zh: '时间已过、太近，或超出可预约的范围',
    en: 'In the past, too soon, or further ahead than bookings are open',
  },
  ELDER_BUSY: { zh: '老人此时已有其他上门服务', en: 'The elder has another visit at that time' },
  NO_CAREGIVER_FREE: {
    zh: '此时没有合适的护理员有空',
    en: 'No suitable caregiver is free at that time, travel counted',
  },
  WRONG_STATUS: { zh: '当前状态不允许此操作', en: 'The status of the visit does not allow it' },
  TOO_LATE_TO_CANCEL: {
    zh: '距开始时间太近，不能更改或取消，请联系服务站',
    en: 'The visit begins too soon to be moved or called off; ask the station',
  },
  TOO_FAR_AWAY: { zh: '签到位置离老人家太远', en: "Too far from the elder's home" },
  REQUEST_ID_REUSED: {
    zh: '该请求编号已用于其他内容，未作任何更改',
    en: 'The request id was used before with other content; nothing was written',
  },
};

/** `text` says more than the usual words of the code. */
export function refuseVisit(
  code: VisitRefusalCode,
  field: readonly string[] | null,
  { text = texts[code], alternatives = [] }: { text?: Text; alternatives?: readonly Slot[] } = {},
): VisitRefusal {
  return { ...refuse(code, text, field), alternatives };
}

/** The status does not allow it; the words say which it is and where the step would lead. */
export function refuseStatus(from: string, to: string, field: readonly string[]): VisitRefusal {
  const text = {
    zh: `状态为 ${from}，不能变为 ${to}`,
    en: `the visit is ${from} and cannot become ${to}`,
  };
  return refuseVisit('WRONG_STATUS', field, { text });
}
