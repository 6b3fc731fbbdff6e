import type { Entitlement, SnapshotChanges } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import { amount, group, rule, set, tap } from './rule-words.js';
import type { ListCase } from './vector-list.js';

/** A list of two cards with two entitlements, of which that of `strange` was altered. */
function altered(
  id: string,
  en: string,
  zh: string,
  change: (one: Entitlement, list: SnapshotChanges) => void,
): ListCase {
  return {
    id,
    en,
    zh,
    sets: [
      set('S', [
        group('FIRST', [
          rule('AGED-80', amount(500), {
            who: { ageFrom: 80 },
            caps: [{ per: 'DAY', times: 1 }],
            when: { weekdays: [2] },
          }),
          rule('AGED-60', amount(200)),
        ]),
      ]),
    ],
    cards: { strange: { born: '1940-01-01' }, elder: {} },
    altered: (list) => {
      const one = list.entitlements.find((each) => JSON.stringify(each).includes('AGED-80'));
      if (one) change(one, list);
    },
    taps: [
      tap(`${id}-stored`, 'Stored without a decision', '记录，不作决定', 2000, {
        card: 'strange',
        storedFor: 'CARD_NOT_LISTED',
      }),
      tap(`${id}-other`, 'Others are decided', '其他卡照常', 2000),
    ],
  };
}

/** What a later server may write into a rule. */
function strangeRule(id: string, en: string, zh: string, strange: object): ListCase {
  return altered(
    `unknown-${id}`,
    `A later server’s ${en}: it cannot be judged.`,
    `后续版本的${zh}：无法判断。`,
    (one) => {
      const [group] = Object.values(one.sets)[0] ?? [];
      Object.assign(group?.rules[0] ?? {}, strange);
    },
  );
}

/** Lists of which a part is missing, or that a later server made. */
export const strangeCases: ListCase[] = [
  altered(
    'no-entitlement',
    'An entitlement that is not stored, such as between two pages.',
    '待遇未存，例如两页之间。',
    (one, list) => {
      list.entitlements = list.entitlements.filter((each) => each !== one);
    },
  ),
  strangeRule('kind', 'kind of rule', '规则种类', { gives: { kind: 'LOTTERY', fen: 100 } }),
  strangeRule('per', 'period of a cap', '上限周期', { caps: [{ per: 'YEAR', times: 10 }] }),
  strangeRule('condition', 'condition', '条件', { weather: ['RAIN'] }),
  strangeRule('when', 'condition of the time', '时间条件', { when: { moon: 'FULL' } }),
  strangeRule('bill', 'condition of the bill', '餐费条件', { bill: { roundFen: 100 } }),
  altered(
    'unknown-pick',
    'A later server’s pick of a group: it cannot be judged.',
    '后续版本的组内取法：无法判断。',
    (one) => {
      const [group] = Object.values(one.sets)[0] ?? [];
      Object.assign(group ?? {}, { pick: 'WORST' });
    },
  ),
  altered('unknown-group-per', 'The same in a cap of a group.', '组上限中亦然。', (one) => {
    const [group] = Object.values(one.sets)[0] ?? [];
    Object.assign(group ?? {}, { caps: [{ per: 'YEAR', fen: 1000 }] });
  }),
  {
    ...altered(
      'unknown-field',
      'A field of a page that is not known is left alone.',
      '页中未知字段不予理会。',
      (one, list) => {
        Object.assign(list, { weather: 'RAIN' });
        Object.assign(one, { colour: 'RED' });
      },
    ),
    taps: [tap('unknown-field-decided', 'It is decided as always', '照常决定', 2000, { card: 'strange' })],
  },
];
