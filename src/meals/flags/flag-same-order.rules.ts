import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { Day } from '../../shared/china-time.js';
import { type Finding, groupedBy, inOrder, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/** A tap of an earlier day at the same canteen. */
export type EarlierTap = Pick<SwipeFact, 'id' | 'cardUid' | 'swipedAtMs'> & {
  readerId: number;
  day: Day;
  meal: Meal;
};

/** How many days without meals may lie between two orders of cards, such as those of a holiday week. */
const closedDaysMax = 7;

/** How many days before a day its orders are compared with, at most. */
export function daysLookedBack(orderDays: number): number {
  return orderDays + closedDaysMax;
}

/**
 * The same cards in the same order, meal after meal: a pile that is worked through from the top, at whichever reader
 * of the canteen.
 */
export function sameOrder(
  swipes: readonly SwipeFact[],
  earlier: readonly EarlierTap[],
  thresholds: Thresholds,
): Finding[] {
  const { ORDER_CARDS: cardsMin, ORDER_PERCENT: threshold } = thresholds;
  const findings: Finding[] = [];
  const past = pastOrders(earlier, cardsMin);
  const keyOf = ({ readerId, meal }: SwipeFact) =>
    readerId === null || !meal ? null : `${readerId} ${meal}`;
  for (const own of groupedBy(swipes, keyOf).values()) {
    const today = inOrder(own);
    const [first] = today;
    if (!first?.meal || first.readerId === null) continue;
    const { readerId, meal, canteenId } = first;
    const order = { readerId, daysAgo: 0, cards: cardsOf(today) };
    if (order.cards.length < cardsMin) continue;
    const measured = sharedThrough(order, past.get(meal) ?? [], thresholds);
    if (measured === undefined) continue;
    findings.push({
      rule: 'SAME_ORDER',
      subject: `reader:${readerId}:${meal}`,
      canteenId,
      elderId: null,
      readerId,
      measured,
      threshold,
      swipeIds: today.map(({ id }) => id),
    });
  }
  return findings;
}

/** The cards of one reader during one meal, each once, where it came first. */
interface Order {
  readerId: number;
  /** Counted in days on which there was an order to compare at the canteen. */
  daysAgo: number;
  cards: readonly string[];
}

/**
 * The orders of each meal that are long enough, the latest day first. A day without any is no day of meals, so that a
 * single tap on a day of rest parts nothing.
 */
function pastOrders(earlier: readonly EarlierTap[], cardsMin: number): Map<Meal, Order[]> {
  const byDay = new Map<string, EarlierTap[]>();
  const latestFirst = [...earlier].sort(
    (one, other) =>
      (one.day === other.day ? 0 : one.day < other.day ? 1 : -1) ||
      one.swipedAtMs - other.swipedAtMs ||
      one.id - other.id,
  );
  for (const tap of latestFirst) {
    const key = `${tap.day} ${tap.readerId} ${tap.meal}`;
    const taps = byDay.get(key);
    if (taps) taps.push(tap);
    else byDay.set(key, [tap]);
  }
  const orders = new Map<Meal, (Order & { day: Day })[]>();
  for (const taps of byDay.values()) {
    const [first] = taps;
    const cards = cardsOf(taps);
    if (!first || cards.length < cardsMin) continue;
    const { readerId, day, meal } = first;
    const own = orders.get(meal) ?? [];
    const last = own.at(-1);
    const daysAgo = last?.day === day ? last.daysAgo : (last?.daysAgo ?? 0) + 1;
    orders.set(meal, [...own, { readerId, day, daysAgo, cards }]);
  }
  return orders;
}

/**
 * Through how much of an order, in per cent, the days before it had the same; undefined when that is too little, or
 * through too few days. Of the many ways back through the readers of a canteen the one counts that had most in common.
 */
function sharedThrough(
  order: Order,
  past: readonly Order[],
  { ORDER_PERCENT: threshold, ORDER_DAYS: days }: Thresholds,
): number | undefined {
  let reached = new Map([[order, 100]]);
  for (let length = 1; length < days; length += 1) {
    const before = new Map<Order, number>();
    for (const [later, measured] of reached) {
      for (const earlier of ordersBefore(later, past)) {
        const shared = Math.min(measured, sharePercent(later.cards, earlier.cards));
        if (shared >= threshold) before.set(earlier, Math.max(shared, before.get(earlier) ?? 0));
      }
    }
    reached = before;
  }
  return reached.size === 0 ? undefined : Math.max(...reached.values());
}

/**
 * What an order is compared with: those of all readers on the last day of meals, for a pile can go to another reader;
 * and the last one of the same reader, for what the others did in between is no excuse for it.
 */
function ordersBefore({ readerId, daysAgo }: Order, past: readonly Order[]): Order[] {
  const before = past.filter((order) => order.daysAgo === daysAgo + 1);
  const own = past.find((order) => order.daysAgo > daysAgo && order.readerId === readerId);
  return own && own.daysAgo > daysAgo + 1 ? [...before, own] : before;
}

/** Each card once, where it came first. */
function cardsOf(taps: readonly Pick<SwipeFact, 'cardUid'>[]): string[] {
  return [...new Set(taps.map(({ cardUid }) => cardUid))];
}

/** How many per cent of the longer order the two have in common, in the same order: 0 to 100, rounded down. */
export function sharePercent(one: readonly string[], other: readonly string[]): number {
  const longer = Math.max(one.length, other.length);
  return longer === 0 ? 0 : Math.floor((commonInOrder(one, other) * 100) / longer);
}

/**
 * The length of the longest common subsequence. No card is in an order twice, so it is the longest rising row of
 * places, which takes n log n steps instead of n².
 */
function commonInOrder(one: readonly string[], other: readonly string[]): number {
  const places = new Map(other.map((card, place) => [card, place]));
  /** At each length the lowest place that a row of that length can end with. */
  const ends: number[] = [];
  for (const card of one) {
    const place = places.get(card);
    if (place === undefined) continue;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
  }
  return ends.length;
}
