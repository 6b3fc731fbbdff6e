import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nothing in the catalogue was changed, in order of precedence. */
export type ServiceRefusalCode =
  | 'FACILITY_UNKNOWN'
  | 'SERVICE_UNKNOWN'
  | 'CODE_INVALID'
  | 'CODE_TAKEN'
  | 'NAME_INVALID'
  | 'MINUTES_OUT_OF_RANGE'
  | 'CAREGIVERS_OUT_OF_RANGE'
  | 'PAIR_INVALID'
  | 'SKILL_INVALID'
  | 'PRICE_OUT_OF_RANGE'
  | 'DATE_OUT_OF_RANGE'
  | 'PRICE_BEGUN'
  | 'SERVICE_BOOKED';

const texts: Readonly<Record<ServiceRefusalCode, Text>> = {
  FACILITY_UNKNOWN: { zh: '无此机构', en: 'no such facility' },
  SERVICE_UNKNOWN: { zh: '目录中无此服务', en: 'the catalogue has no such service' },
  CODE_INVALID: {
    zh: '编码须为 1 至 32 个大写字母、数字或连字符',
    en: 'a code has 1 to 32 of A-Z, 0-9 and the hyphen',
  },
  CODE_TAKEN: { zh: '已有此编码的服务', en: 'a service has this code already' },
  NAME_INVALID: {
    zh: '中文名称 1 至 40 字，英文名称 1 至 80 字',
    en: 'a name has 1 to 40 characters in Chinese and 1 to 80 in English',
  },
  MINUTES_OUT_OF_RANGE: {
    zh: '服务时长须在 1 至 720 分钟之间，准备与缓冲须在 0 至 240 分钟之间',
    en: 'a visit lasts 1 to 720 minutes; preparation and buffer take 0 to 240',
  },
  CAREGIVERS_OUT_OF_RANGE: { zh: '护理员须为 1 或 2 名', en: 'it takes one caregiver, or two' },
  PAIR_INVALID: {
    zh: '第二名护理员的到达间隔仅适用于双人服务，须在 0 分钟至服务时长之间，且下限不大于上限',
    en: 'when the second comes is said of two caregivers alone, from 0 minutes to before the visit ends, the least first',
  },
  SKILL_INVALID: {
    zh: '技能须为 1 至 24 个大写字母、数字或连字符',
    en: 'a skill has 1 to 24 of A-Z, 0-9 and the hyphen',
  },
  PRICE_OUT_OF_RANGE: { zh: '价格须在 0 至 10000000 分之间', en: 'a price is 0 to 10000000 fen' },
  DATE_OUT_OF_RANGE: {
    zh: '日期不存在、已过去，或过于遥远',
    en: 'does not exist, lies in the past, or too far off',
  },
  PRICE_BEGUN: {
    zh: '该日起的价格已生效，不再更改；可自次日起另定',
    en: 'the price of that day has begun, and stays; set another from tomorrow on',
  },
  SERVICE_BOOKED: {
    zh: '已有预约，护理员人数不得更改',
    en: 'visits are booked with as many caregivers as it takes now',
  },
};

export type ServiceRefusal = Refusal<ServiceRefusalCode>;

export function refuseService(code: ServiceRefusalCode, field: readonly string[]): ServiceRefusal {
  return refuse(code, texts[code], field);
}
