import type { MenuKind } from '../../../entities/meals/swipe.entity.js';
import {
  amount,
  canteen,
  donor,
  free,
  group,
  one,
  percentOff,
  percentPaid,
  rest,
  rule,
  selfPay,
  set,
  tap,
} from './rule-words.js';
import type { ListCase } from './vector-list.js';

const menus = { SET_MEAL: 'DOWN', A_LA_CARTE: 'UP', SPECIAL_DIET: 'HALF_UP' } as const;
const unit = { 1: ['fen', '分'], 10: ['jiao', '角'], 100: ['yuan', '元'] } as const;

/** Ten per cent off, by each rounding at these prices; the menu of the tap chooses the rounding. */
function roundings(toFen: 1 | 10 | 100, prices: number[]): ListCase {
  const [en, zh] = unit[toFen];
  const kinds = Object.entries(menus) as [MenuKind, (typeof menus)[MenuKind]][];
  return {
    id: `round-to-${toFen}`,
    en: `Ten per cent off, rounded once, to a ${en}: DOWN for set meals, UP à la carte, HALF_UP for special diets.`,
    zh: `九折优惠，一次取整到${zh}：套餐 DOWN，点餐 UP，特殊餐 HALF_UP。`,
    sets: [
      set('S', [
        group(
          'ONE',
          kinds.map(([menu, rounding]) =>
            rule(rounding.replace('_', '-'), percentOff(10, { rounding, toFen }), { menus: [menu] }),
          ),
        ),
      ]),
    ],
    taps: prices.flatMap((fen) =>
      kinds.map(([menu, rounding]) => {
        const name = `round-to-${toFen}-${rounding.toLowerCase().replace('_', '-')}-${fen}`;
        return tap(name, `${fen / 10} fen, ${rounding}`, `${fen / 10} 分，${rounding}`, fen, { menu });
      }),
    ),
  };
}

/** What the kinds of rules give. */
export const givesCases: ListCase[] = [
  roundings(1, [1000, 1004, 1005]),
  roundings(10, [1000, 1045, 1050]),
  roundings(100, [1000, 1499, 1500]),
  {
    id: 'percent-hundredths',
    en: 'Per cents have two decimals and are computed in integers; floating-point numbers are a fen off.',
    zh: '百分比有两位小数，以整数计算；浮点数会差一分。',
    sets: [
      set('S', [
        group('ONE', [
          rule('DOWN', percentOff(1.15), { menus: ['SET_MEAL'] }),
          rule('UP', percentOff(1.1, { rounding: 'UP' }), { menus: ['A_LA_CARTE'] }),
          rule('HALF', percentOff(0.29, { rounding: 'HALF_UP' }), { menus: ['SPECIAL_DIET'] }),
        ]),
      ]),
    ],
    taps: [
      tap('percent-hundredths-down', '1.15 per cent of 20 yuan are 23 fen', '20 元的 1.15% 是 23 分', 2000),
      tap(
        'percent-hundredths-up',
        '1.1 per cent of 10 yuan are 11 fen, and not 12',
        '10 元的 1.1% 是 11 分，不是 12',
        1000,
        { menu: 'A_LA_CARTE' },
      ),
      tap(
        'percent-hundredths-half',
        '0.29 per cent of 5 yuan are 1.45 fen: 1',
        '5 元的 0.29% 是 1.45 分：1',
        500,
        { menu: 'SPECIAL_DIET' },
      ),
    ],
  },
  {
    id: 'percent-at-most',
    en: 'Half the price, rounded up to a yuan, and then 3.33 yuan at most.',
    zh: '半价，向上取整到元，然后最多 3.33 元。',
    sets: [one(percentOff(50, { rounding: 'UP', toFen: 100, atMostFen: 333 }))],
    taps: [
      tap('percent-at-most-over', 'The most is not rounded', '上限不再取整', 2000),
      tap('percent-at-most-under', '2.60 yuan are rounded to 3', '2.60 元取整为 3 元', 520),
      tap(
        'percent-at-most-rest',
        'Rounded up it would be more than the bill: all of it is given',
        '取整后超过餐费：只给餐费',
        90,
      ),
    ],
  },
  {
    id: 'price-or-rest',
    en: '5 yuan; then 20 per cent of the price; then half of what is left.',
    zh: '先减 5 元，再按餐费 20%，再按剩余一半。',
    sets: [
      set('S', [
        group('ALL', [rule('R1', amount(500))]),
        group('ALL', [rule('R2', percentOff(20), { borneBy: [rest(donor)] })]),
        group('ALL', [rule('R3', percentOff(50, { of: 'REST' }), { borneBy: [rest(canteen)] })]),
      ]),
    ],
    taps: [
      tap('price-or-rest-all', '500, 400 and 550', '500、400、550', 2000),
      tap(
        'price-or-rest-no-more',
        '20 per cent would be 120, and 100 are left; then nothing is',
        '20% 为 120，只剩 100；其后为零',
        600,
      ),
      tap('price-or-rest-less', 'The bill is below the first amount', '餐费低于第一笔', 450),
    ],
  },
  {
    id: 'percent-paid',
    en: 'A donor gives 3 yuan; the elder pays a percentage, which is rounded, and the rest less it is given.',
    zh: '捐赠 3 元；老人按比例自付，自付额取整，其余补贴。',
    sets: [
      set('S', [
        group('ALL', [rule('R1', amount(300), { borneBy: [rest(donor)] })]),
        group('ONE', [
          rule('PRICE', percentPaid(35, { rounding: 'UP', toFen: 10 }), { menus: ['SET_MEAL'] }),
          rule('REST', percentPaid(35, { of: 'REST', toFen: 10 }), { menus: ['A_LA_CARTE'] }),
          rule('MOST', percentPaid(50, { rounding: 'HALF_UP', toFen: 100, atMostFen: 333 }), {
            menus: ['SPECIAL_DIET'],
          }),
        ]),
      ]),
    ],
    taps: [
      tap(
        'percent-paid-price',
        '35 per cent of 19.90 yuan, 6.965, is 7 yuan',
        '19.90 元的 35%，6.965，付 7 元',
        1990,
      ),
      tap('percent-paid-little', 'Less is left than 35 per cent of the price', '剩余少于餐费的 35%', 400),
      tap(
        'percent-paid-rest',
        '35 per cent of 16.90 yuan, 5.915, is 5.90',
        '剩余 16.90 元的 35%，5.915，付 5.90 元',
        1990,
        {
          menu: 'A_LA_CARTE',
        },
      ),
      tap('percent-paid-most', 'No more than 3.33 yuan are given', '最多给 3.33 元', 1500, {
        menu: 'SPECIAL_DIET',
      }),
      tap(
        'percent-paid-rounded',
        'Half of 7 yuan is 4 yuan: nothing is left to give',
        '7 元的一半付 4 元：不再给',
        700,
        {
          menu: 'SPECIAL_DIET',
        },
      ),
    ],
  },
  {
    id: 'self-pay',
    en: 'Fixed self-pay of 5 yuan, after 3 yuan were given: what is left less 5 yuan.',
    zh: '先给 3 元，再固定自付 5 元：剩余减 5 元。',
    sets: [
      set('S', [
        group('ALL', [rule('R1', amount(300), { borneBy: [rest(donor)] })]),
        group('ALL', [rule('R2', selfPay(500))]),
      ]),
    ],
    taps: [
      tap('self-pay-usual', 'The elder pays 5 yuan', '老人付 5 元', 2000),
      tap('self-pay-just', 'Exactly 5 yuan are left: nothing more is given', '正好剩 5 元：不再给', 800),
      tap('self-pay-below', '4 yuan are left, and the elder pays these', '只剩 4 元，老人付 4 元', 700),
      tap('self-pay-one-fen', 'One fen is given', '给 1 分', 801),
    ],
  },
  {
    id: 'self-pay-nothing',
    en: 'Fixed self-pay of zero: the elder pays nothing.',
    zh: '固定自付为零：老人不付。',
    sets: [one(selfPay(0))],
    cards: { elder: { balanceFen: 0 } },
    taps: [tap('self-pay-nothing-poor', 'Also with an empty account', '余额为零也可', 1700)],
  },
  {
    id: 'free',
    en: 'A donor gives 3 yuan, all that is left is free.',
    zh: '捐赠 3 元，其余免费。',
    sets: [
      set('S', [
        group('ALL', [
          rule('R1', amount(300), { borneBy: [rest(donor)] }),
          rule('R2', free, { bill: { atLeastFen: 2 } }),
        ]),
      ]),
    ],
    cards: { elder: { balanceFen: 0 } },
    taps: [
      tap('free-usual', 'All but 3 yuan', '除 3 元外全免', 2000),
      tap('free-nothing-left', 'The first rule pays all', '第一条已付清', 300),
    ],
  },
  {
    id: 'amount-over',
    en: 'An amount above the bill pays the bill, and no more.',
    zh: '金额高于餐费时只付餐费。',
    sets: [one(amount(900))],
    taps: [
      tap('amount-over-bill', 'A bill of 5 yuan', '餐费 5 元', 500),
      tap('amount-over-not', 'A bill of 9.01 yuan', '餐费 9.01 元', 901),
    ],
  },
];
