import {
  amount,
  canteen,
  donor,
  free,
  group,
  had,
  percentOff,
  rest,
  rule,
  selfPay,
  set,
  tap,
} from './rule-words.js';
import type { ListCase } from './vector-list.js';

const atLeast = { bill: { atLeastFen: 100 } };

/** Which rules of a group count, and which sets. */
export const pickCases: ListCase[] = [
  {
    id: 'best',
    en: 'BEST: the rule that offers most, the first of equals.',
    zh: 'BEST：给得最多的；相同取前者。',
    sets: [
      set('S', [
        group('BEST', [
          rule('R1', amount(300)),
          rule('R2', amount(300), { borneBy: [rest(donor)] }),
          rule('R3', percentOff(20), { borneBy: [rest(canteen)] }),
        ]),
      ]),
    ],
    taps: [
      tap('best-tie-of-two', 'R1 and R2 are equal, R3 offers less', 'R1 与 R2 相同，R3 较少', 1000),
      tap('best-tie-of-three', 'All three are equal', '三条相同', 1500),
      tap('best-last', 'R3 offers most', 'R3 最多', 2000),
      tap(
        'best-tie-by-bill',
        'Of a small bill each would pay all: the first',
        '餐费小，各可付清：取第一条',
        200,
      ),
    ],
  },
  {
    id: 'best-capped',
    en: 'BEST: compared is what caps leave.',
    zh: 'BEST：比较上限之后的金额。',
    sets: [
      set('S', [
        group('BEST', [
          rule('R1', amount(500), { caps: [{ per: 'DAY', fen: 600 }] }),
          rule('R2', amount(200)),
        ]),
      ]),
    ],
    cards: {
      elder: {},
      less: had(['2026-03-10', 'BREAKFAST', { 'S/G/R1': 450 }]),
      equal: had(['2026-03-10', 'BREAKFAST', { 'S/G/R1': 400 }]),
    },
    taps: [
      tap('best-capped-fresh', 'R1 gives 500', 'R1 给 500', 2000),
      tap('best-capped-less', 'R1 has 150 left: R2', 'R1 只余 150：取 R2', 2000, { card: 'less' }),
      tap(
        'best-capped-equal',
        'R1 has 200 left, as much as R2: the first',
        'R1 余 200，与 R2 相同：取前者',
        2000,
        { card: 'equal' },
      ),
    ],
  },
  {
    id: 'first',
    en: 'FIRST: the first whose conditions are met, even if its cap leaves nothing.',
    zh: 'FIRST：条件符合的第一条，即使上限已用完。',
    sets: [
      set('S', [
        group('FIRST', [
          rule('R0', amount(900), { how: ['DELIVERY'] }),
          rule('R1', amount(500), { caps: [{ per: 'DAY', times: 1 }] }),
          rule('R2', amount(200), { ...atLeast, borneBy: [rest(donor)] }),
        ]),
      ]),
    ],
    cards: { elder: {}, used: had(['2026-03-10', 'BREAKFAST', { 'S/G/R1': 500 }]) },
    taps: [
      tap('first-fresh', 'R0 is not for the mode, R1 gives', 'R0 不适用，R1 给付', 2000),
      tap('first-exhausted', 'R1 is used up, and R2 does not take its place', 'R1 已用完，R2 不替补', 2000, {
        card: 'used',
      }),
      tap('first-exhausted-next-day', 'The next day R1 gives again', '次日 R1 再给', 2000, {
        card: 'used',
        at: '2026-03-11T12:00',
      }),
      tap('first-other-mode', 'R0 before R1', 'R0 先于 R1', 2000, { card: 'used', mode: 'DELIVERY' }),
    ],
  },
  {
    id: 'first-nothing-left',
    en: 'FIRST: a fixed self-pay that finds less than it leaves is still the first.',
    zh: 'FIRST：剩余少于固定自付额时仍算第一条。',
    sets: [
      set('S', [
        group('ALL', [rule('R0', amount(1000))]),
        group('FIRST', [rule('R1', selfPay(1500)), rule('R2', amount(100), atLeast)]),
      ]),
    ],
    taps: [
      tap(
        'first-nothing-left-none',
        '10 yuan are left: R1 offers nothing, and R2 is not asked',
        '剩 10 元：R1 为零，不问 R2',
        2000,
      ),
      tap('first-nothing-left-some', '16 yuan are left: R1 gives 1', '剩 16 元：R1 给 1 元', 2600),
    ],
  },
  {
    id: 'one',
    en: 'ONE: the rule whose conditions are met.',
    zh: 'ONE：条件符合的那一条。',
    sets: [
      set('S', [
        group('ONE', [
          rule('R1', amount(100), { when: { meals: ['BREAKFAST'] } }),
          rule('R2', amount(300), { when: { meals: ['LUNCH'] } }),
        ]),
      ]),
    ],
    taps: [
      tap('one-breakfast', 'Breakfast', '早餐', 2000, { at: '07:00' }),
      tap('one-lunch', 'Lunch', '午餐', 2000),
      tap('one-dinner', 'No rule is for dinner', '晚餐无规则', 2000, { at: '17:00' }),
    ],
  },
  {
    id: 'all',
    en: 'ALL: each rule on top of what the one before gave. Other groups: all on what was given before the group.',
    zh: 'ALL：逐条累加；其他组：各按本组之前的剩余计算。',
    sets: [
      set('S', [
        group('ALL', [
          rule('R1', percentOff(50, { of: 'REST' })),
          rule('R2', percentOff(50, { of: 'REST' }), { ...atLeast, borneBy: [rest(donor)] }),
        ]),
        group('BEST', [
          rule('R3', percentOff(50, { of: 'REST' }), { borneBy: [rest(canteen)] }),
          rule('R4', percentOff(60, { of: 'REST' })),
        ]),
      ]),
    ],
    taps: [
      tap(
        'all-on-top',
        '1000, then 500, then the better of 250 and 300',
        '1000，再 500，再取 250 与 300 中较多者',
        2000,
      ),
      tap(
        'all-one-unmet',
        'R2 is not for a bill of 80 fen: 40, then 24',
        '餐费 80 分不适用 R2：40，再 24',
        80,
      ),
    ],
  },
  {
    id: 'best-nothing',
    en: 'BEST in which nothing is offered gives nothing, and the next group goes on.',
    zh: 'BEST 均为零则不给，下一组继续。',
    sets: [
      set('S', [
        group('BEST', [rule('R1', selfPay(2500)), rule('R2', free, { how: ['DELIVERY'] })]),
        group('FIRST', [rule('R3', amount(70))]),
      ]),
    ],
    taps: [tap('best-nothing-next', 'R3 alone gives', '只有 R3 给付', 2000)],
  },
  {
    id: 'sets-best',
    en: 'Of the BEST sets the one that gives most counts alone, the first of equals; then each ADD set in order.',
    zh: 'BEST 规则集取给得最多的一套，相同取前者；再依次加 ADD 规则集。',
    sets: [
      set('ADD1', [group('ALL', [rule('R', amount(200))])], { alongside: 'ADD' }),
      set('A', [group('ALL', [rule('R', percentOff(20, { of: 'REST' }))])]),
      set('B', [group('ALL', [rule('R', amount(300), { borneBy: [rest(donor)] })])]),
      set('ADD2', [group('ALL', [rule('R', percentOff(50, { of: 'REST' }), { borneBy: [rest(canteen)] })])], {
        alongside: 'ADD',
      }),
    ],
    taps: [
      tap(
        'sets-best-first',
        'A gives 400 of the whole price, then 200, then half of 1400',
        'A 按全价给 400，再 200，再 1400 的一半',
        2000,
      ),
      tap('sets-best-tie', 'A and B give 300 each: A', 'A 与 B 各 300：取 A', 1500),
      tap('sets-best-second', 'B gives more', 'B 较多', 1000),
      tap('sets-best-all-gone', 'B pays all, the others find nothing left', 'B 付清，其余为零', 250),
    ],
  },
  {
    id: 'sets-none',
    en: 'No BEST set gives anything: the ADD sets give theirs all the same.',
    zh: 'BEST 规则集均为零时，ADD 规则集照给。',
    sets: [
      set('A', [group('ALL', [rule('R', amount(300), { how: ['DELIVERY'] })])]),
      set('C', [group('ALL', [rule('R', amount(120))])], { alongside: 'ADD' }),
    ],
    taps: [
      tap('sets-none-add', 'C alone', '只有 C', 2000),
      tap('sets-none-both', 'A, and C on top', 'A 与 C', 2000, { mode: 'DELIVERY' }),
    ],
  },
  {
    id: 'sets-days',
    en: 'On each day those sets count that `terms.days` names, in that order.',
    zh: '每天只按 terms.days 所列规则集，依其次序。',
    sets: [
      set('A', [group('ALL', [rule('R', amount(100))])], { days: ['2026-03-10', '2026-03-12'] }),
      set('B', [group('ALL', [rule('R', amount(300), { borneBy: [rest(donor)] })])], {
        days: ['2026-03-11'],
      }),
    ],
    taps: [
      tap('sets-days-first', 'A on the first day', '首日 A', 2000),
      tap('sets-days-second', 'B on the second', '次日 B', 2000, { at: '2026-03-11T12:00' }),
      tap('sets-days-third', 'A again on the third', '第三日又是 A', 2000, { at: '2026-03-12T10:40' }),
    ],
  },
  {
    id: 'sets-room',
    en: 'A set is added unless more than 14 rules have given something.',
    zh: '已有 14 条以上规则给付时，不再加规则集。',
    sets: [
      fenRules('A', 6, 'BEST'),
      fenRules('B', 6, 'ADD'),
      fenRules('C', 2, 'ADD'),
      fenRules('D', 1, 'ADD'),
      fenRules('E', 1, 'ADD'),
    ],
    taps: [
      tap(
        'sets-room-fifteen',
        'D finds 14 and is added, E finds 15 and is not',
        'D 时 14 条，可加；E 时 15 条，不加',
        2000,
      ),
    ],
  },
];

/** A set of so many rules of one fen each. */
function fenRules(code: string, count: number, alongside: 'BEST' | 'ADD') {
  const rules = Array.from({ length: count }, (_, index) => {
    return rule(`R${index}`, amount(1), { bill: { atLeastFen: index + 1 } });
  });
  return set(code, [group('ALL', rules)], { alongside });
}
