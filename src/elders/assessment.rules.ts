import { addDays, type Day } from '../shared/china-time.js';

export interface Indicator {
  code: string;
  groupCode: string | null;
  name: { zh: string; en: string };
  /** Null for one of the first level. */
  scoreMax: number | null;
}

/** A scale as its rows say; levels from the best to the worst. */
export interface Scale {
  id: number;
  code: string;
  name: { zh: string; en: string };
  validityMonths: number;
  comaLevel: number;
  worseBy: number;
  riskEventsMin: number;
  riskDays: number;
  changeDays: number;
  indicators: readonly Indicator[];
  levels: readonly { level: number; scoreMin: number; name: { zh: string; en: string } }[];
}

/** What was found about an elder: the score of each indicator, and what makes the level worse. */
export interface Findings {
  scores: readonly { code: string; score: number }[];
  isInComa: boolean;
  hasDementia: boolean;
  /** Falls, chokings, losing the way and the like within the scale's riskDays. */
  riskEvents: number;
}

/** The place of the first score that is no score of the scale, twice there, or the code of one that is missing. */
export function scoresFault(
  { scores }: Pick<Findings, 'scores'>,
  { indicators }: Pick<Scale, 'indicators'>,
): { index: number } | { missing: string } | undefined {
  const maxima = new Map(indicators.map(({ code, scoreMax }) => [code, scoreMax]));
  const seen = new Set<string>();
  for (const [index, { code, score }] of scores.entries()) {
    const max = maxima.get(code) ?? null;
    if (max === null || seen.has(code) || !Number.isInteger(score) || score < 0 || score > max)
      return { index };
    seen.add(code);
  }
  const missing = indicators.find(({ code, scoreMax }) => scoreMax !== null && !seen.has(code));
  return missing && { missing: missing.code };
}

/** The sum of the scores, and the level: by the sum, then by what makes it worse, never beyond the worst. */
export function assessed(findings: Findings, scale: Scale): { score: number; level: number } {
  const score = findings.scores.reduce((sum, each) => sum + each.score, 0);
  if (findings.isInComa) return { score, level: scale.comaLevel };
  const worst = Math.max(...scale.levels.map(({ level }) => level));
  const byScore = scale.levels.find(({ scoreMin }) => score >= scoreMin)?.level ?? worst;
  const isWorse = findings.hasDementia || findings.riskEvents >= scale.riskEventsMin;
  return { score, level: Math.min(worst, byScore + (isWorse ? scale.worseBy : 0)) };
}

/** The first day on which an assessment no longer counts: that of the month it falls in, or the month's last. */
export function expiryOf(assessedOn: Day, { validityMonths }: Pick<Scale, 'validityMonths'>): Day {
  const [year = 0, month = 0, day = 0] = assessedOn.split('-').map(Number);
  const months = year * 12 + (month - 1) + validityMonths;
  const first = new Date(Date.UTC(Math.floor(months / 12), months % 12, 1));
  const last = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
  return addDays(first.toISOString().slice(0, 10), Math.min(day, last) - 1);
}

/** Until when a level counts after a change of state was seen; no longer than it would have. */
export function untilAfterChange(
  countsUntil: Day | null,
  changedOn: Day,
  { changeDays }: Pick<Scale, 'changeDays'>,
): Day {
  const until = addDays(changedOn, changeDays);
  return countsUntil !== null && countsUntil < until ? countsUntil : until;
}

export interface Counted {
  assessedOn: Day;
  countsUntil: Day | null;
  level: number;
}

/** The level that counted on a day, of assessments in the order of their days; null when none did. */
export function levelOn(assessments: readonly Counted[], day: Day): number | null {
  const last = assessments.filter(({ assessedOn }) => assessedOn <= day).at(-1);
  if (!last || (last.countsUntil !== null && last.countsUntil <= day)) return null;
  return last.level;
}
