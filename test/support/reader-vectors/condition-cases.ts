import { amount, donor, group, one, rest, rule, set, tap } from './rule-words.js';
import type { ListCase } from './vector-list.js';

const tuesday = '2026-03-10';
const wednesday = '2026-03-11T12:00';
const thursday = '2026-03-12T10:40';

/** What a rule asks of a meal. */
export const conditionCases: ListCase[] = [
  {
    id: 'when-time',
    en: 'From 11:00 to 12:30: the first minute belongs to it, the last does not.',
    zh: '11:00 至 12:30：含起点，不含终点。',
    sets: [one(amount(300), { when: { fromTime: '11:00', toTime: '12:30' } })],
    taps: [
      tap('when-time-before', 'A moment before', '前一瞬', 2000, { at: '10:59:59.999' }),
      tap('when-time-first', 'The first moment', '第一瞬', 2000, { at: '11:00' }),
      tap('when-time-last', 'The last moment', '最后一瞬', 2000, { at: '12:29:59.999' }),
      tap('when-time-after', 'The moment after', '后一瞬', 2000, { at: '12:30' }),
    ],
  },
  {
    id: 'when-time-open',
    en: 'An end that is not said is midnight.',
    zh: '未写的一端为零点。',
    canteen: {
      windows: [
        { meal: 'BREAKFAST', fromMinute: 0, toMinute: 600 },
        { meal: 'DINNER', fromMinute: 600, toMinute: 1440 },
      ],
    },
    sets: [
      set('S', [
        group('ALL', [
          rule('EARLY', amount(100), { when: { toTime: '05:00' } }),
          rule('LATE', amount(10), { when: { fromTime: '21:00' } }),
        ]),
      ]),
    ],
    taps: [
      tap('when-time-open-early', 'The first minute of the day', '当日第一分钟', 2000, { at: '00:00' }),
      tap('when-time-open-late', 'The last minute of the day', '当日最后一分钟', 2000, { at: '23:59' }),
      tap('when-time-open-none', 'Neither', '都不是', 2000, { at: '05:00' }),
    ],
  },
  {
    id: 'when-days',
    en: 'From 11 March on, and until 12 March, which is no longer in it.',
    zh: '3 月 11 日起，至 3 月 12 日（不含）。',
    sets: [
      set('S', [
        group('ALL', [
          rule('FROM', amount(100), { when: { fromDay: '2026-03-11' } }),
          rule('TO', amount(10), { when: { toDay: '2026-03-12' } }),
        ]),
      ]),
    ],
    taps: [
      tap('when-days-before', '10 March', '3 月 10 日', 2000),
      tap('when-days-in', '11 March', '3 月 11 日', 2000, { at: wednesday }),
      tap('when-days-after', '12 March', '3 月 12 日', 2000, { at: thursday }),
    ],
  },
  {
    id: 'when-weekday',
    en: 'Weekdays are 1 Monday to 7 Sunday. 8 March 2026 is a Sunday.',
    zh: '1 为周一，7 为周日。2026 年 3 月 8 日是周日。',
    today: '2026-03-08',
    sets: [
      set('S', [
        group('ALL', [
          rule('SUNDAY', amount(100), { when: { weekdays: [7] } }),
          rule('MONDAY', amount(10), { when: { weekdays: [1] } }),
          rule('WORKDAYS', amount(1), { when: { weekdays: [1, 2, 3, 4, 5] } }),
        ]),
      ]),
    ],
    taps: [
      tap('when-weekday-sunday', 'Sunday', '周日', 2000),
      tap('when-weekday-monday', 'Monday', '周一', 2000, { at: '2026-03-09T12:00' }),
      tap('when-weekday-tuesday', 'Tuesday', '周二', 2000, { at: '2026-03-10T10:40' }),
    ],
  },
  {
    id: 'when-holiday',
    en: 'Each set has its own holidays; ONLY on them, EXCEPT on all other days.',
    zh: '各规则集有自己的节假日；ONLY 仅在其中，EXCEPT 在其外。',
    sets: [
      set(
        'S',
        [
          group('ALL', [
            rule('ONLY', amount(100), { when: { holidays: 'ONLY' } }),
            rule('EXCEPT', amount(10), { when: { holidays: 'EXCEPT' }, borneBy: [rest(donor)] }),
          ]),
        ],
        { holidays: [tuesday] },
      ),
      set('T', [group('ALL', [rule('ONLY', amount(1), { when: { holidays: 'ONLY' } })])], {
        alongside: 'ADD',
        holidays: ['2026-03-11'],
      }),
    ],
    taps: [
      tap('when-holiday-first', 'A holiday of S', 'S 的节假日', 2000),
      tap('when-holiday-second', 'A holiday of T', 'T 的节假日', 2000, { at: wednesday }),
      tap('when-holiday-none', 'A holiday of neither', '都不是节假日', 2000, { at: thursday }),
    ],
  },
  {
    id: 'when-meal',
    en: 'Meals, modes and menus: at least one of those named.',
    zh: '餐次、方式、餐类：所列之一即可。',
    sets: [
      set('S', [
        group('ALL', [
          rule('MEALS', amount(100), { when: { meals: ['BREAKFAST', 'DINNER'] } }),
          rule('HOW', amount(10), { how: ['TAKE_AWAY', 'DELIVERY'] }),
          rule('MENUS', amount(1), { menus: ['A_LA_CARTE', 'SPECIAL_DIET'] }),
        ]),
      ]),
    ],
    taps: [
      tap('when-meal-none', 'A set meal at the table at noon', '午间堂食套餐', 2000),
      tap('when-meal-breakfast', 'Breakfast', '早餐', 2000, { at: '07:00' }),
      tap('when-meal-dinner', 'Dinner, taken away', '晚餐带走', 2000, { at: '17:00', mode: 'TAKE_AWAY' }),
      tap('when-meal-delivery', 'Delivered', '送餐', 2000, { mode: 'DELIVERY' }),
      tap('when-meal-menu', 'À la carte', '点餐', 2000, { menu: 'A_LA_CARTE' }),
      tap('when-meal-diet', 'A special diet', '特殊餐', 2000, { menu: 'SPECIAL_DIET' }),
    ],
  },
  {
    id: 'bill',
    en: 'The price on the menu: at least, more than, at most.',
    zh: '菜单价：不低于、高于、不高于。',
    sets: [
      set('S', [
        group('ALL', [
          rule('LEAST', amount(100), { bill: { atLeastFen: 1000 } }),
          rule('MORE', amount(10), { bill: { moreThanFen: 1500 } }),
          rule('MOST', amount(1), { bill: { atMostFen: 2000 } }),
        ]),
      ]),
    ],
    taps: [
      tap('bill-below', 'A fen below the least', '低一分', 999),
      tap('bill-least', 'The least', '正好', 1000),
      tap('bill-not-more', 'Not more than', '不高于', 1500),
      tap('bill-more', 'A fen more', '高一分', 1501),
      tap('bill-most', 'The most', '最高', 2000),
      tap('bill-above', 'A fen above the most', '超一分', 2001),
    ],
  },
  {
    id: 'bill-price',
    en: 'A bill is the price, whatever was given before.',
    zh: 'bill 看菜单价，不看剩余。',
    sets: [
      set('S', [
        group('ALL', [rule('R1', amount(800))]),
        group('ALL', [rule('R2', amount(50), { bill: { atLeastFen: 1500 } })]),
      ]),
    ],
    taps: [tap('bill-price-whole', '7 yuan are left of 15: R2 applies', '15 元剩 7 元：R2 适用', 1500)],
  },
  {
    id: 'conditions-all',
    en: 'A rule with several conditions wants them all.',
    zh: '多个条件须同时符合。',
    sets: [
      one(amount(300), {
        when: { meals: ['LUNCH'], weekdays: [2, 3], fromTime: '11:00', toDay: '2026-03-12' },
        how: ['DINE_IN'],
        menus: ['SET_MEAL'],
        bill: { atLeastFen: 1000, atMostFen: 2000 },
      }),
    ],
    taps: [
      tap('conditions-all-met', 'All are met', '全部符合', 2000),
      tap('conditions-all-mode', 'All but the mode', '仅方式不符', 2000, { mode: 'TAKE_AWAY' }),
      tap('conditions-all-time', 'All but the time', '仅时间不符', 2000, { at: '10:45' }),
      tap('conditions-all-bill', 'All but the price', '仅餐费不符', 2001),
      tap('conditions-all-menu', 'All but the menu', '仅餐类不符', 2000, { menu: 'SPECIAL_DIET' }),
    ],
  },
];
