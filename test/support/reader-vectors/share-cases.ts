import {
  amount,
  canteen,
  city,
  donor,
  group,
  livesAway,
  nobody,
  one,
  percentOff,
  rest,
  rule,
  selfPay,
  set,
  tap,
} from './rule-words.js';
import type { ListCase } from './vector-list.js';

/** Who bears what a rule gives, to the fen. */
export const shareCases: ListCase[] = [
  {
    id: 'shares-percent',
    en: 'Shares by per cent: each of the whole offer, rounded down to a fen; the last bearer takes what is left.',
    zh: '按比例分担：各按全额计算，向下取整到分；余数归最后一方。',
    sets: [
      one(amount(1000), {
        borneBy: [{ ...donor, percent: 33.33 }, { ...city, percent: 33.33 }, rest(canteen)],
      }),
    ],
    taps: [
      tap(
        'shares-percent-whole',
        '333.3 fen each: 333 and 333, and 334 for the last',
        '各 333.3 分：333、333，最后 334',
        2000,
      ),
      tap(
        'shares-percent-less',
        'The bill is 1.01 yuan: 33 and 33, and 35 for the last',
        '餐费 1.01 元：33、33，最后 35',
        101,
      ),
      tap('shares-percent-one-fen', 'Of one fen the first two have nothing', '只有 1 分时，前两方为零', 1),
    ],
  },
  {
    id: 'shares-odd-fen',
    en: 'Half and half: the odd fen is the last bearer’s, here a discount.',
    zh: '各半：单数的一分归后一方，此处为优惠。',
    sets: [one(amount(101), { borneBy: [{ ...city, percent: 50 }, rest(canteen)] })],
    taps: [
      tap('shares-odd-fen-last', '50 of the subsidy and 51 of the discount', '补贴 50 分，优惠 51 分', 2000),
    ],
  },
  {
    id: 'shares-fen',
    en: 'Shares in fen are filled in their order.',
    zh: '按金额分担：依次填满。',
    sets: [one(amount(500), { borneBy: [{ ...city, fen: 300 }, { ...donor, fen: 150 }, rest(canteen)] })],
    taps: [
      tap('shares-fen-all', 'Enough for all three', '三方都有', 2000),
      tap(
        'shares-fen-second-short',
        'The second has what is left, the third nothing',
        '第二方取剩余，第三方为零',
        400,
      ),
      tap('shares-fen-first-only', 'All of it is the first’s', '全由第一方承担', 250),
    ],
  },
  {
    id: 'shares-mixed',
    en: 'A share in fen, then one by per cent of the whole offer, but no more than is left.',
    zh: '先按金额，再按全额的比例，但不超过剩余。',
    sets: [
      one(percentOff(50), { borneBy: [{ ...donor, fen: 300 }, { ...city, percent: 60 }, rest(canteen)] }),
    ],
    taps: [
      tap(
        'shares-mixed-short',
        'Of 500 fen: 300, then 200 and not 300',
        '500 分：300，再 200 而非 300',
        1000,
      ),
      tap('shares-mixed-enough', 'Of 1000 fen: 300, 600 and 100', '1000 分：300、600、100', 2000),
    ],
  },
  {
    id: 'shares-nobody',
    en: 'What nobody bears is not given; the elder pays it.',
    zh: '无人承担的部分不予补贴，由老人自付。',
    cards: livesAway,
    sets: [one(amount(501), { borneBy: [{ ...nobody, percent: 40 }, { ...donor, fen: 100 }, rest(city)] })],
    taps: [
      tap(
        'shares-nobody-part',
        '200 of 501 fen are nobody’s: 301 are given',
        '501 分中 200 分无人承担，给 301',
        2000,
      ),
      tap(
        'shares-nobody-short',
        'Of 3 fen one is nobody’s, and the next share takes the rest',
        '3 分中 1 分无人承担，余归下一方',
        3,
      ),
    ],
  },
  {
    id: 'shares-nobody-first',
    en: 'FIRST: a rule whose every share is nobody’s is still the first, and gives nothing.',
    zh: 'FIRST：全部无人承担的规则仍算第一条，不予补贴。',
    cards: livesAway,
    sets: [
      set('S', [
        group('FIRST', [
          rule('R1', amount(500), { borneBy: [rest(nobody)] }),
          rule('R2', amount(200), { bill: { atLeastFen: 100 } }),
        ]),
      ]),
    ],
    taps: [tap('shares-nobody-first-none', 'Nothing is given', '不予补贴', 2000)],
  },
  {
    id: 'shares-nobody-best',
    en: 'BEST: compared is what is given in the end, without what nobody bears.',
    zh: 'BEST：比较实际给付，不含无人承担的部分。',
    cards: livesAway,
    sets: [
      set('S', [
        group('BEST', [
          rule('R1', amount(500), { borneBy: [{ ...nobody, percent: 60 }, rest(city)] }),
          rule('R2', amount(300), { borneBy: [rest(donor)] }),
        ]),
      ]),
    ],
    taps: [tap('shares-nobody-best-second', '300 are more than 200 of 500', '300 多于 500 中的 200', 2000)],
  },
  {
    id: 'shares-nobody-cap',
    en: 'A cap counts what was given, and leaves so much of the offer; then the offer is divided.',
    zh: '上限按已给付累计，先限额度，再分担。',
    cards: {
      elder: livesAway.elder,
      second: { ...livesAway.elder, past: [['2026-03-10', 'BREAKFAST', { 'S/G/R': 150 }]] },
    },
    sets: [
      one(percentOff(20), {
        borneBy: [{ ...nobody, percent: 50 }, rest(city)],
        caps: [{ per: 'DAY', fen: 300 }],
      }),
    ],
    taps: [
      tap(
        'shares-nobody-cap-fresh',
        '400 are offered, 300 left by the cap, 150 given',
        '应给 400，上限留 300，实给 150',
        2000,
      ),
      tap(
        'shares-nobody-cap-used',
        '150 were given: 150 are left, 75 given',
        '已给 150，余 150，实给 75',
        2000,
        { card: 'second' },
      ),
    ],
  },
  {
    id: 'shares-nobody-self-pay',
    en: 'Fixed self-pay: what nobody bears comes on top of it.',
    zh: '固定自付：无人承担的部分另由老人支付。',
    cards: livesAway,
    sets: [one(selfPay(500), { borneBy: [{ ...city, fen: 300 }, rest(nobody)] })],
    taps: [
      tap(
        'shares-nobody-self-pay-more',
        'The city bears 300, the elder pays 1700',
        '市级承担 300，老人付 1700',
        2000,
      ),
    ],
  },
];
