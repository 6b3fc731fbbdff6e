import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { type CityCategoryNames, categoryName, noCityCategories } from '../../elders/category-names.rules.js';
import { yuanOf } from '../../shared/money.js';
import type { Text } from '../../shared/text.js';
import type { Unmet } from './rule-conditions.rules.js';

/** The names of areas by their division codes; what it has not is read out by its code. */
type AreaNames = ReadonlyMap<string, string>;

/** What a city calls the places and people that its rules name. */
export interface CityNames {
  areas: AreaNames;
  categories: CityCategoryNames;
}

export const noNames: CityNames = { areas: new Map(), categories: noCityCategories };

/** Why a rule is not for a meal. */
export function unmetText(unmet: Unmet, names = noNames): Text {
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
    case 'CATEGORY': {
      const wanted = unmet.wanted.map((code) => categoryName(code, names.categories));
      return {
        zh: `须为${wanted.map(({ zh }) => zh).join('或')}`,
        en: `it is for ${wanted.map(({ en }) => en).join(' or ')}`,
      };
    }
    case 'ABILITY': {
      const band = bandText(unmet.from, unmet.to);
      const is = unmet.is === null ? { zh: '没有有效评估', en: 'no assessment counts' } : levelText(unmet.is);
      return { zh: `${is.zh}，须能力等级 ${band.zh}`, en: `${is.en}, and it is for levels ${band.en}` };
    }
    case 'RESIDENCE':
      return residenceText(unmet, names.areas);
    case 'NONE_OF_SEVERAL': {
      const each = unmet.each.map((part) => unmetText(part, names));
      return {
        zh: `以下条件均不符合：${each.map(({ zh }) => zh).join('；')}`,
        en: `none of these holds: ${each.map(({ en }) => en).join('; ')}`,
      };
    }
    case 'EXCLUDED':
      return { zh: '属于该规则排除的人员', en: 'it leaves this group of people out' };
    default:
      return unmetMealText(unmet, names.areas);
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

function unmetMealText(unmet: Exclude<Unmet, { why: PersonUnmet }>, names: AreaNames): Text {
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
    case 'PLACE': {
      const wanted = areasText(unmet.wanted, names);
      return { zh: `食堂须在${wanted.zh}`, en: `it is for canteens in ${wanted.en}` };
    }
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

function residenceText({ is, wanted }: Unmet & { why: 'RESIDENCE' }, names: AreaNames): Text {
  const within = areasText(wanted, names);
  if (is === null)
    return { zh: `没有登记居住地，须在${within.zh}`, en: `has no home, and it is for ${within.en}` };
  // The network has no name for a community, but for what it lies in.
  const beginnings = [9, 6, 4].map((digits) => is.slice(0, digits));
  const home = areasText([beginnings.find((code) => names.has(code)) ?? is], names);
  return { zh: `居住在${home.zh}，须在${within.zh}`, en: `lives in ${home.en}, and it is for ${within.en}` };
}

function areasText(codes: readonly string[], names: AreaNames): Text {
  const areas = codes.map((code) => {
    const name = names.get(code);
    return name === undefined
      ? { zh: `区划 ${code}`, en: `division ${code}` }
      : { zh: `“${name}”辖区`, en: `the area of “${name}”` };
  });
  return {
    zh: areas.map(({ zh }) => zh).join('、'),
    en: areas.map(({ en }) => en).join(', '),
  };
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

function bandText(from: number | null, to: number | null, unit = ' '): Text {
  if (to === null) return { zh: `${from}${unit}及以上`, en: `${from} and over` };
  if (from === null) return { zh: `${to}${unit}及以下`, en: `${to} and under` };
  return { zh: `${from} 至 ${to}${unit}`.trimEnd(), en: `${from} to ${to}` };
}

function levelText(level: number): Text {
  return { zh: `能力等级 ${level}`, en: `ability level ${level}` };
}

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
