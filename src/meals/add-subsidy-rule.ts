import type { EntityManager } from 'typeorm';
import { type Meal, meals } from '../../entities/meals/meal-window.entity.js';
import { facilityByCode } from '../network/find-facilities.js';
import { lockTree } from '../network/lock-tree.js';
import { type Day, isDay } from '../shared/china-time.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { codeInvalid, funderByCode, isMealsCode } from './add-funder.js';
import { mealFenMax } from './swipe.rules.js';

export type SubsidyRuleRefusalCode =
  | 'CODE_INVALID'
  | 'VERSION_INVALID'
  | 'MEAL_UNKNOWN'
  | 'AGE_OUT_OF_RANGE'
  | 'AMOUNT_OUT_OF_RANGE'
  | 'DATE_OUT_OF_RANGE'
  | 'FACILITY_UNKNOWN'
  | 'FUNDER_UNKNOWN'
  | 'VERSION_TAKEN'
  | 'VERSIONS_OVERLAP';

/** A version of a rule as somebody writes it down; it counts in the canteens beneath the facility. */
export interface NewSubsidyRule {
  code: string;
  version: number;
  facilityCode: string;
  funderCode: string;
  meal: string;
  /** Completed years on the day of the meal. */
  ageMin: number;
  amountFen: number;
  /** The first day on which it counts. */
  fromDay: Day;
  /** The first day on which it no longer counts; null while no end is known. */
  toDay: Day | null;
}

export interface AddedSubsidyRule {
  code: string;
  version: number;
  /** The version that was open-ended until now and ends on the day this one begins; null when none was. */
  endedVersion: number | null;
}

/**
 * Adds a version of a subsidy rule. An earlier version without an end that began before it ends on the day
 * the new one begins; any other overlap with a version of the same code is refused.
 */
export async function addSubsidyRule(
  manager: EntityManager,
  rule: NewSubsidyRule,
): Promise<AddedSubsidyRule | Refusal<SubsidyRuleRefusalCode>> {
  const invalid = checkedByItself(rule);
  if (invalid) return invalid;
  const { code, version, ageMin, amountFen, fromDay, toDay } = rule;
  // Versions have no row in common that could be locked. Rules stand in the tree, and are added as rarely.
  await lockTree(manager);
  const facility = await facilityByCode(manager, rule.facilityCode);
  if (!facility) {
    return refuse('FACILITY_UNKNOWN', { zh: '没有此编码的机构', en: 'No facility has this code' }, [
      'facility',
    ]);
  }
  const funder = await funderByCode(manager, rule.funderCode);
  if (!funder) {
    return refuse('FUNDER_UNKNOWN', { zh: '没有此编码的出资方', en: 'No funder has this code' }, ['funder']);
  }
  const previous = await versionToEnd(manager, rule);
  if (isRefusal(previous)) return previous;
  if (previous.id !== null) {
    await manager.query('UPDATE subsidy_rule SET toDay = ? WHERE id = ?', [fromDay, previous.id]);
  }
  await insertRows(
    manager,
    'subsidy_rule',
    ['code', 'version', 'facilityId', 'funderId', 'meal', 'ageMin', 'amountFen', 'fromDay', 'toDay'],
    [[code, version, facility.id, funder.id, rule.meal, ageMin, amountFen, fromDay, toDay]],
  );
  return { code, version, endedVersion: previous.version };
}

const versionMax = 9999;
const ageMinMax = 150;

function checkedByItself(rule: NewSubsidyRule): Refusal<SubsidyRuleRefusalCode> | undefined {
  const { code, version, meal, ageMin, amountFen, fromDay, toDay } = rule;
  if (!isMealsCode(code)) return codeInvalid();
  if (!isWhole(version, 1, versionMax)) {
    const text = { zh: `版本须为 1 至 ${versionMax}`, en: `A version is 1 to ${versionMax}` };
    return refuse('VERSION_INVALID', text, ['version']);
  }
  if (!meals.includes(meal as Meal)) {
    const text = { zh: `餐次须为 ${meals.join('、')}`, en: `A meal is one of ${meals.join(', ')}` };
    return refuse('MEAL_UNKNOWN', text, ['meal']);
  }
  if (!isWhole(ageMin, 0, ageMinMax)) {
    const text = { zh: `年龄须为 0 至 ${ageMinMax} 岁`, en: `An age is 0 to ${ageMinMax} years` };
    return refuse('AGE_OUT_OF_RANGE', text, ['ageMin']);
  }
  if (!isWhole(amountFen, 1, mealFenMax)) {
    const text = { zh: `金额须为 1 至 ${mealFenMax} 分`, en: `An amount is 1 to ${mealFenMax} fen` };
    return refuse('AMOUNT_OUT_OF_RANGE', text, ['amountFen']);
  }
  if (!isDay(fromDay)) return dateOutOfRange('fromDay');
  if (toDay !== null && (!isDay(toDay) || toDay <= fromDay)) return dateOutOfRange('toDay');
  return undefined;
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function dateOutOfRange(field: 'fromDay' | 'toDay'): Refusal<'DATE_OUT_OF_RANGE'> {
  const text = {
    zh: '日期须写作 2026-01-31,且起日早于止日',
    en: 'A day is written as in 2026-01-31, and the first one lies before the end',
  };
  return refuse('DATE_OUT_OF_RANGE', text, [field]);
}

interface Version {
  id: number;
  code: string;
  version: number;
  fromDay: Day;
  toDay: Day | null;
}

/** The version that the new one puts an end to, nulls when there is none, or why it cannot be added. */
async function versionToEnd(
  manager: EntityManager,
  { code, version, fromDay, toDay }: NewSubsidyRule,
): Promise<{ id: number | null; version: number | null } | Refusal<'VERSION_TAKEN' | 'VERSIONS_OVERLAP'>> {
  const rows: Version[] = await manager.query(
    `SELECT id, code, version, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay
       FROM subsidy_rule WHERE code = ?`,
    [code],
  );
  if (rows.some((row) => row.version === version)) {
    return refuse('VERSION_TAKEN', { zh: '该规则已有此版本', en: 'The rule has this version already' }, [
      'version',
    ]);
  }
  const overlapping = rows.filter(
    (row) => (toDay === null || row.fromDay < toDay) && (row.toDay === null || fromDay < row.toDay),
  );
  const [previous] = overlapping;
  if (!previous) return { id: null, version: null };
  const isEnded = previous.toDay === null && previous.fromDay < fromDay && previous.version < version;
  if (overlapping.length === 1 && isEnded) return previous;
  const numbers = overlapping.map((row) => row.version).join(', ');
  const text = { zh: `与版本 ${numbers} 的日期重叠`, en: `Its days overlap those of version ${numbers}` };
  return refuse('VERSIONS_OVERLAP', text, ['fromDay']);
}
