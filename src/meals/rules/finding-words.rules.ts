import { yuanOf } from '../../shared/money.js';
import type { Text } from '../../shared/text.js';
import { type Finding, type LookedAt, usesMax } from '../subsidy.rules.js';
import type { ReachedCap } from './rule-caps.rules.js';
import type { Cap } from './rule-language.rules.js';
import { type CityNames, noNames, unmetText } from './rule-words.rules.js';

/** Sentences that a manager can read to an elder: what was found of a rule, and why. */
export function findingText({ finding, lost }: Pick<LookedAt, 'finding' | 'lost'>, names = noNames): Text {
  const said = saidOf(finding, names);
  const parts = [said, ...lostTexts(lost)];
  return { zh: parts.map(({ zh }) => zh).join('；'), en: parts.map(({ en }) => en).join('; ') };
}

/** What nobody bears, each reason with its own part. */
function lostTexts(lost: LookedAt['lost']): Text[] {
  return (['ELSEWHERE', 'NO_FUNDER'] as const).flatMap((reason) => {
    const fen = lost.reduce((sum, share) => sum + (share.why === reason ? share.fen : 0), 0);
    if (fen === 0) return [];
    const { zh, en } = lostReasons[reason];
    return [
      {
        zh: `${zh}，其中 ${yuanOf(fen)} 元不予补贴`,
        en: `${yuanOf(fen)} yuan of it are not paid, ${en}`,
      },
    ];
  });
}

const lostReasons: Record<LookedAt['lost'][number]['why'], Text> = {
  ELSEWHERE: { zh: '因在其他街镇或区县就餐', en: 'because of eating in another town or district' },
  NO_FUNDER: { zh: '因所在地没有登记出资方', en: 'because no funder is known for the place' },
};

function saidOf(finding: Finding, names: CityNames): Text {
  switch (finding.found) {
    case 'APPLIED': {
      const gave = yuanOf(finding.fen);
      const limited = finding.reached && capText(finding.reached);
      return {
        zh: `适用，补 ${gave} 元${limited ? `（${limited.zh}，只余此数）` : ''}`,
        en: `applies: ${gave} yuan${limited ? ` (no more is left: ${limited.en})` : ''}`,
      };
    }
    case 'UNMET':
      return unmetText(finding.unmet, names);
    case 'CAP': {
      const cap = capText(finding.reached);
      return { zh: `已达上限：${cap.zh}`, en: `the limit is reached: ${cap.en}` };
    }
    case 'NOTHING_LEFT':
      return {
        zh: '餐费中已没有该规则可补的部分',
        en: 'nothing of the bill is left for it to pay',
      };
    case 'LOST':
      return { zh: '符合条件，但没有出资方承担', en: 'the conditions are met, but nobody bears it' };
    case 'OTHER_RULE':
      return otherRuleText(finding);
    case 'OTHER_SET':
      return otherSetText(finding);
    case 'TOO_MANY':
      return {
        zh: `符合条件，但一餐最多计 ${usesMax} 条规则，余位不够再计这一套`,
        en: `the conditions are met, but a meal has room for ${usesMax} rules, and too little is left for this set`,
      };
  }
}

function otherRuleText({ other: { name }, gives }: Finding & { found: 'OTHER_RULE' }): Text {
  return gives
    ? {
        zh: `符合条件，但已按“${name.zh}”执行`,
        en: `the conditions are met, but “${name.en}” counts instead`,
      }
    : {
        zh: `符合条件，但“${name.zh}”排在前面，虽未给补贴也以其为准`,
        en: `the conditions are met, but “${name.en}” stands before it, even though it gives nothing`,
      };
}

function otherSetText({ other, gives }: Finding & { found: 'OTHER_SET' }): Text {
  const { name } = other.document;
  return gives === 'MORE'
    ? {
        zh: `符合条件，但“${name.zh}”补得更多`,
        en: `the conditions are met, but “${name.en}” gives more`,
      }
    : {
        zh: `符合条件，但“${name.zh}”补得同样多，且排在前面`,
        en: `the conditions are met, but “${name.en}” gives as much and stands before it`,
      };
}

function capText({ cap, usedTimes, usedFen, mealFen }: ReachedCap): Text {
  const per = capNames[cap.per];
  if (cap.times !== undefined && usedTimes >= cap.times) {
    return {
      zh: `${per.zh}最多 ${cap.times} 次，已享受 ${usedTimes} 次`,
      en: `${cap.times} times ${per.en}, ${usedTimes} were had`,
    };
  }
  const [most, had, now] = [cap.fen ?? 0, usedFen, mealFen].map(yuanOf);
  const isPartOfMore = mealFen > 0 && cap.per !== 'MEAL';
  return {
    zh: `${per.zh}最多 ${most} 元，已享受 ${had} 元${isPartOfMore ? `，其中本餐 ${now} 元` : ''}`,
    en: `${most} yuan ${per.en}, ${had} were had${isPartOfMore ? `, ${now} of them at this meal` : ''}`,
  };
}

const capNames: Record<Cap['per'], Text> = {
  MEAL: { zh: '每餐', en: 'a meal' },
  DAY: { zh: '每天', en: 'a day' },
  WEEK: { zh: '每周（周一至周日）', en: 'a week from Monday to Sunday' },
  MONTH: { zh: '每月', en: 'a month' },
};
