import type { Cap } from '../../../src/meals/rules/rule-language.rules.js';
import { amount, city, donor, group, had, one, percentOff, rest, rule, set, tap } from './rule-words.js';
import type { ListCase, PastCase } from './vector-list.js';

const breakfast = (gave?: Record<string, number>): PastCase => ['2026-03-10', 'BREAKFAST', gave];
const capped = (...caps: Cap[]) => [one(amount(300), { caps })];

/** Caps within a meal and a day, and whose they are. */
export const capCases: ListCase[] = [
  {
    id: 'cap-day-times',
    en: 'Once a day. A meal counts when the rule gave something towards it.',
    zh: '每日一次。该规则给付过的餐次才计数。',
    sets: capped({ per: 'DAY', times: 1 }),
    cards: {
      elder: had(breakfast({ 'S/G/R': 300 })),
      unpaid: had(breakfast()),
      other: had(breakfast({ 'S/G/OLD': 300 })),
    },
    taps: [
      tap('cap-day-times-used', 'Had at breakfast', '早餐已享', 2000),
      tap('cap-day-times-unpaid', 'Nothing was given at breakfast', '早餐未给付', 2000, { card: 'unpaid' }),
      tap('cap-day-times-other', 'Another rule gave at breakfast', '早餐由另一规则给付', 2000, {
        card: 'other',
      }),
      tap('cap-day-times-tomorrow', 'A new day', '新的一天', 2000, { at: '2026-03-11T07:00' }),
    ],
  },
  {
    id: 'cap-owners',
    en: 'A cap of a rule counts that rule, of a group all its rules, of a set all of the set; each by its codes, and this meal too.',
    zh: '规则、组、规则集的上限各按编码累计，本餐已给的也算。',
    sets: [
      set(
        'S',
        [
          group(
            'ALL',
            [
              rule('R1', amount(200), { caps: [{ per: 'DAY', fen: 300 }] }),
              rule('R2', amount(250), { bill: { atLeastFen: 2 } }),
            ],
            {
              caps: [{ per: 'DAY', fen: 500 }],
            },
          ),
          group('ALL', [rule('R3', amount(300), { borneBy: [rest(donor)] })]),
        ],
        { caps: [{ per: 'DAY', fen: 700 }] },
      ),
      set('T', [group('ALL', [rule('R1', amount(1))])], { alongside: 'ADD' }),
    ],
    cards: {
      elder: {},
      first: had(breakfast({ 'S/G/R1': 200 })),
      second: had(breakfast({ 'S/G/R2': 450 })),
      third: had(breakfast({ 'S/H/R3': 300 })),
      other: had(breakfast({ 'T/G/R1': 400 })),
      both: had(breakfast({ 'S/G/R1': 100, 'S/H/R3': 100 })),
    },
    taps: [
      tap('cap-owners-fresh', '200, 250, and 250 that the set leaves', '200、250，规则集再留 250', 2000),
      tap(
        'cap-owners-rule',
        'R1 has 100 left, the group then 200, the set 200',
        'R1 余 100，组余 200，规则集余 200',
        2000,
        { card: 'first' },
      ),
      tap(
        'cap-owners-group',
        'The group leaves 50 for R1 and nothing for R2',
        '组给 R1 余 50，R2 为零',
        2000,
        { card: 'second' },
      ),
      tap('cap-owners-set', 'The set leaves 400: 200 and 200 of R2', '规则集余 400：200，R2 200', 2000, {
        card: 'third',
      }),
      tap(
        'cap-owners-other-set',
        'What a rule of the same codes in another set gave does not count',
        '另一规则集同名规则不计',
        2000,
        { card: 'other' },
      ),
      tap('cap-owners-both', 'Two rules at one breakfast', '同一早餐两条规则', 2000, { card: 'both' }),
    ],
  },
  {
    id: 'cap-meal',
    en: 'A cap per MEAL counts this meal alone: of the rule, its group and its set.',
    zh: '每餐上限只计本餐：规则、组、规则集。',
    sets: [
      set(
        'S',
        [
          group(
            'ALL',
            [
              rule('R1', percentOff(20), { caps: [{ per: 'MEAL', fen: 250 }] }),
              rule('R2', amount(200), { bill: { atLeastFen: 2 } }),
            ],
            {
              caps: [{ per: 'MEAL', fen: 350 }],
            },
          ),
          group('ALL', [rule('R3', amount(200), { borneBy: [rest(donor)] })]),
        ],
        { caps: [{ per: 'MEAL', fen: 450 }] },
      ),
    ],
    cards: { elder: had(breakfast({ 'S/G/R1': 250, 'S/G/R2': 100, 'S/H/R3': 100 })), fresh: {} },
    taps: [
      tap('cap-meal-all', '250 of 400, 100 of 200, 100 of 200', '400 给 250，200 给 100，200 给 100', 2000),
      tap('cap-meal-own', 'What this reader’s own breakfast had does not count', '本机早餐所享不计', 2000, {
        card: 'fresh',
        own: [
          { day: '2026-03-10', meal: 'BREAKFAST', selfPaidFen: 0, gave: { 'S/G/R1': 250, 'S/H/R3': 200 } },
        ],
      }),
      tap('cap-meal-some', '100, 200, and 150 of 200', '100、200，200 给 150', 500),
    ],
  },
  {
    id: 'cap-discount',
    en: 'A cap counts all that a rule gives, discounts as well as subsidies.',
    zh: '上限计规则所给的全部，补贴与优惠都算。',
    sets: [
      set('S', [
        group(
          'ALL',
          [
            rule('R1', amount(200), { borneBy: [{ ...donor, percent: 50 }, rest(city)] }),
            rule('R2', amount(200), { bill: { atLeastFen: 2 }, borneBy: [rest(donor)] }),
            rule('R3', amount(200), { bill: { atLeastFen: 3 } }),
          ],
          { caps: [{ per: 'MEAL', fen: 500 }] },
        ),
      ]),
    ],
    taps: [tap('cap-discount-all', '200, 200, and 100 of 200', '200、200，200 给 100', 2000)],
  },
  {
    id: 'cap-times-meals',
    en: 'Times are meals: two rules of the group at one meal are one time, and this meal is none yet.',
    zh: '次数按餐计：同一餐两条规则算一次，本餐不算。',
    sets: [
      set('S', [
        group('ALL', [rule('R1', amount(100)), rule('R2', amount(50), { bill: { atLeastFen: 2 } })], {
          caps: [{ per: 'DAY', times: 2 }],
        }),
      ]),
    ],
    cards: {
      elder: had(breakfast({ 'S/G/R1': 100, 'S/G/R2': 50 })),
      twice: had(breakfast({ 'S/G/R1': 100, 'S/G/R2': 50 }), ['2026-03-10', 'LUNCH', { 'S/G/R2': 50 }]),
    },
    taps: [
      tap('cap-times-meals-second', 'The second time both give', '第二次两条都给', 2000),
      tap('cap-times-meals-third', 'The third time none does', '第三次都不给', 2000, {
        card: 'twice',
        at: '17:00',
      }),
    ],
  },
  {
    id: 'cap-both',
    en: 'Times and fen in one cap: whichever is reached first.',
    zh: '同一上限既限次数又限金额：先到者为准。',
    sets: capped({ per: 'DAY', times: 2, fen: 500 }),
    cards: {
      elder: had(breakfast({ 'S/G/R': 300 })),
      twice: had(breakfast({ 'S/G/R': 100 }), ['2026-03-10', 'LUNCH', { 'S/G/R': 100 }]),
      spent: had(breakfast({ 'S/G/R': 500 })),
    },
    taps: [
      tap('cap-both-fen', '200 are left', '余 200', 2000),
      tap('cap-both-times', '300 fen are left, and no time', '余 300 分，但次数已满', 2000, {
        card: 'twice',
        at: '17:00',
      }),
      tap('cap-both-spent', 'A time is left, and no fen', '余一次，但金额已满', 2000, { card: 'spent' }),
    ],
  },
  {
    id: 'cap-two',
    en: 'Two caps on a rule: the one that leaves less.',
    zh: '一条规则两个上限：取余额较少者。',
    sets: capped({ per: 'DAY', fen: 400 }, { per: 'WEEK', fen: 700 }),
    cards: {
      elder: had(breakfast({ 'S/G/R': 300 })),
      week: had(['2026-03-09', 'LUNCH', { 'S/G/R': 600 }]),
    },
    taps: [
      tap('cap-two-day', 'The day leaves 100', '当日余 100', 2000),
      tap('cap-two-week', 'The week leaves 100', '本周余 100', 2000, { card: 'week' }),
    ],
  },
  {
    id: 'cap-over',
    en: 'More was given than the cap now has: nothing is left, and nothing is taken back.',
    zh: '已给超过现行上限：不再给，也不倒扣。',
    sets: [
      set('S', [
        group('ALL', [
          rule('R1', amount(300), { caps: [{ per: 'DAY', fen: 200 }] }),
          rule('R2', amount(100), { bill: { atLeastFen: 2 } }),
        ]),
      ]),
    ],
    cards: { elder: had(breakfast({ 'S/G/R1': 350 })) },
    taps: [tap('cap-over-nothing', 'R2 alone gives', '只有 R2 给付', 2000)],
  },
];
