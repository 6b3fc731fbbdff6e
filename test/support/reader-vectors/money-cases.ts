import {
  amount,
  canteen,
  donor,
  free,
  group,
  had,
  one,
  percentOff,
  rest,
  rule,
  set,
  tap,
} from './rule-words.js';
import type { ListCase } from './vector-list.js';

const once = [one(amount(300), { caps: [{ per: 'DAY', times: 1 }] })];
const wednesday = '2026-03-11T12:00';

/** Meals that were had, prices, and money. */
export const moneyCases: ListCase[] = [
  {
    id: 'taken',
    en: 'A meal that was had, here or elsewhere, is not had again; other meals and days are.',
    zh: '已用之餐（本处或他处）不得再用；其他餐、其他日可用。',
    sets: once,
    cards: { elder: had(['2026-03-10', 'LUNCH']) },
    taps: [
      tap('taken-same', 'The lunch of the list', '名单中的午餐', 2000),
      tap('taken-other-meal', 'Dinner of the same day', '同日晚餐', 2000, { at: '17:00' }),
      tap('taken-other-day', 'Lunch of the next day', '次日午餐', 2000, { at: wednesday }),
      tap('taken-own', 'This reader’s own tap of dinner', '本机的晚餐', 2000, {
        at: '17:00',
        own: [{ day: '2026-03-10', meal: 'DINNER', selfPaidFen: 1700 }],
      }),
      tap('taken-before-price', 'It comes before a wrong price', '先于餐费错误', 3001),
    ],
  },
  {
    id: 'price',
    en: 'Prices from one fen to the dearest meal.',
    zh: '餐费自 1 分至最高价。',
    sets: once,
    cards: { elder: { balanceFen: 0 }, rich: {} },
    taps: [
      tap('price-zero', 'No price', '零', 0, { card: 'rich' }),
      tap('price-negative', 'Below zero', '负数', -1, { card: 'rich' }),
      tap('price-one', 'One fen', '1 分', 1, { card: 'rich' }),
      tap('price-most', 'The dearest meal', '最高价', 3000, { card: 'rich' }),
      tap('price-above', 'A fen more', '超 1 分', 3001, { card: 'rich' }),
      tap('price-before-money', 'A wrong price comes before an empty account', '餐费错误先于余额', 3001),
    ],
  },
  {
    id: 'money',
    en: 'What is left to the elder must be there, less all that own taps took.',
    zh: '自付额须有余额，并减去本机所有未上传的自付。',
    sets: [
      set('S', [
        group('ALL', [
          rule('R', percentOff(50), { borneBy: [{ percent: 50, ...donor }, rest(canteen)] }),
          rule('FREE', free, { menus: ['SPECIAL_DIET'] }),
        ]),
      ]),
    ],
    cards: { elder: { balanceFen: 1000 }, none: { balanceFen: 0 } },
    taps: [
      tap('money-just', 'Just enough', '正好', 2000),
      tap('money-short', 'A fen short', '差一分', 2001),
      tap('money-own', 'An own tap took one fen', '本机已用 1 分', 2000, {
        own: [{ day: '2026-03-10', meal: 'BREAKFAST', selfPaidFen: 1 }],
      }),
      tap('money-own-yesterday', 'One of yesterday counts as well', '昨天的也算', 2000, {
        own: [{ day: '2026-03-09', meal: 'DINNER', selfPaidFen: 1 }],
      }),
      tap('money-own-enough', 'Two own taps, and just enough is left', '本机两笔后正好', 1000, {
        own: [
          { day: '2026-03-10', meal: 'BREAKFAST', selfPaidFen: 200 },
          { day: '2026-03-09', meal: 'LUNCH', selfPaidFen: 300 },
        ],
      }),
      tap('money-own-two', 'Two own taps, and a fen is missing', '本机两笔后差一分', 1001, {
        own: [
          { day: '2026-03-10', meal: 'BREAKFAST', selfPaidFen: 200 },
          { day: '2026-03-09', meal: 'LUNCH', selfPaidFen: 300 },
        ],
      }),
      tap(
        'money-own-over-free',
        'Own taps took more than there was, for the elder topped up: free is free',
        '充值后本机扣款超过名单余额：免费仍免费',
        2000,
        {
          menu: 'SPECIAL_DIET',
          own: [{ day: '2026-03-09', meal: 'LUNCH', selfPaidFen: 1500 }],
        },
      ),
      tap('money-own-over', 'But a fen is not there', '但一分也不能再付', 1, {
        own: [{ day: '2026-03-09', meal: 'LUNCH', selfPaidFen: 1500 }],
      }),
      tap('money-none', 'No money', '没有余额', 2000, { card: 'none' }),
      tap('money-none-free', 'No money is wanted', '免费', 2000, { card: 'none', menu: 'SPECIAL_DIET' }),
    ],
  },
  {
    id: 'own',
    en: 'Own taps count in caps and money; one whose day and meal the card’s `meals` hold counts no longer.',
    zh: '本机刷卡计入上限与余额；名单 meals 已有者不再重复计。',
    sets: [one(amount(300), { caps: [{ per: 'DAY', fen: 400 }] })],
    cards: {
      elder: { balanceFen: 2000 },
      known: { balanceFen: 1600, past: [['2026-03-10', 'LUNCH', { 'S/G/R': 150 }]] },
    },
    taps: [
      tap('own-cap', 'An own breakfast had 300: 100 are left', '本机早餐 300，余 100', 1500, {
        own: [{ day: '2026-03-10', meal: 'BREAKFAST', selfPaidFen: 200, gave: { 'S/G/R': 300 } }],
      }),
      tap('own-cap-yesterday', 'One of yesterday does not count for today', '昨天的不计今天', 1500, {
        own: [{ day: '2026-03-09', meal: 'DINNER', selfPaidFen: 200, gave: { 'S/G/R': 300 } }],
      }),
      tap(
        'own-cap-tomorrow',
        'Nor one of tomorrow, by a clock that was set back',
        '时钟回拨：明天的也不计',
        1500,
        { own: [{ day: '2026-03-11', meal: 'BREAKFAST', selfPaidFen: 200, gave: { 'S/G/R': 300 } }] },
      ),
      tap('own-known-money', 'The list holds it: its money is gone already', '名单已有：余额已扣', 1850, {
        card: 'known',
        at: '17:00',
        own: [{ day: '2026-03-10', meal: 'LUNCH', selfPaidFen: 400, gave: { 'S/G/R': 300 } }],
      }),
      tap('own-known-cap', 'The list’s part counts, and not the reader’s', '上限按名单所记，不按本机', 1000, {
        card: 'known',
        at: '17:00',
        own: [{ day: '2026-03-10', meal: 'LUNCH', selfPaidFen: 400, gave: { 'S/G/R': 400 } }],
      }),
      tap('own-known-other', 'The same meal of another day is not held', '另一日同餐不算已有', 1400, {
        card: 'known',
        at: '17:00',
        own: [{ day: '2026-03-09', meal: 'LUNCH', selfPaidFen: 500, gave: { 'S/G/R': 300 } }],
      }),
      tap(
        'own-known-other-meal',
        'Another meal of the same day is not held either',
        '同日另一餐也不算已有',
        1400,
        {
          card: 'known',
          at: '17:00',
          own: [{ day: '2026-03-10', meal: 'BREAKFAST', selfPaidFen: 100, gave: { 'S/G/R': 100 } }],
        },
      ),
    ],
  },
];
