import { describe, expect, it } from 'vitest';
import { type EarlierTap, sameOrder, sharePercent } from '../../src/meals/flags/flag-same-order.rules.js';
import { minute, of, swiped, thresholds } from '../support/flag-facts.js';

describe('the same order of cards day after day', () => {
  const cards = 'ABCDEFGHIJ'.split('');
  const today = (order: readonly string[]) =>
    order.map((cardUid, index) => swiped(index * minute, { cardUid }));
  const tapsOf = (day: string, order: readonly string[], readerId = 11): EarlierTap[] =>
    today(order).map(({ id, swipedAtMs, cardUid }) => ({
      id,
      readerId,
      cardUid,
      swipedAtMs,
      day,
      meal: 'LUNCH',
    }));
  /** The same cards with so many of them, from the end, put to the front. */
  const mixed = (moved: number) => [...cards.slice(10 - moved).reverse(), ...cards.slice(0, 10 - moved)];

  it('eight of ten in the same order on three days are a sign, whatever days the canteen was closed', () => {
    const earlier = [...tapsOf('2026-03-06', cards), ...tapsOf('2026-03-09', mixed(2))];
    expect(of(sameOrder(today(cards), earlier, thresholds))).toEqual(['reader:11:LUNCH 80/80']);
  });

  it('seven of ten are none', () => {
    const earlier = [...tapsOf('2026-03-06', cards), ...tapsOf('2026-03-09', mixed(3))];
    expect(sameOrder(today(cards), earlier, thresholds)).toEqual([]);
  });

  it('nor are two days, orders of few cards, or another day between', () => {
    expect(sameOrder(today(cards), tapsOf('2026-03-09', cards), thresholds)).toEqual([]);
    const few = cards.slice(0, 4);
    const daysOfFew = [...tapsOf('2026-03-08', few), ...tapsOf('2026-03-09', few)];
    expect(sameOrder(today(few), daysOfFew, thresholds)).toEqual([]);
    const broken = [...tapsOf('2026-03-08', cards), ...tapsOf('2026-03-09', [...cards].reverse())];
    expect(sameOrder(today(cards), broken, thresholds)).toEqual([]);
  });

  it('a pile that goes from reader to reader is one, whichever it began at', () => {
    const earlier = [...tapsOf('2026-03-08', mixed(2), 11), ...tapsOf('2026-03-09', cards, 12)];
    expect(of(sameOrder(today(cards), earlier, thresholds))).toEqual(['reader:11:LUNCH 80/80']);
    expect(
      sameOrder(today(cards), [...tapsOf('2026-03-08', mixed(3)), ...earlier.slice(10)], thresholds),
    ).toEqual([]);
  });

  it('what other readers did in between, and a day of a few, is no excuse for the own one', () => {
    const [honest, few] = [[...cards].reverse(), cards.slice(0, 4)];
    const own = [...tapsOf('2026-03-05', cards), ...tapsOf('2026-03-07', cards)];
    const others = [...tapsOf('2026-03-06', honest, 12), ...tapsOf('2026-03-08', honest, 12)];
    expect(of(sameOrder(today(cards), [...own, ...others], thresholds))).toEqual(['reader:11:LUNCH 100/80']);
    expect(
      of(sameOrder(today(cards), [...own, ...others, ...tapsOf('2026-03-09', few)], thresholds)),
    ).toEqual(['reader:11:LUNCH 100/80']);
    expect(sameOrder(today(cards), [...others, ...tapsOf('2026-03-09', cards)], thresholds)).toEqual([]);
  });

  it('each of two readers has its own sign, and only that of the same cards', () => {
    const beside = Array.from({ length: 6 }, (_, index) => swiped(index * minute, { readerId: 12 }));
    const earlier = [...tapsOf('2026-03-08', cards, 12), ...tapsOf('2026-03-09', cards, 12)];
    expect(of(sameOrder([...today(cards), ...beside], earlier, thresholds))).toEqual([
      'reader:11:LUNCH 100/80',
    ]);
  });

  it('nor is the walking order of whoever hands meals over', () => {
    const brought = today(cards).map((swipe) => ({ ...swipe, readerId: null, mode: 'DELIVERY' as const }));
    const earlier = [...tapsOf('2026-03-06', cards), ...tapsOf('2026-03-09', cards)];
    expect(sameOrder(brought, earlier, thresholds)).toEqual([]);
    const asReader0 = earlier.map((each) => ({ ...each, readerId: 0 }));
    expect(sameOrder(brought, asReader0, thresholds)).toEqual([]);
  });

  it('counts what two orders have in common against the longer', () => {
    expect(sharePercent(['A', 'B', 'C'], ['A', 'X', 'C'])).toBe(66);
    expect(sharePercent(['A'], ['A', 'B'])).toBe(50);
    expect(sharePercent([], [])).toBe(0);
    const many = Array.from({ length: 20_000 }, (_, index) => `${index}`);
    expect(sharePercent(many, [...many].reverse())).toBe(0);
  });
});
