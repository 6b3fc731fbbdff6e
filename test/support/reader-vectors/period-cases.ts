import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { Cap } from '../../../src/meals/rules/rule-language.rules.js';
import { amount, had, one, tap } from './rule-words.js';
import type { ListCase } from './vector-list.js';

const capped = (cap: Cap) => [one(amount(300), { caps: [cap] })];
const lunch = (day: string, fen: number) => [day, 'LUNCH', { 'S/G/R': fen }] as const;
const own = (day: string, meal: Meal, fen: number) => ({
  own: [{ day, meal, selfPaidFen: 0, gave: { 'S/G/R': fen } }],
});

/** Weeks, months, and the days at their edges. */
export const periodCases: ListCase[] = [
  {
    id: 'week-fen',
    en: 'A week is Monday to Sunday, also across the end of a month. 1 March 2026 is a Sunday.',
    zh: '一周为周一至周日，跨月亦然。2026 年 3 月 1 日是周日。',
    today: '2026-03-01',
    sets: capped({ per: 'WEEK', fen: 500 }),
    cards: {
      monday: had(lunch('2026-02-23', 300)),
      saturday: had(lunch('2026-02-28', 400)),
      sunday: had(['2026-03-01', 'BREAKFAST', { 'S/G/R': 450 }]),
    },
    taps: [
      tap('week-fen-monday', 'On Sunday, what was had on Monday counts', '周日：周一的计入', 2000, {
        card: 'monday',
      }),
      tap(
        'week-fen-saturday',
        'On Sunday, what was had on Saturday, in February, counts',
        '周日：二月的周六计入',
        2000,
        { card: 'saturday' },
      ),
      tap('week-fen-new', 'On Monday a new week has begun', '周一：新的一周', 2000, {
        card: 'saturday',
        at: '2026-03-02T12:00',
      }),
      tap('week-fen-sunday', 'On Monday, Sunday’s meal is of last week', '周一：周日属于上周', 2000, {
        card: 'sunday',
        at: '2026-03-02T12:00',
      }),
      tap(
        'week-fen-own-monday',
        'On Tuesday, this reader’s own tap of Monday counts',
        '周二：本机周一的刷卡计入',
        2000,
        { card: 'monday', at: '2026-03-03T10:40', ...own('2026-03-02', 'LUNCH', 350) },
      ),
      tap(
        'week-fen-own-last-week',
        'An own tap of the Sunday before does not',
        '上周日的本机刷卡不计',
        2000,
        { card: 'sunday', ...own('2026-02-22', 'LUNCH', 300) },
      ),
      tap(
        'week-fen-own-next-week',
        'Nor does one of the Monday after, by a clock that was set back',
        '时钟回拨：下周一的也不计',
        2000,
        { card: 'monday', ...own('2026-03-02', 'LUNCH', 200) },
      ),
    ],
  },
  {
    id: 'week-times',
    en: 'Twice a week.',
    zh: '每周两次。',
    today: '2026-03-08',
    sets: capped({ per: 'WEEK', times: 2 }),
    cards: {
      elder: had(lunch('2026-03-02', 300), lunch('2026-03-07', 1)),
      once: had(lunch('2026-03-07', 300)),
    },
    taps: [
      tap('week-times-third', 'The third time on Sunday', '周日第三次', 2000),
      tap('week-times-second', 'The second time', '第二次', 2000, { card: 'once' }),
      tap('week-times-new', 'The first on Monday', '周一第一次', 2000, { at: '2026-03-09T12:00' }),
    ],
  },
  {
    id: 'month-fen',
    en: 'A month is that of the calendar. The list ends on 1 April 2026.',
    zh: '按自然月。名单至 2026 年 4 月 1 日。',
    today: '2026-03-30',
    sets: capped({ per: 'MONTH', fen: 700 }),
    cards: { first: had(lunch('2026-03-01', 500)), lately: had(lunch('2026-03-29', 600)) },
    taps: [
      tap('month-fen-first', 'On the 31st, the first of the month counts', '31 日：1 日的计入', 2000, {
        card: 'first',
        at: '2026-03-31T12:00',
      }),
      tap('month-fen-lately', 'The day before counts', '前一天计入', 2000, { card: 'lately' }),
      tap(
        'month-fen-new',
        'On 1 April a new month has begun, in the same week',
        '4 月 1 日：新的一月，同一周',
        2000,
        { card: 'lately', at: '2026-04-01T10:40' },
      ),
      tap('month-fen-own', 'An own tap of 28 February does not count', '本机 2 月 28 日的不计', 2000, {
        card: 'first',
        ...own('2026-02-28', 'LUNCH', 200),
      }),
      tap('month-fen-own-counts', 'One of yesterday does', '昨天的计入', 2000, {
        card: 'first',
        ...own('2026-03-29', 'DINNER', 100),
      }),
    ],
  },
  {
    id: 'month-times',
    en: 'Three times a month, at the end of a leap February.',
    zh: '每月三次，闰年二月末。',
    today: '2028-02-28',
    sets: capped({ per: 'MONTH', times: 3 }),
    cards: {
      elder: had(lunch('2028-02-01', 300), lunch('2028-02-15', 300), lunch('2028-02-28', 300)),
      twice: had(lunch('2028-02-01', 300), lunch('2028-02-15', 300)),
    },
    taps: [
      tap('month-times-fourth', '29 February: the fourth time', '2 月 29 日：第四次', 2000, {
        at: '2028-02-29T12:00',
      }),
      tap('month-times-third', '29 February: the third time', '2 月 29 日：第三次', 2000, {
        card: 'twice',
        at: '2028-02-29T12:00',
      }),
      tap('month-times-new', '1 March: the first time', '3 月 1 日：第一次', 2000, {
        at: '2028-03-01T10:40',
      }),
    ],
  },
  {
    id: 'year-end',
    en: 'A week goes on over New Year, a month does not.',
    zh: '跨年：周连续，月不连续。',
    today: '2026-12-31',
    sets: [
      one(amount(300), {
        caps: [
          { per: 'WEEK', times: 2 },
          { per: 'MONTH', fen: 350 },
        ],
      }),
    ],
    cards: {
      elder: had(lunch('2026-12-30', 300)),
      twice: had(lunch('2026-12-28', 10), lunch('2026-12-29', 10)),
    },
    taps: [
      tap('year-end-old', '31 December: 50 fen are left of the month', '12 月 31 日：本月余 50 分', 2000),
      tap('year-end-new', '1 January: a new month', '1 月 1 日：新的一月', 2000, { at: '2027-01-01T12:00' }),
      tap('year-end-week', '1 January: the week’s two times are had', '1 月 1 日：本周两次已满', 2000, {
        card: 'twice',
        at: '2027-01-01T12:00',
      }),
    ],
  },
];
