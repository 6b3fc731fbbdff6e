import { amount, group, had, one, rule, set, tap } from './rule-words.js';
import type { ListCase } from './vector-list.js';

const once = [one(amount(300), { caps: [{ per: 'DAY', times: 1 }] })];
const wednesday = '2026-03-11T12:00';
const thursday = '2026-03-12T10:40';

/** What is decided before any rule: the list, the day, the card, the canteen, the price; and the money after them. */
export const cardCases: ListCase[] = [
  {
    id: 'age',
    en: 'Age bands change on the birthday: `then` names another entitlement from that day on.',
    zh: '年龄段自生日起变更：then 写明自该日起的另一待遇。',
    sets: [
      set('S', [
        group('FIRST', [
          rule('AGED-80', amount(500), { who: { ageFrom: 80 } }),
          rule('AGED-60', amount(200), { who: { ageFrom: 60, ageTo: 79 } }),
        ]),
      ]),
    ],
    cards: {
      sixty: { born: '1966-03-11' },
      eighty: { born: '1946-03-12' },
      young: { born: '1967-01-01' },
      expires: { born: '1966-03-11', expiresOn: '2026-03-12' },
      dies: { endedOn: '2026-03-11' },
    },
    taps: [
      tap('age-before-sixty', 'The day before the 60th birthday', '60 岁生日前一天', 2000, { card: 'sixty' }),
      tap('age-sixty', 'The 60th birthday', '60 岁生日', 2000, { card: 'sixty', at: wednesday }),
      tap(
        'age-after-sixty',
        'The day after it, which no entry of `then` names',
        '次日，then 无新条目',
        2000,
        { card: 'sixty', at: thursday },
      ),
      tap('age-before-eighty', 'The day before the 80th birthday', '80 岁生日前一天', 2000, {
        card: 'eighty',
        at: wednesday,
      }),
      tap('age-eighty', 'The 80th birthday', '80 岁生日', 2000, { card: 'eighty', at: thursday }),
      tap('age-young', 'Nothing for who is younger', '年龄不足', 2000, { card: 'young' }),
      tap('then-birthday', 'First a birthday', '先是生日', 2000, { card: 'expires', at: wednesday }),
      tap('then-expired', 'Then the card has expired', '随后卡到期', 2000, { card: 'expires', at: thursday }),
      tap('then-ended', 'A file that ends tomorrow', '档案次日终止', 2000, { card: 'dies' }),
      tap('then-has-ended', 'It has ended', '档案已终止', 2000, { card: 'dies', at: wednesday }),
      tap('then-still-ended', 'And stays so', '此后亦然', 2000, { card: 'dies', at: thursday }),
    ],
  },
  {
    id: 'blocked',
    en: 'Blocked cards, and what stands before and behind a block.',
    zh: '停用名单，及其先后次序。',
    sets: once,
    cards: { elder: {}, lost: { stopped: true }, dead: { endedOn: '2026-03-01' } },
    taps: [
      tap('blocked-lost', 'A lost card', '挂失卡', 2000, { card: 'lost' }),
      tap('blocked-dead', 'An elder whose file has ended', '档案已终止', 2000, { card: 'dead' }),
      tap(
        'blocked-before-window',
        'A block is told also when no meal is served',
        '非供餐时间也先报停用',
        2000,
        { card: 'lost', at: '03:00' },
      ),
      tap('blocked-before-price', 'And before a wrong price', '先于餐费错误', 0, { card: 'dead' }),
      tap('blocked-too-old', 'But not by a list that is too old', '名单过期则不判', 2000, {
        card: 'lost',
        at: '2026-03-12T11:00',
        storedFor: 'SNAPSHOT_TOO_OLD',
      }),
      tap('blocked-other-day', 'Nor on a day that the list does not hold', '名单外的日期也不判', 2000, {
        card: 'lost',
        at: '2026-03-09T12:00',
        storedFor: 'DAY_NOT_COVERED',
      }),
      tap('unlisted', 'A card that is not listed', '名单中无此卡', 2000, {
        card: 'stranger',
        storedFor: 'CARD_NOT_LISTED',
      }),
      tap(
        'unlisted-before-window',
        'Nothing is known of it when no meal is served, either',
        '非供餐时间亦同',
        2000,
        { card: 'stranger', at: '03:00', storedFor: 'CARD_NOT_LISTED' },
      ),
      tap('unlisted-before-price', 'Nor at a wrong price', '餐费错误亦同', 0, {
        card: 'stranger',
        storedFor: 'CARD_NOT_LISTED',
      }),
    ],
  },
  {
    id: 'list-age',
    en: 'How long and on which days a list may be used.',
    zh: '名单的有效期与日期。',
    sets: once,
    taps: [
      tap('list-age-last', 'The last moment', '最后一瞬', 2000, { at: '2026-03-12T10:59:59.999' }),
      tap('list-age-over', '`validUntil` itself', 'validUntil 当刻', 2000, {
        at: '2026-03-12T11:00',
        storedFor: 'SNAPSHOT_TOO_OLD',
      }),
      tap('list-age-over-first', 'Too old comes before a day that is not held', '过期先于日期', 2000, {
        at: '2026-03-13T12:00',
        storedFor: 'SNAPSHOT_TOO_OLD',
      }),
      tap('list-age-day-before', 'The last moment of the day before the list', '名单前一日最后一瞬', 2000, {
        at: '2026-03-09T23:59:59.999',
        storedFor: 'DAY_NOT_COVERED',
      }),
      tap('list-age-day-first', 'The first moment of its first day', '首日第一瞬', 2000, {
        at: '00:00',
      }),
    ],
  },
  {
    id: 'midnight',
    en: 'Days and minutes are those of China, UTC+8, whatever the offset in which an instant is written.',
    zh: '日期与分钟均按中国时间（UTC+8），不论时刻以何种偏移书写。',
    canteen: {
      windows: [
        { meal: 'BREAKFAST', fromMinute: 0, toMinute: 480 },
        { meal: 'DINNER', fromMinute: 960, toMinute: 1440 },
      ],
    },
    sets: [
      set('S', [
        group('ALL', [
          rule('R', amount(300), { caps: [{ per: 'DAY', times: 1 }] }),
          rule('WEDNESDAY', amount(10), { when: { weekdays: [3] } }),
        ]),
      ]),
    ],
    cards: { elder: had(['2026-03-10', 'BREAKFAST', { 'S/G/R': 300 }]) },
    taps: [
      tap('midnight-before', 'The last moment of Tuesday', '周二最后一瞬', 2000, {
        at: '2026-03-10T15:59:59.999Z',
      }),
      tap('midnight-after', 'The first moment of Wednesday', '周三第一瞬', 2000, {
        at: '2026-03-10T16:00:00Z',
      }),
      tap(
        'midnight-early',
        'Wednesday morning in China, Tuesday evening in UTC',
        '中国周三清晨，UTC 周二夜',
        2000,
        { at: '2026-03-10T23:30:00Z' },
      ),
      tap('midnight-other-offset', 'The same in another offset', '另一偏移，同一时刻', 2000, {
        at: '2026-03-10T18:30:00-05:00',
      }),
      tap('midnight-taken', 'Breakfast of Tuesday was had', '周二早餐已用', 2000, { at: '07:59' }),
    ],
  },
  {
    id: 'windows',
    en: 'A window holds its first minute and not its end; where one ends the next may begin.',
    zh: '时段含起点不含终点；前后可相接。',
    canteen: {
      windows: [
        { meal: 'LUNCH', fromMinute: 630, toMinute: 810 },
        { meal: 'DINNER', fromMinute: 810, toMinute: 900 },
      ],
    },
    sets: once,
    taps: [
      tap('windows-before', 'A moment before lunch', '午餐前一瞬', 2000, { at: '10:29:59.999' }),
      tap('windows-first', 'The first moment of lunch', '午餐第一瞬', 2000, { at: '10:30' }),
      tap('windows-last', 'The last moment of lunch', '午餐最后一瞬', 2000, { at: '13:29:59.999' }),
      tap('windows-next', 'Dinner follows at once', '晚餐紧接', 2000, { at: '13:30' }),
      tap('windows-end', 'The end of dinner', '晚餐结束', 2000, { at: '15:00' }),
      tap('windows-before-price', 'No meal comes before a wrong price', '无餐先于餐费错误', 0, {
        at: '15:00',
      }),
    ],
  },
  {
    id: 'open-days',
    en: 'A canteen that opens on 11 March and is closed from 12 March on.',
    zh: '食堂 3 月 11 日开业，3 月 12 日起停业。',
    canteen: { openedOn: '2026-03-11', closedOn: '2026-03-12' },
    sets: once,
    taps: [
      tap('open-days-before', 'Not yet open', '未开业', 2000),
      tap('open-days-first', 'The first day', '首日', 2000, { at: wednesday }),
      tap('open-days-closed', 'The first day on which it is closed', '停业首日', 2000, { at: thursday }),
    ],
  },
];
