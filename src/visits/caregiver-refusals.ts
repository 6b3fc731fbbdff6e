import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nothing about a caregiver was changed, in order of precedence. */
export type CaregiverRefusalCode =
  | 'STATION_UNKNOWN'
  | 'ACCOUNT_UNKNOWN'
  | 'CAREGIVER_UNKNOWN'
  | 'ABSENCE_UNKNOWN'
  | 'SKILL_UNKNOWN'
  | 'CAREGIVER_EXISTS'
  | 'CAREGIVER_ENDED'
  | 'DIVISION_INVALID'
  | 'SKILL_INVALID'
  | 'DATE_OUT_OF_RANGE'
  | 'HOURS_INVALID'
  | 'HOURS_OVERLAP'
  | 'ABSENCE_OVERLAPS'
  | 'ABSENCE_OVER';

const texts: Readonly<Record<CaregiverRefusalCode, Text>> = {
  STATION_UNKNOWN: { zh: '无此居家养老服务站，或已关闭', en: 'no home-care station that is open' },
  ACCOUNT_UNKNOWN: {
    zh: '无此账号，或该账号在本站没有护理员权限',
    en: 'no account that holds a grant as a caregiver at the station',
  },
  CAREGIVER_UNKNOWN: { zh: '无此护理员', en: 'no such caregiver' },
  ABSENCE_UNKNOWN: { zh: '无此缺勤记录', en: 'no such absence' },
  SKILL_UNKNOWN: { zh: '该护理员没有此项技能', en: 'the caregiver has no such skill' },
  CAREGIVER_EXISTS: { zh: '该账号已是护理员', en: 'the account is a caregiver already' },
  CAREGIVER_ENDED: { zh: '该护理员已离岗', en: 'the caregiver has left' },
  DIVISION_INVALID: { zh: '区划代码须为 6、9 或 12 位数字', en: 'a division code has 6, 9 or 12 digits' },
  SKILL_INVALID: {
    zh: '技能须为 1 至 24 个大写字母、数字或连字符',
    en: 'a skill has 1 to 24 of A-Z, 0-9 and the hyphen',
  },
  DATE_OUT_OF_RANGE: {
    zh: '日期或时间不存在、已过去，或过于遥远',
    en: 'does not exist, lies in the past, or too far off',
  },
  HOURS_INVALID: {
    zh: '工时须在 0 至 1440 分钟之间且起点早于终点，星期为 1 至 7',
    en: 'hours begin before they end, within 0 to 1440 minutes of a weekday from 1 to 7',
  },
  HOURS_OVERLAP: { zh: '同一天的工时不得重叠', en: 'hours of a weekday may not overlap' },
  ABSENCE_OVERLAPS: {
    zh: '与已登记的缺勤重叠；只有病假可与其他缺勤重叠',
    en: 'overlaps an absence that stands; sick leave alone may overlap one of another kind',
  },
  ABSENCE_OVER: {
    zh: '缺勤已结束或已撤回，不再更改',
    en: 'it is over, or was taken back, and stays as it is',
  },
};

export type CaregiverRefusal = Refusal<CaregiverRefusalCode>;

export function refuseCaregiver(code: CaregiverRefusalCode, field: readonly string[]): CaregiverRefusal {
  return refuse(code, texts[code], field);
}
