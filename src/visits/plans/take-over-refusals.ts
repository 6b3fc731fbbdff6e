import { type Refusal, refuse } from '../../shared/refusal.js';
import type { Text } from '../../shared/text.js';

/** Visits that may be given to others at once. */
export const takeOversMax = 100;

/** Why nobody took anything over, in order of precedence. */
export const takeOverRefusalCodes = [
  'VISITS_INVALID',
  'VISIT_UNKNOWN',
  'CAREGIVER_UNKNOWN',
  'WRONG_STATUS',
  'VISIT_CHANGED',
  'NOT_POSSIBLE',
] as const;
export type TakeOverRefusalCode = (typeof takeOverRefusalCodes)[number];
export type TakeOverRefusal = Refusal<TakeOverRefusalCode>;

const texts: Record<TakeOverRefusalCode, Text> = {
  VISITS_INVALID: {
    zh: `须为 1 至 ${takeOversMax} 次不重复的服务`,
    en: `1 to ${takeOversMax} visits, each once`,
  },
  VISIT_UNKNOWN: { zh: '没有这次服务', en: 'There is no such visit' },
  CAREGIVER_UNKNOWN: { zh: '服务站没有这位护理员', en: 'The station has no such caregiver' },
  WRONG_STATUS: { zh: '该服务已经开始、完成或取消', en: 'The visit has begun, is done, or was called off' },
  VISIT_CHANGED: {
    zh: '该服务已有变动，请重新查看',
    en: 'The visit changed since it was looked at; look again',
  },
  NOT_POSSIBLE: { zh: '不能由该护理员接替', en: 'The caregiver cannot take it over' },
};

export function refuseTakeOver(
  code: TakeOverRefusalCode,
  field: readonly string[] | null,
  more?: Text,
): TakeOverRefusal {
  const text = more
    ? { zh: `${texts[code].zh}：${more.zh}`, en: `${texts[code].en}: ${more.en}` }
    : texts[code];
  return refuse(code, text, field);
}
