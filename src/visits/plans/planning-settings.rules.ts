import type { Text } from '../../shared/text.js';
import { defaultWeights, type PlanningWeights } from '../planning/weights.js';

export type PlanningSettingUnit = 'HUNDREDTHS' | 'MINUTES';

interface SettingKind {
  unit: PlanningSettingUnit;
  /** What a manager may set it to. */
  min: number;
  max: number;
  /** What counts where nobody has set anything. */
  fallback: number;
  means: Text;
}

const weight = (fallback: number, zh: string, en: string, max = 10_000): SettingKind => ({
  unit: 'HUNDREDTHS',
  min: 0,
  max,
  fallback: Math.round(fallback * 100),
  means: { zh, en },
});
const minutes = (fallback: number, max: number, zh: string, en: string): SettingKind => ({
  unit: 'MINUTES',
  min: 0,
  max,
  fallback,
  means: { zh, en },
});

/**
 * The numbers that plans are made by. Weights say, in hundredths, how many minutes of travel an evil is as bad as;
 * the others are bounds that a plan keeps.
 */
export const settingKinds = {
  TRAVEL: weight(defaultWeights.travel, '路上一分钟', 'a minute on the way'),
  LATENESS: weight(defaultWeights.lateness, '晚到一分钟', 'a minute of lateness'),
  WORST_LATENESS: weight(
    defaultWeights.worstLateness,
    '最晚一次晚到的一分钟',
    'a minute of the worst lateness',
  ),
  MOVED_MINUTE: weight(
    defaultWeights.movedMinute,
    '与已告知家属的时间相差一分钟',
    'a minute by which a visit is moved from what the family was told',
  ),
  CHANGED_CAREGIVER: weight(
    defaultWeights.changedCaregiver,
    '更换已告知家属的护理员',
    'another caregiver than the family was told',
    1_000_000,
  ),
  STRANGER: weight(
    defaultWeights.stranger,
    '由老人从未见过的护理员上门',
    'a caregiver whom the elder never saw',
    1_000_000,
  ),
  UNEVENNESS: weight(defaultWeights.unevenness, '工作不均一分钟', 'a minute of unevenness'),
  OVERTIME: weight(defaultWeights.overtime, '加班一分钟', 'a minute of overtime'),
  LEFT_OUT: {
    ...weight(defaultWeights.leftOut, '一次排不上的服务', 'a visit that is not planned', 10_000_000),
    // It must exceed all the rest together, or visits would be left out for comfort.
    min: 100_000,
  },
  NORMAL_DAY: minutes(480, 1440, '一天的正常工时', 'work of a day beyond this is overtime'),
  LONGEST_DAY: minutes(660, 1440, '一天最长工时', 'no day holds more work than this'),
  BREAK: minutes(0, 120, '休息多久，0 为不另排休息', 'how long a break is; 0 plans none beside the roster’s'),
  BREAK_FROM: minutes(660, 1440, '休息最早开始，自零点起', 'the earliest begin of the break, since midnight'),
  BREAK_TO: minutes(840, 1440, '休息最迟结束，自零点起', 'the latest end of the break, since midnight'),
  FROZEN: minutes(
    30,
    1440,
    '当日重排时，此时间内的服务不再变动',
    'of a day that has begun, nothing that starts so soon is changed',
  ),
} as const satisfies Record<string, SettingKind>;

export type PlanningSettingName = keyof typeof settingKinds;
export const planningSettingNames = Object.keys(settingKinds) as PlanningSettingName[];

/** The numbers in force at one station on one day. */
export type PlanningSettings = Readonly<Record<PlanningSettingName, number>>;

export const fallbackSettings = Object.fromEntries(
  planningSettingNames.map((name) => [name, settingKinds[name].fallback]),
) as PlanningSettings;

const names: Readonly<Record<keyof PlanningWeights, PlanningSettingName>> = {
  travel: 'TRAVEL',
  lateness: 'LATENESS',
  worstLateness: 'WORST_LATENESS',
  movedMinute: 'MOVED_MINUTE',
  changedCaregiver: 'CHANGED_CAREGIVER',
  stranger: 'STRANGER',
  unevenness: 'UNEVENNESS',
  overtime: 'OVERTIME',
  leftOut: 'LEFT_OUT',
};

/** Where little shall change, a change counts so many times as much. */
const fewChangesFactor = 20;

/** The weights as the planner takes them. */
export function weightsOf(settings: PlanningSettings, fewChanges: boolean): PlanningWeights {
  const weights = Object.fromEntries(
    Object.entries(names).map(([key, name]) => [key, settings[name] / 100]),
  ) as unknown as PlanningWeights;
  if (!fewChanges) return weights;
  const { movedMinute, changedCaregiver } = weights;
  return {
    ...weights,
    movedMinute: Math.max(movedMinute, 1) * fewChangesFactor,
    changedCaregiver: Math.max(changedCaregiver, 1) * fewChangesFactor,
  };
}
