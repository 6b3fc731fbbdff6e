import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why a relative was not let in, changed or sent away, in order of precedence: the first that applies is answered. */
export const relativeRefusalCodes = [
  'ELDER_UNKNOWN',
  'RELATIVE_UNKNOWN',
  'NOT_FIRST_RELATIVE',
  'ELDER_NOT_ACTIVE',
  'NAME_INVALID',
  'PHONE_INVALID',
  'CONSENT_TEXT_OUTDATED',
  'UNTIL_OUT_OF_RANGE',
  'BEYOND_OWN_RIGHTS',
  'BEYOND_OWN_END',
  'RELATIVE_PRESENT',
  'RELATIVES_TOO_MANY',
] as const;
export type RelativeRefusalCode = (typeof relativeRefusalCodes)[number];
export type RelativeRefusal = Refusal<RelativeRefusalCode>;

/** How many relatives one elder may have at a time. */
export const relativesMax = 20;

/** How far ahead a consent may end: whoever agreed is asked again some day. */
export const untilYearsMax = 10;

const texts: Record<RelativeRefusalCode, Text> = {
  ELDER_UNKNOWN: { zh: '没有这位老人的档案', en: 'There is no such elder' },
  RELATIVE_UNKNOWN: { zh: '没有此家属授权', en: 'There is no such relative' },
  NOT_FIRST_RELATIVE: {
    zh: '只有首位家属可以为其他家属开通',
    en: 'Only a first relative may let in others',
  },
  ELDER_NOT_ACTIVE: { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' },
  NAME_INVALID: { zh: '姓名须为 1 至 60 个字符', en: 'A name has 1 to 60 characters' },
  PHONE_INVALID: { zh: '电话号码须为 7 至 15 位数字', en: 'A phone number has 7 to 15 digits' },
  CONSENT_TEXT_OUTDATED: {
    zh: '同意书不是现行版本，请出示现行版本后重试',
    en: 'This is not the consent text in use; show the current one and try again',
  },
  UNTIL_OUT_OF_RANGE: {
    zh: `截止时间须在当前时间之后、${untilYearsMax} 年之内`,
    en: `The end must lie ahead, by ${untilYearsMax} years at most`,
  },
  BEYOND_OWN_RIGHTS: { zh: '不能授予自己没有的权限', en: 'You cannot pass on a right that you do not have' },
  BEYOND_OWN_END: { zh: '截止时间不得晚于您自己的截止时间', en: 'The end cannot lie after your own' },
  RELATIVE_PRESENT: {
    zh: '该号码已是这位老人的家属，请改为变更权限',
    en: 'This phone is a relative of this elder already; change the rights instead',
  },
  RELATIVES_TOO_MANY: {
    zh: `每位老人最多 ${relativesMax} 位家属`,
    en: `An elder has ${relativesMax} relatives at most`,
  },
};

export function refuseRelative(
  code: RelativeRefusalCode,
  field: readonly string[] | null = null,
): RelativeRefusal {
  return refuse(code, texts[code], field);
}
