import { type Refusal, refuse } from '../../shared/refusal.js';
import type { Text } from '../../shared/text.js';

/** A day further ahead has too few bookings to be worth a plan. */
export const daysAheadMax = 60;
export const stationsMax = 10;
export const secondsMax = 600;
export const iterationsMax = 100_000_000;
export const visitsMax = 5000;

/** Why nothing was planned or applied, in order of precedence: the first that applies is answered. */
export const planRefusalCodes = [
  'STATIONS_INVALID',
  'STATION_UNKNOWN',
  'DAY_OUT_OF_RANGE',
  'OPTIONS_INVALID',
  'MATRIX_INVALID',
  'STATION_CLOSED',
  'NO_CAREGIVERS',
  'NOTHING_TO_PLAN',
  'TOO_MANY_VISITS',
  'MATRIX_INCOMPLETE',
  'PLANNER_BUSY',
  'PLAN_RUNNING',
  'PLAN_UNKNOWN',
  'PLAN_NOT_READY',
  'PLAN_STALE',
  'PLAN_INVALID',
] as const;
export type PlanRefusalCode = (typeof planRefusalCodes)[number];

export interface PlanRefusal extends Refusal<PlanRefusalCode> {
  /** The plan that is in the way, where one is. */
  planId: number | null;
  /** What changed since the plan was made. */
  visitIds: readonly number[];
  caregiverIds: readonly number[];
}

/** Like isRefusal, of what can be refused for these reasons alone. */
export function isPlanRefusal<Result extends object>(result: Result | PlanRefusal): result is PlanRefusal {
  return 'refused' in result;
}

const texts: Record<PlanRefusalCode, Text> = {
  STATIONS_INVALID: {
    zh: `须为 1 至 ${stationsMax} 个不重复的居家服务站`,
    en: `1 to ${stationsMax} home-care stations, each once`,
  },
  STATION_UNKNOWN: { zh: '没有这个居家服务站', en: 'There is no such home-care station' },
  DAY_OUT_OF_RANGE: {
    zh: `须为今天起 ${daysAheadMax} 天内的日期`,
    en: `a day from today on, at most ${daysAheadMax} days ahead`,
  },
  OPTIONS_INVALID: { zh: '选项超出范围', en: 'out of range' },
  MATRIX_INVALID: { zh: '须为不小于 0 的分钟数', en: 'must be minutes, 0 or more' },
  STATION_CLOSED: { zh: '服务站当日不开放', en: 'The station is not open on that day' },
  NO_CAREGIVERS: { zh: '当日没有护理员上班', en: 'No caregiver works then' },
  NOTHING_TO_PLAN: { zh: '没有可以安排的服务', en: 'There is no visit to plan' },
  TOO_MANY_VISITS: { zh: `至多 ${visitsMax} 次服务`, en: `at most ${visitsMax} visits at once` },
  MATRIX_INCOMPLETE: { zh: '路程表中缺少此地点', en: 'The matrix lacks a place' },
  PLANNER_BUSY: { zh: '排班正忙，请稍后再试', en: 'Too many plans are waiting; try again later' },
  PLAN_RUNNING: { zh: '这一天正在排班', en: 'A plan of that day is being made already' },
  PLAN_UNKNOWN: { zh: '没有这个排班方案', en: 'There is no such plan' },
  PLAN_NOT_READY: { zh: '排班方案尚未完成或没有结果', en: 'The plan is not finished, or found nothing' },
  PLAN_STALE: { zh: '方案制定后情况有变', en: 'Things changed since the plan was made' },
  PLAN_INVALID: { zh: '方案不符合规则', en: 'The plan breaks a rule' },
};

/** `more` says what the usual words of the code do not. */
export function refusePlan(
  code: PlanRefusalCode,
  field: readonly string[] | null,
  more: Partial<Pick<PlanRefusal, 'planId' | 'visitIds' | 'caregiverIds'>> & { text?: Text } = {},
): PlanRefusal {
  const { text = texts[code], planId = null, visitIds = [], caregiverIds = [] } = more;
  return { ...refuse(code, text, field), planId, visitIds, caregiverIds };
}

/** The usual words of a code and what they are about. */
export function wordsOf(code: PlanRefusalCode, more: Text): Text {
  return { zh: `${texts[code].zh}：${more.zh}`, en: `${texts[code].en}: ${more.en}` };
}
