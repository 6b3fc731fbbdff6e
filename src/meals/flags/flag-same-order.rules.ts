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

/** The same cards in the same order, meal after meal: a pile that is worked through from the top. */
export function sameOrder(
  swipes: readonly SwipeFact[],
  earlier: readonly EarlierTap[],
  { ORDER_CARDS: cardsMin, ORDER_PERCENT: threshold, ORDER_DAYS: days }: Thresholds,
): Finding[] {
  const findings: Finding[] = [];
  const past = pastOrders(earlier);
  const keyOf = ({ readerId, meal }: SwipeFact) => (readerId === null || !meal ? null : key(readerId, meal));
  for (const own of groupedBy(swipes, keyOf).values()) {
    const [first] = own;
    if (!first?.meal || first.readerId === null) continue;
    const today = inOrder(own);
    const orders = [cardsOf(today), ...(past.get(key(first.readerId, first.meal)) ?? [])].slice(0, days);
    if (orders.length < days || orders.some(({ length }) => length < cardsMin)) continue;
    const measured = Math.min(...orders.slice(1).map((cards, at) => sharePercent(cards, orders[at] ?? [])));
    if (measured < threshold) continue;
    findings.push({
      rule: 'SAME_ORDER',
      subject: `reader:${first.readerId}:${first.meal}`,
      canteenId: first.canteenId,
      elderId: null,
      readerId: first.readerId,
      measured,
      threshold,
      swipeIds: today.map(({ id }) => id),
    });
  }
  return findings;
}

const key = (readerId: number, meal: Meal) => `${readerId} ${meal}`;

/** The orders of cards of each reader and meal, the latest day first; a day without any is no day of meals. */
function pastOrders(earlier: readonly EarlierTap[]): Map<string, string[][]> {
  const byDay = new Map<string, EarlierTap[]>();
  const latestFirst = [...earlier].sort(
    (one, other) =>
      (one.day === other.day ? 0 : one.day < other.day ? 1 : -1) ||
      one.swipedAtMs - other.swipedAtMs ||
      one.id - other.id,
  );
  for (const tap of latestFirst) {
    const dayKey = `${key(tap.readerId, tap.meal)} ${tap.day}`;
    const taps = byDay.get(dayKey);
    if (taps) taps.push(tap);
    else byDay.set(dayKey, [tap]);
  }
  const orders = new Map<string, string[][]>();
  for (const taps of byDay.values()) {
    const [{ readerId, meal } = { readerId: 0, meal: 'LUNCH' as const }] = taps;
    orders.set(key(readerId, meal), [...(orders.get(key(readerId, meal)) ?? []), cardsOf(taps)]);
  }
  return orders;
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
