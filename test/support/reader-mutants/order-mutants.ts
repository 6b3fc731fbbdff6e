import type { Mutant } from './mutant.js';

const swipe = 'src/meals/swipe.rules.ts';
const windows = 'src/meals/meal-window.rules.ts';
const days = 'src/shared/interval.ts';
const time = 'src/shared/china-time.ts';
const ref = 'src/meals/reader-lists/card-ref.rules.ts';
const judgeable = 'src/meals/reader-lists/judgeable.rules.ts';

/** Wrong readers: of the order of answers, the canteen, the price and the money, time, and what is not known. */
export const orderMutants: readonly Mutant[] = [
  [
    'tells a block after the window',
    swipe,
    "if (!paysAt(card, command.swipedAt)) return refuse('CARD_NOT_ACTIVE');",
    "if (meal && !paysAt(card, command.swipedAt)) return refuse('CARD_NOT_ACTIVE');",
  ],
  [
    'tells the price before a block',
    swipe,
    "if (!paysAt(card, command.swipedAt)) return refuse('CARD_NOT_ACTIVE');",
    "if (command.grossFen <= 0) return refuse('PRICE_OUT_OF_RANGE'); if (!paysAt(card, command.swipedAt)) return refuse('CARD_NOT_ACTIVE');",
  ],
  [
    'tells the price before the window',
    swipe,
    "if (!canteen || !meal) return refuse('MEAL_NOT_SERVED');",
    "if (command.grossFen <= 0) return refuse('PRICE_OUT_OF_RANGE'); if (!canteen || !meal) return refuse('MEAL_NOT_SERVED');",
  ],
  [
    'tells the price before a meal that was had',
    swipe,
    "if (facts.isMealTaken(day, meal)) return refuse('MEAL_ALREADY_TAKEN');",
    "if (command.grossFen > canteen.priceFenMax) return refuse('PRICE_OUT_OF_RANGE'); if (facts.isMealTaken(day, meal)) return refuse('MEAL_ALREADY_TAKEN');",
  ],
  ['serves a meal twice', swipe, 'facts.isMealTaken(day, meal)', 'false'],
  ['serves meals of no price', swipe, 'command.grossFen <= 0 ||', ''],
  [
    'serves meals of a price below zero alone not',
    swipe,
    'command.grossFen <= 0 ||',
    'command.grossFen < 0 ||',
  ],
  ['refuses a meal of one fen', swipe, 'command.grossFen <= 0 ||', 'command.grossFen <= 1 ||'],
  ['refuses the dearest meal', swipe, 'command.grossFen > priceFenMax', 'command.grossFen >= priceFenMax'],
  ['knows no dearest meal', swipe, 'command.grossFen > priceFenMax', 'false'],
  [
    'tells the balance before the price',
    swipe,
    'const priceFenMax = command.ordered ?',
    "if (command.grossFen > card.balanceFen + 1_000) return refuse('INSUFFICIENT_BALANCE'); const priceFenMax = command.ordered ?",
  ],
  [
    'wants the whole price in the account',
    swipe,
    'split.selfPaidFen > card.balanceFen',
    'command.grossFen > card.balanceFen',
  ],
  [
    'wants a fen to be left',
    swipe,
    'split.selfPaidFen > card.balanceFen',
    'split.selfPaidFen >= card.balanceFen',
  ],
  ['asks for no money', swipe, 'split.selfPaidFen > card.balanceFen', 'false'],
  [
    'serves before the canteen opens',
    swipe,
    'isWithinDays(day, canteen.openedOn, canteen.closedOn)',
    "isWithinDays(day, '0', canteen.closedOn)",
  ],
  [
    'serves after the canteen closed',
    swipe,
    'isWithinDays(day, canteen.openedOn, canteen.closedOn)',
    'isWithinDays(day, canteen.openedOn, null)',
  ],
  ['takes the last day for open', days, '(to === null || day < to)', '(to === null || day <= to)'],
  ['takes the first day for closed', days, 'return from <= day', 'return from < day'],
  [
    'begins a window a minute late',
    windows,
    'windows.find(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute)',
    'windows.find(({ fromMinute, toMinute }) => fromMinute < minute && minute < toMinute)',
  ],
  [
    'ends a window a minute late',
    windows,
    'windows.find(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute)',
    'windows.find(({ fromMinute, toMinute }) => fromMinute <= minute && minute <= toMinute)',
  ],
  [
    'rounds minutes to the nearest',
    time,
    'return Math.floor(sinceMidnightMs / 60_000)',
    'return Math.round(sinceMidnightMs / 60_000)',
  ],
  [
    'takes minutes in UTC',
    time,
    '(instant.getTime() + offsetMs) % dayMs) + dayMs',
    '(instant.getTime()) % dayMs) + dayMs',
  ],
  ['begins the week on Sunday', time, '.getUTCDay() + 6) % 7) + 1', '.getUTCDay()) % 7) + 1'],
  ['numbers Monday 2', time, '.getUTCDay() + 6) % 7) + 1', '.getUTCDay() + 7) % 7) + 1'],
  ['hashes the uid as it was typed', ref, 'const message = normalizedCardUid(uid)', 'const message = uid'],
  ['hashes the bytes of the uid', ref, '.update(message)', ".update(Buffer.from(message, 'hex'))"],
  ['takes the digits of the salt for the key', ref, "Buffer.from(salt, 'hex')", 'salt'],
  ['hashes with SHA-1', ref, "'sha256'", "'sha1'"],
  [
    'judges unknown kinds of rules',
    judgeable,
    'gives.kind in kinds &&\n    hasOnly(gives, kinds[gives.kind]) &&',
    '',
  ],
  ['judges unknown picks', judgeable, 'pick in picks &&', ''],
  ['judges unknown periods', judgeable, '&& cap.per in periods', ''],
  ['judges unknown periods of groups', judgeable, 'areCapsKnown(caps) && rules.every', 'rules.every'],
  ['judges unknown conditions', judgeable, 'hasOnly(rule, fields.rule) &&', ''],
  ['judges unknown conditions of the time', judgeable, 'hasOnly(when, fields.when) &&', ''],
  ['judges unknown conditions of the bill', judgeable, 'hasOnly(bill, fields.bill) &&', ''],
  [
    'refuses unknown fields of an entitlement',
    judgeable,
    'return Object.entries(sets).every(',
    "return !('colour' in arguments[0]) && Object.entries(sets).every(",
  ],
];
