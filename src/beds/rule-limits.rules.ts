import type { Text } from '../shared/text.js';
import type { AdmissionTerms } from './bed.rules.js';

/** The least and the most that each number of a rule may be. */
export const ruleLimits = {
  levelMin: [0, 4],
  levelMax: [0, 4],
  trialDays: [0, 366],
  holdDaysMax: [1, 90],
  homeLeaveDaysMax: [0, 366],
  hospitalLeaveDaysMax: [0, 366],
  homeLeavePercent: [0, 100],
  hospitalLeavePercent: [0, 100],
  entryDaysBackMax: [0, 366],
} as const satisfies Partial<Record<keyof AdmissionTerms, readonly [number, number]>>;

/** The first number of a rule that cannot be; undefined when all can. */
export function ruleFault(rule: AdmissionTerms): { field: string[]; text: Text } | undefined {
  for (const [name, [least, most]] of Object.entries(ruleLimits)) {
    const value = rule[name as keyof typeof ruleLimits];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    const text = {
      zh: `须为 ${least} 至 ${most} 的整数`,
      en: `must be a whole number of ${least} to ${most}`,
    };
    return { field: ['rule', name], text };
  }
  if (rule.levelMin <= rule.levelMax) return undefined;
  const text = { zh: '不得低于最低等级', en: 'must not be less than levelMin' };
  return { field: ['rule', 'levelMax'], text };
}
