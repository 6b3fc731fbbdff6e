import { type CityCategoryNames, categoryName } from '../elders/category-names.rules.js';
import { yuanOf } from '../shared/money.js';
import type { Text } from '../shared/text.js';
import type { HoursUnmet, LookedGrant } from './hours-entitlement.rules.js';
import type { HoursGrantRule } from './hours-language.rules.js';

/** What became of one grant, in a sentence that a manager can read to an elder. */
export type GrantFinding =
  | { found: 'PAYS'; minutes: number; fen: number; leftMinutes: number }
  | { found: 'OTHER_SERVICE' }
  | { found: 'NOTHING_LEFT' }
  | { found: 'NOT_NEEDED' }
  | { found: 'UNMET'; unmet: HoursUnmet };

/** @param names what the city calls the categories of its own */
export function grantFindingText(
  { grant, set }: LookedGrant,
  finding: GrantFinding,
  names: CityCategoryNames,
): Text {
  const { per } = set.document;
  const amount = {
    zh: `${per === 'MONTH' ? '每月' : '每周'} ${grant.minutes} 分钟`,
    en: `${grant.minutes} minutes a ${per === 'MONTH' ? 'month' : 'week'}`,
  };
  const said = saidOf(grant, finding, names);
  return { zh: `${amount.zh}；${said.zh}`, en: `${amount.en}; ${said.en}` };
}

function saidOf({ selfPaidPercent }: HoursGrantRule, finding: GrantFinding, names: CityCategoryNames): Text {
  switch (finding.found) {
    case 'PAYS': {
      const { minutes, leftMinutes } = finding;
      const yuan = yuanOf(finding.fen);
      const self = selfPaidPercent === undefined ? undefined : `${selfPaidPercent}%`;
      return {
        zh: `支付 ${minutes} 分钟，计 ${yuan} 元${self ? `（自付 ${self}）` : ''}，此后余 ${leftMinutes} 分钟`,
        en: `pays ${minutes} minutes, ${yuan} yuan${self ? ` (${self} are paid by the family)` : ''}, which leaves ${leftMinutes} minutes`,
      };
    }
    case 'OTHER_SERVICE':
      return { zh: '不支付此项服务', en: 'does not pay this service' };
    case 'NOTHING_LEFT':
      return { zh: '本期时长已用完或已预留', en: 'all of it is used or reserved' };
    case 'NOT_NEEDED':
      return { zh: '已由其他时长支付', en: 'other hours pay the visit already' };
    case 'UNMET':
      return unmetText(finding.unmet, names);
  }
}

function unmetText(unmet: HoursUnmet, names: CityCategoryNames): Text {
  switch (unmet.why) {
    case 'AGE': {
      const { from, to, is } = unmet;
      const range = `${from ?? 0}–${to ?? '∞'}`;
      return { zh: `须年满 ${range} 岁，现 ${is} 岁`, en: `for ages ${range}, and the elder is ${is}` };
    }
    case 'CATEGORY': {
      const wanted = unmet.wanted.map((code) => categoryName(code, names));
      return {
        zh: `仅限${wanted.map(({ zh }) => zh).join('、')}`,
        en: `only for ${wanted.map(({ en }) => en).join(', ')}`,
      };
    }
    case 'ABILITY': {
      const { from, to, is } = unmet;
      return {
        zh: `须评估为 ${from ?? 0}–${to ?? 4} 级，现${is === null ? '无有效评估' : `为 ${is} 级`}`,
        en: `for ability levels ${from ?? 0}–${to ?? 4}, and the elder ${is === null ? 'has no assessment that counts' : `has level ${is}`}`,
      };
    }
    case 'RESIDENCE':
      return { zh: '不在本地居住', en: 'the elder does not live in the place of the rule' };
    case 'NONE_OF_SEVERAL':
      return { zh: '所列条件均不符合', en: 'none of several conditions is met' };
    case 'EXCLUDED':
      return { zh: '属于排除对象', en: 'the elder is among those left out' };
    case 'OTHER_GRANT_BETTER':
      return {
        zh: `按 ${unmet.code} 给予更多，不叠加`,
        en: `${unmet.code} gives more, and they do not add up`,
      };
    case 'OTHER_SET_BETTER':
      return {
        zh: `按规则 ${unmet.code} 给予更多，不叠加`,
        en: `the rules ${unmet.code} give more, and they do not add up`,
      };
  }
}

/** The whole answer in a sentence. */
export function hoursOfferText(
  {
    hoursMinutes,
    subsidyFen,
    selfPaidFen,
  }: { hoursMinutes: number; subsidyFen: number; selfPaidFen: number },
  rules: number,
): Text {
  const [subsidy, self] = [yuanOf(subsidyFen), yuanOf(selfPaidFen)];
  if (rules === 0) {
    return {
      zh: `自付 ${self} 元。当日该服务站没有政府购买服务时长的规则。`,
      en: `The family pays ${self} yuan. No rules of government hours are in force there that day.`,
    };
  }
  return {
    zh: `政府时长支付 ${hoursMinutes} 分钟，计 ${subsidy} 元；自付 ${self} 元。`,
    en: `Government hours pay ${hoursMinutes} minutes, ${subsidy} yuan; the family pays ${self} yuan.`,
  };
}
