import { type BedType, bedTypes } from '../../../entities/beds/bed.entity.js';
import { type SubsidyPeriod, subsidyPeriods } from '../../../entities/beds/bed-subsidy.entity.js';
import type { Day } from '../../shared/china-time.js';
import type { Text } from '../../shared/text.js';

/** What a funder pays for whom; as in bed_subsidy_rate. */
export interface SubsidyRate {
  bedType: BedType | null;
  levelMin: number | null;
  levelMax: number | null;
  fen: number;
}

/** As in bed_subsidy, without whose it is and where. */
export interface SubsidyTerms {
  per: SubsidyPeriod;
  wholeMonthDays: number | null;
  homeLeaveDaysMax: number;
  hospitalDaysMax: number;
  /** Tried from the top. */
  rates: readonly SubsidyRate[];
}

export interface BedSubsidyRule extends SubsidyTerms {
  fromDay: Day;
}

/** The first rate that suits a bed and a level; without a level only what is for everybody does. */
export function rateFor(
  { rates }: Pick<SubsidyTerms, 'rates'>,
  bedType: BedType,
  level: number | null,
): SubsidyRate | undefined {
  return rates.find(
    (rate) =>
      (rate.bedType === null || rate.bedType === bedType) &&
      (rate.levelMin === null ||
        (level !== null && level >= rate.levelMin && level <= (rate.levelMax ?? rate.levelMin))),
  );
}

/** A rule of a funder at a place so many steps above a home, 0 for the home itself; everywhere is the farthest. */
export interface NearRule<Rule extends { fromDay: Day }> {
  distance: number;
  rule: Rule;
}

/** Of a funder's rules, the one that counts on a day: of the nearest place that has one by then, the latest. */
export function ruleOn<Rule extends { fromDay: Day }>(
  rules: readonly NearRule<Rule>[],
  day: Day,
): Rule | null {
  let best: NearRule<Rule> | null = null;
  for (const one of rules) {
    if (one.rule.fromDay > day) continue;
    const isNearer = best === null || one.distance < best.distance;
    if (isNearer || (one.distance === best?.distance && one.rule.fromDay > best.rule.fromDay)) best = one;
  }
  return best?.rule ?? null;
}

/** The most that a day, or a month, may be worth, in fen; and how many rates a rule may have. */
export const rateFenMax = 1_000_000;
export const ratesMax = 40;

/** What is wrong with the terms of a rule, by field; undefined when nothing is. */
export function subsidyFault(terms: SubsidyTerms): { field: string[]; text: Text } | undefined {
  const { per, wholeMonthDays, homeLeaveDaysMax, hospitalDaysMax, rates } = terms;
  const at = (name: string) => ['rule', name];
  if (!subsidyPeriods.includes(per)) return { field: at('per'), text: ranged('DAY', 'MONTH') };
  if (wholeMonthDays !== null && per === 'DAY') {
    const text = { zh: '按日补贴不设整月天数', en: 'only what is paid by the month has whole months' };
    return { field: at('wholeMonthDays'), text };
  }
  if (wholeMonthDays !== null && !isWithin(wholeMonthDays, 1, 31))
    return { field: at('wholeMonthDays'), text: ranged(1, 31) };
  if (!isWithin(homeLeaveDaysMax, 0, 31)) return { field: at('homeLeaveDaysMax'), text: ranged(0, 31) };
  if (!isWithin(hospitalDaysMax, 0, 31)) return { field: at('hospitalDaysMax'), text: ranged(0, 31) };
  if (rates.length > ratesMax) {
    return { field: at('rates'), text: { zh: `至多 ${ratesMax} 条标准`, en: `at most ${ratesMax} rates` } };
  }
  for (const [index, rate] of rates.entries()) {
    const wrong = rateFault(rate);
    if (wrong) return { field: ['rule', 'rates', String(index), wrong.name], text: wrong.text };
  }
  return undefined;
}

function rateFault({
  bedType,
  levelMin,
  levelMax,
  fen,
}: SubsidyRate): { name: string; text: Text } | undefined {
  if (bedType !== null && !bedTypes.includes(bedType)) {
    return { name: 'bedType', text: { zh: '没有这种床位', en: 'there is no such type' } };
  }
  if ((levelMin === null) !== (levelMax === null)) {
    const text = { zh: '等级上下限须同时填写或同时不填', en: 'both levels are given, or none' };
    return { name: levelMin === null ? 'levelMin' : 'levelMax', text };
  }
  if (levelMin !== null && !isWithin(levelMin, 0, 4)) return { name: 'levelMin', text: ranged(0, 4) };
  if (levelMax !== null && !isWithin(levelMax, levelMin ?? 0, 4))
    return { name: 'levelMax', text: ranged(levelMin ?? 0, 4) };
  return isWithin(fen, 0, rateFenMax) ? undefined : { name: 'fen', text: ranged(0, rateFenMax) };
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function ranged(least: number | string, most: number | string): Text {
  return { zh: `须为 ${least} 至 ${most}`, en: `must be ${least} to ${most}` };
}
