import type { ElderCategory } from '../../../entities/elders/elder-category-membership.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import type { Day } from '../../shared/china-time.js';
import { yuanOf } from '../../shared/money.js';
import type { Text } from '../../shared/text.js';
import type { ExplainedSplit, Finding, LookedAt } from '../subsidy.rules.js';
import type { ReachedCap } from './rule-caps.rules.js';
import type { Unmet } from './rule-conditions.rules.js';
import type { Cap } from './rule-language.rules.js';

/** The whole split in a sentence or two that a manager can read to an elder. */
export function splitText(split: ExplainedSplit, grossFen: number, endedOn: Day | null): Text {
  const { subsidyFen, discountFen, selfPaidFen, looked } = split;
  const applied = looked.filter(({ finding }) => finding.found === 'APPLIED');
  const [bill, subsidy, discount, self] = [grossFen, subsidyFen, discountFen, selfPaidFen].map(yuanOf);
  const sum = {
    zh: `餐费 ${bill} 元：补贴 ${subsidy} 元，优惠 ${discount} 元，自付 ${self} 元。`,
    en: `Of ${bill} yuan, ${subsidy} are a subsidy, ${discount} a discount, and ${self} are paid by the elder.`,
  };
  if (endedOn !== null) {
    return {
      zh: `${sum.zh}档案已于 ${endedOn} 终止，不予补贴。`,
      en: `${sum.en} The file ended on ${endedOn}, so nothing is given.`,
    };
  }
  if (looked.length === 0) {
    return {
      zh: `${sum.zh}当日此食堂没有补贴规则。`,
      en: `${sum.en} No rules were in force there that day.`,
    };
  }
  if (applied.length === 0) {
    return { zh: `${sum.zh}没有适用的规则。`, en: `${sum.en} No rule applies.` };
  }
  return {
    zh: `${sum.zh}适用：${applied.map(({ rule }) => rule.name.zh).join('；')}。`,
    en: `${sum.en} It follows from: ${applied.map(({ rule }) => rule.name.en).join('; ')}.`,
  };
}

/** Sentences that a manager can read to an elder: what was found of a rule, and why. */
export function findingText({ finding, lost }: Pick<LookedAt, 'finding' | 'lost'>): Text {
  const said = saidOf(finding);
  if (lost.length === 0) return said;
  const yuan = yuanOf(lost.reduce((sum, { fen }) => sum + fen, 0));
  const away = lost.some(({ why }) => why === 'ELSEWHERE');
  const because = away
    ? { zh: '因在其他街镇或区县就餐', en: 'because of eating in another town or district' }
    : { zh: '因所在地没有登记出资方', en: 'because no funder is known for the place' };
  return {
    zh: `${said.zh}；${because.zh}，其中 ${yuan} 元不予补贴`,
    en: `${said.en}; ${yuan} yuan of it are not paid, ${because.en}`,
  };
}

function saidOf(finding: Finding): Text {
  switch (finding.found) {
    case 'APPLIED': {
      const gave = `${yuanOf(finding.fen)}`;
      const limited = finding.reached && capText(finding.reached);
      return {
        zh: `适用，补 ${gave} 元${limited ? `（${limited.zh}，只余此数）` : ''}`,
        en: `applies: ${gave} yuan${limited ? ` (no more is left: ${limited.en})` : ''}`,
      };
    }
    case 'UNMET':
      return unmetText(finding.unmet);
    case 'CAP': {
      const cap = capText(finding.reached);
      return { zh: `已达上限：${cap.zh}`, en: `the limit is reached: ${cap.en}` };
    }
    case 'NOTHING_LEFT':
      return { zh: '餐费已无余额可补', en: 'nothing of the bill is left to pay for' };
    case 'LOST':
      return { zh: '符合条件，但没有出资方承担', en: 'the conditions are met, but nobody bears it' };
    case 'OTHER_RULE':
      return {
        zh: `符合条件，但已按“${finding.other.name.zh}”执行`,
        en: `the conditions are met, but “${finding.other.name.en}” counts instead`,
      };
    case 'OTHER_SET':
      return {
        zh: `符合条件，但“${finding.other.document.name.zh}”补得更多`,
        en: `the conditions are met, but “${finding.other.document.name.en}” gives more`,
      };
  }
}

/** Why a rule is not for a meal. */
export function unmetText(unmet: Unmet): Text {
  switch (unmet.why) {
    case 'INSTITUTION':
      return { zh: '当日住在养老机构，不予补贴', en: 'lives in an institution on that day' };
    case 'AGE': {
      const band = bandText(unmet.from, unmet.to, ' 周岁');
      return {
        zh: `当日 ${unmet.is} 周岁，须为 ${band.zh}`,
        en: `${unmet.is} years old on that day, and it is for ${band.en}`,
      };
    }
    case 'CATEGORY':
      return {
        zh: `须为${unmet.wanted.map((each) => categoryNames[each].zh).join('或')}`,
        en: `it is for ${unmet.wanted.map((each) => categoryNames[each].en).join(' or ')}`,
      };
    case 'ABILITY': {
      const band = bandText(unmet.from, unmet.to);
      const is = unmet.is === null ? { zh: '没有有效评估', en: 'no assessment counts' } : levelText(unmet.is);
      return { zh: `${is.zh}，须能力等级 ${band.zh}`, en: `${is.en}, and it is for levels ${band.en}` };
    }
    case 'RESIDENCE':
      return {
        zh: `居住地区划 ${unmet.is ?? '未登记'}，须在 ${unmet.wanted.join('、')}`,
        en: `lives in division ${unmet.is ?? 'unknown'}, and it is for ${unmet.wanted.join(', ')}`,
      };
    case 'NONE_OF_SEVERAL': {
      const each = unmet.each.map(unmetText);
      return {
        zh: `以下条件均不符合：${each.map(({ zh }) => zh).join('；')}`,
        en: `none of these holds: ${each.map(({ en }) => en).join('; ')}`,
      };
    }
    case 'EXCLUDED':
      return { zh: '属于该规则排除的人员', en: 'it leaves this group of people out' };
    default:
      return unmetMealText(unmet);
  }
}

type PersonUnmet =
  | 'INSTITUTION'
  | 'AGE'
  | 'CATEGORY'
  | 'ABILITY'
  | 'RESIDENCE'
  | 'NONE_OF_SEVERAL'
  | 'EXCLUDED';

function unmetMealText(unmet: Exclude<Unmet, { why: PersonUnmet }>): Text {
  switch (unmet.why) {
    case 'MEAL':
      return oneOf('餐次', 'meals', unmet.wanted, mealNames);
    case 'WEEKDAY': {
      const numbers = unmet.wanted.map((day) => weekdayNames[day - 1] ?? { zh: '', en: '' });
      return {
        zh: `限${numbers.map(({ zh }) => zh).join('、')}`,
        en: `it is for ${numbers.map(({ en }) => en).join(', ')}`,
      };
    }
    case 'TIME':
      return {
        zh: `限 ${unmet.from} 至 ${unmet.to}`,
        en: `it is for taps from ${unmet.from} until before ${unmet.to}`,
      };
    case 'HOLIDAY':
      return unmet.wanted === 'ONLY'
        ? { zh: '限节假日', en: 'it is for holidays' }
        : { zh: '节假日除外', en: 'it is not for holidays' };
    case 'DAY':
      return {
        zh: `限 ${unmet.from ?? '……'} 起至 ${unmet.to ?? '……'} 前`,
        en: `it is for days from ${unmet.from ?? 'ever'} until before ${unmet.to ?? 'ever'}`,
      };
    case 'PLACE':
      return {
        zh: `限区划 ${unmet.wanted.join('、')} 的食堂`,
        en: `it is for canteens in ${unmet.wanted.join(', ')}`,
      };
    case 'MODE':
      return oneOf('就餐方式', 'ways', unmet.wanted, modeNames);
    case 'MENU':
      return oneOf('餐品', 'menus', unmet.wanted, menuNames);
    case 'BILL_BELOW':
      return {
        zh: `餐费须满 ${yuanOf(unmet.fen)} 元`,
        en: `the bill must be ${yuanOf(unmet.fen)} yuan or more`,
      };
    case 'BILL_NOT_ABOVE':
      return {
        zh: `餐费须超过 ${yuanOf(unmet.fen)} 元`,
        en: `the bill must exceed ${yuanOf(unmet.fen)} yuan`,
      };
    case 'BILL_ABOVE':
      return {
        zh: `餐费不得超过 ${yuanOf(unmet.fen)} 元`,
        en: `the bill must not exceed ${yuanOf(unmet.fen)} yuan`,
      };
  }
}

function oneOf<Value extends string>(
  zh: string,
  en: string,
  wanted: readonly Value[],
  names: Readonly<Record<Value, Text>>,
): Text {
  return {
    zh: `${zh}限${wanted.map((each) => names[each].zh).join('、')}`,
    en: `of the ${en}, it is for ${wanted.map((each) => names[each].en).join(', ')}`,
  };
}

function capText({ cap, usedTimes, usedFen }: ReachedCap): Text {
  const per = capNames[cap.per];
  const times = cap.times !== undefined && usedTimes >= cap.times;
  return times
    ? {
        zh: `${per.zh}最多 ${cap.times} 次，已享受 ${usedTimes} 次`,
        en: `${cap.times} times ${per.en}, ${usedTimes} were had`,
      }
    : {
        zh: `${per.zh}最多 ${yuanOf(cap.fen ?? 0)} 元，已享受 ${yuanOf(usedFen)} 元`,
        en: `${yuanOf(cap.fen ?? 0)} yuan ${per.en}, ${yuanOf(usedFen)} were had`,
      };
}

function bandText(from: number | null, to: number | null, unit = ' '): Text {
  if (to === null) return { zh: `${from}${unit}及以上`, en: `${from} and over` };
  if (from === null) return { zh: `${to}${unit}及以下`, en: `${to} and under` };
  return { zh: `${from} 至 ${to}${unit}`.trimEnd(), en: `${from} to ${to}` };
}

function levelText(level: number): Text {
  return { zh: `能力等级 ${level}`, en: `ability level ${level}` };
}

const capNames: Record<Cap['per'], Text> = {
  MEAL: { zh: '每餐', en: 'a meal' },
  DAY: { zh: '每天', en: 'a day' },
  WEEK: { zh: '每周（周一至周日）', en: 'a week from Monday to Sunday' },
  MONTH: { zh: '每月', en: 'a month' },
};

const weekdayNames: readonly Text[] = [
  { zh: '周一', en: 'Monday' },
  { zh: '周二', en: 'Tuesday' },
  { zh: '周三', en: 'Wednesday' },
  { zh: '周四', en: 'Thursday' },
  { zh: '周五', en: 'Friday' },
  { zh: '周六', en: 'Saturday' },
  { zh: '周日', en: 'Sunday' },
];

const mealNames: Record<Meal, Text> = {
  BREAKFAST: { zh: '早餐', en: 'breakfast' },
  LUNCH: { zh: '午餐', en: 'lunch' },
  DINNER: { zh: '晚餐', en: 'dinner' },
};

const modeNames: Record<DiningMode, Text> = {
  DINE_IN: { zh: '堂食', en: 'eating there' },
  TAKE_AWAY: { zh: '外带', en: 'taking away' },
  DELIVERY: { zh: '送餐', en: 'delivery' },
};

const menuNames: Record<MenuKind, Text> = {
  SET_MEAL: { zh: '套餐', en: 'set meal' },
  A_LA_CARTE: { zh: '点菜', en: 'à la carte' },
  SPECIAL_DIET: { zh: '特殊饮食', en: 'special diet' },
};

const categoryNames: Record<ElderCategory, Text> = {
  DESTITUTE: { zh: '特困', en: 'the destitute' },
  MINIMUM_LIVING: { zh: '低保', en: 'those on the minimum living allowance' },
  LOW_INCOME: { zh: '低保边缘', en: 'those on low income' },
  DISABLED: { zh: '失能', en: 'the disabled' },
  HANDICAPPED: { zh: '残疾', en: 'the handicapped' },
  LIVING_ALONE: { zh: '独居', en: 'those living alone' },
  EMPTY_NEST: { zh: '空巢', en: 'empty nests' },
  LEFT_BEHIND: { zh: '留守', en: 'those left behind' },
  BEREAVED_FAMILY: { zh: '计生特殊家庭', en: 'bereaved families' },
  PREFERENTIAL: { zh: '优抚', en: 'those with preferential treatment' },
};
