import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why an elder's file was not made or changed, in order of precedence: the first that applies is answered. */
export const elderRefusalCodes = [
  'ELDER_UNKNOWN',
  'ELDER_NOT_ACTIVE',
  'ELDER_NOT_ENDED',
  'ELDER_ERASED',
  'RETENTION_NOT_PASSED',
  'NOT_SETTLED',
  'DAY_OUT_OF_RANGE',
  'NAME_INVALID',
  'ID_NUMBER_INVALID',
  'PHONE_INVALID',
  'ADDRESS_INVALID',
  'ABILITY_LEVEL_OUT_OF_RANGE',
  'ABILITY_INCOMPLETE',
  'HOME_STATION_UNKNOWN',
  'CATEGORY_UNKNOWN',
  'ID_NUMBER_TAKEN',
] as const;
export type ElderRefusalCode = (typeof elderRefusalCodes)[number];
export type ElderRefusal = Refusal<ElderRefusalCode>;

const texts: Record<ElderRefusalCode, Text> = {
  ELDER_UNKNOWN: { zh: '没有这位老人的档案', en: 'There is no such elder' },
  ELDER_NOT_ACTIVE: { zh: '该老人的档案已经结束', en: 'The file of this elder has ended already' },
  ELDER_NOT_ENDED: {
    zh: '该老人的档案尚未结束，不能清除',
    en: 'The file of this elder is in use and cannot be erased',
  },
  ELDER_ERASED: {
    zh: '该老人的身份信息已清除，档案不能恢复',
    en: 'The person was erased from this file, which cannot be opened again',
  },
  RETENTION_NOT_PASSED: {
    zh: '档案保存期限未满，不能清除',
    en: 'The file must be kept longer before it may be erased',
  },
  NOT_SETTLED: { zh: '尚有未了结的事项', en: 'Not everything is settled yet' },
  DAY_OUT_OF_RANGE: {
    zh: '日期不得晚于今天，也不得早于建档日期',
    en: 'The day must be neither after today nor before the file was opened',
  },
  NAME_INVALID: { zh: '姓名须为 1 至 60 个字符', en: 'A name has 1 to 60 characters' },
  ID_NUMBER_INVALID: {
    zh: '身份证号码有误（须为 18 位，出生日期与校验码须正确）',
    en: 'Not a resident ID number: 18 characters with a birth date and the right check character',
  },
  PHONE_INVALID: { zh: '电话号码须为 7 至 15 位数字', en: 'A phone number has 7 to 15 digits' },
  ADDRESS_INVALID: { zh: '地址须为 1 至 200 个字符', en: 'An address has 1 to 200 characters' },
  ABILITY_LEVEL_OUT_OF_RANGE: { zh: '能力等级须为 0 至 4', en: 'An ability level is 0 to 4' },
  ABILITY_INCOMPLETE: {
    zh: '能力等级与其失效日期须同时填写',
    en: 'An ability level and the day on which it expires come together',
  },
  HOME_STATION_UNKNOWN: {
    zh: '请选择您辖区内正在运营的居家养老服务站',
    en: 'Not an open home-care station within your area',
  },
  CATEGORY_UNKNOWN: { zh: '没有此编码的类别', en: 'No category of the city has this code' },
  // It does not say whose file it is or where: that may lie outside the caller's area.
  ID_NUMBER_TAKEN: { zh: '该身份证号码已经建档', en: 'This ID number is registered already' },
};

/** `text` says more than the usual words of the code. */
export function refuseElder(
  code: ElderRefusalCode,
  field: readonly string[],
  text: Text = texts[code],
): ElderRefusal {
  return refuse(code, text, field);
}
