import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import { choiceOf, drawOf } from '../deterministic.js';

/** What a tap is there to show. */
export type TapStory =
  | 'ORDINARY'
  /** The same elder comes again, at this canteen or another, with a new swipe. */
  | 'SECOND_HELPING'
  /** The card was reported lost before lunch. */
  | 'LOST_CARD'
  /** Somebody who lives in a nursing home comes, and pays for all of it. */
  | 'RESIDENT';

export interface PlannedTap {
  /** Which canteen, in the order of the credentials. */
  reader: number;
  /** Which elder of the demo city. */
  elder: number;
  /** Minutes since midnight. */
  minute: number;
  grossFen: number;
  mode: DiningMode;
  story: TapStory;
  /** The reader has no network at that minute: it stores the tap and sends it when it has. */
  offline: boolean;
  /** The reader does not trust the answer it got and sends the same tap again. */
  sentTwice: boolean;
}

/** All canteens of the demo city serve lunch over these minutes; most diners come in the ninety between. */
export const lunch = { from: 11 * 60, rushFrom: 11 * 60 + 15, rushTo: 12 * 60 + 45, to: 13 * 60 };
/** Readers that lose the network lose it over these minutes, the height of the rush. */
export const outage = { from: 11 * 60 + 30, to: 12 * 60 };

/** One reader in this many loses the network. */
const outageEvery = 20;
/** One elder in this many has lost the card. */
const lostEvery = 600;

const drawDiners = drawOf('diners of a canteen');
const drawMinute = drawOf('minute of a lunch');
const drawRush = drawOf('comes in the rush');
const drawPrice = drawOf('price of a lunch');
const drawSecond = drawOf('second helping');
const drawRetry = drawOf('sent twice');
const modeOf = choiceOf<DiningMode>('dining mode', [
  ['DINE_IN', 80],
  ['TAKE_AWAY', 12],
  ['DELIVERY', 8],
]);

/** Whether the elder's card was lost before the first lunch that is played. */
export function isLostCard(elder: number): boolean {
  return elder % lostEvery === lostEvery - 1;
}

/** How many elders a lunch of so many canteens needs at the most; one in five or so lives in a home. */
export function eldersNeeded(canteens: number, dinersPerCanteen: number): number {
  return Math.ceil(canteens * dinersPerCanteen * 1.7);
}

/**
 * A lunch, in the order of its minutes: each canteen's diners, a quarter more or fewer than asked for, no
 * elder planned at two canteens but for those who come again, and nobody for whom somebody else cooks. The same day is
 * planned the same way each time.
 */
export function planLunch(
  canteens: number,
  dinersPerCanteen: number,
  dayNumber: number,
  isAway: (elder: number) => boolean = () => false,
): PlannedTap[] {
  const taps: PlannedTap[] = [];
  let elder = 0;
  for (let reader = 0; reader < canteens; reader++) {
    const diners = Math.round(dinersPerCanteen * (0.75 + drawDiners(reader + dayNumber * 1000) / 2));
    for (let place = 0; place < diners; place++) {
      while (isAway(elder)) elder += 1;
      taps.push(...tapsOf(elder, reader, canteens, dayNumber));
      elder += 1;
    }
  }
  return taps.sort((one, other) => one.minute - other.minute);
}

/** How many residents of homes come to a lunch. */
const residentsMax = 12;

/** A few of those who live in a home come all the same, each to another canteen. */
export function residentTaps(
  residents: readonly number[],
  canteens: number,
  dayNumber: number,
): PlannedTap[] {
  const from = (dayNumber * residentsMax) % Math.max(residents.length, 1);
  return [...residents.slice(from), ...residents.slice(0, from)]
    .filter((elder) => !isLostCard(elder))
    .slice(0, residentsMax)
    .map((elder, place) => ({
      reader: (place * 7 + dayNumber) % canteens,
      elder,
      minute: minuteOf(elder + dayNumber * 100_000),
      grossFen: 1200,
      mode: 'DINE_IN' as const,
      story: 'RESIDENT' as const,
      offline: false,
      sentTwice: false,
    }));
}

function tapsOf(elder: number, reader: number, canteens: number, dayNumber: number): PlannedTap[] {
  const chance = elder + dayNumber * 100_000;
  const minute = minuteOf(chance);
  const first: PlannedTap = {
    reader,
    elder,
    minute,
    grossFen: 800 + 100 * Math.floor(drawPrice(chance) * 9),
    mode: modeOf(chance),
    story: isLostCard(elder) ? 'LOST_CARD' : 'ORDINARY',
    offline: isOffline(reader, minute),
    sentTwice: drawRetry(chance) < 0.02,
  };
  if (drawSecond(chance) >= 0.01) return [first];
  const elsewhere = elder % 2 === 0 ? reader : (reader + 1) % canteens;
  const later = Math.min(minute + 5, lunch.to - 1);
  const story = first.story === 'LOST_CARD' ? 'LOST_CARD' : 'SECOND_HELPING';
  return [first, { ...first, reader: elsewhere, minute: later, offline: isOffline(elsewhere, later), story }];
}

function minuteOf(chance: number): number {
  const [from, to] = drawRush(chance) < 0.92 ? [lunch.rushFrom, lunch.rushTo] : [lunch.from, lunch.to];
  return from + Math.floor(drawMinute(chance) * (to - from));
}

function isOffline(reader: number, minute: number): boolean {
  return reader % outageEvery === 3 && minute >= outage.from && minute < outage.to;
}
