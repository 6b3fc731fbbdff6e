import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, StoreBroken, StoreInUse, StoreMissing } from '../../reader/store.js';
import type { NewTap } from '../../reader/tap-store.js';
import { StoreFolder } from '../support/store-folder.js';

const now = new Date('2026-03-10T04:00:00Z');
let files: StoreFolder;

beforeEach(() => {
  files = new StoreFolder(now);
});
afterEach(() => files.remove());

const tap: NewTap = {
  cardUid: 'A0000001',
  swipedAtMs: now.getTime(),
  grossFen: 1200,
  mode: 'DINE_IN',
  menu: 'SET_MEAL',
  offline: true,
};
const given = { mealGiven: true, result: '{}' };
const taken = { day: '2026-03-10', meal: 'LUNCH' as const, selfPaidFen: 900, gave: { 'A/B/C': 300 } };

describe('a stored tap', () => {
  it('waits until it is answered, and is not asked about twice', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    const stored = store.add(tap, { ...given, taken });
    const { sequence } = stored;
    expect(store.counts()).toEqual({ waiting: 1, stuck: 0 });
    expect(store.waiting(now.getTime(), 10, new Set([sequence]))).toEqual([]);
    expect(store.waiting(now.getTime(), 10, new Set()).map((each) => each.sequence)).toEqual([sequence]);
    store.answer(stored, { outcome: 'RECORDED_FOR_REVIEW', answeredAtMs: 1 });
    expect(store.counts().waiting).toBe(0);
    expect(store.answer(stored, { outcome: 'ACCEPTED', answeredAtMs: 2 })).toBeUndefined();
    expect(store.bySequence(sequence)?.outcome).toBe('RECORDED_FOR_REVIEW');
  });

  it('that nobody saw taken waits until the server cannot take it as new', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    store.add({ ...tap, offline: false });
    const later = (minutes: number) => store.waiting(now.getTime() + minutes * 60_000, 10, new Set()).length;
    expect([later(0), later(10), later(11)]).toEqual([0, 0, 1]);
  });

  it('that lies ahead, from before the clock was set back, waits until its time has come', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    const twoHours = 2 * 3_600_000;
    store.add({ ...tap, swipedAtMs: now.getTime() + twoHours });
    const later = (ms: number) => store.waiting(now.getTime() + ms, 10, new Set()).length;
    expect([later(0), later(twoHours - 60_000), later(twoHours)]).toEqual([0, 0, 1]);
    expect(store.counts().waiting).toBe(1);
  });

  it('live, handed out and refused, is followed by one that was decided offline', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    const live = store.add({ ...tap, offline: false });
    store.show(live.sequence, { ...given, taken });
    expect(store.bySequence(live.sequence)).toMatchObject({ offline: true, sentLive: true });
    // The server has it as the live tap that it was.
    store.askAsLive(live.sequence);
    const [sent = live] = store.waiting(now.getTime(), 10, new Set());
    expect(sent).toMatchObject({ offline: false, sentLive: false });
    const second = store.answer(sent, { outcome: 'CLOCK_OUT_OF_RANGE', answeredAtMs: 1 });
    expect(second).toMatchObject({
      offline: true,
      mealGiven: true,
      swipedAtMs: live.swipedAtMs,
      outcome: null,
    });
    expect(second?.sequence).toBe(live.sequence + 1);
    expect(second?.swipeId).not.toBe(live.swipeId);
    // The elder has had one meal, not two.
    expect(store.notInList(tap.cardUid, 0, undefined)).toEqual([taken]);
  });

  it('whose id is another tap’s goes up anew, and once more only', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    const first = store.add(tap, { ...given, taken });
    expect(store.isAnewOfReused(first)).toBe(false);
    const second = store.answer(first, { outcome: 'SWIPE_ID_REUSED', answeredAtMs: 1 }) ?? first;
    expect(second).toMatchObject({ offline: true, mealGiven: true, sequence: first.sequence + 1 });
    expect(second.swipeId).not.toBe(first.swipeId);
    expect(store.isAnewOfReused(second)).toBe(true);
  });

  it('counts against the elder until a list holds it', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    const stored = store.add(tap, { ...given, taken });
    expect(store.notInList(tap.cardUid, now.getTime(), undefined)).toEqual([taken]);
    expect(store.notInList('A0000002', now.getTime(), undefined)).toEqual([]);
    store.answer(stored, {
      outcome: 'ACCEPTED',
      answeredAtMs: now.getTime(),
      taken: { ...taken, gave: undefined } as never,
    });
    expect(store.notInList(tap.cardUid, now.getTime(), undefined)).toEqual([taken]);
    expect(store.notInList(tap.cardUid, now.getTime() + 60_000, undefined)).toEqual([]);
  });

  it('is forgotten only when it was answered long ago', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    const answered = store.add(tap);
    const waiting = store.add(tap);
    store.answer(answered, { outcome: 'ACCEPTED', answeredAtMs: 10 });
    store.forgetBefore(10);
    expect(store.bySequence(answered.sequence)).toBeDefined();
    store.forgetBefore(11);
    expect(store.bySequence(answered.sequence)).toBeUndefined();
    expect(store.bySequence(waiting.sequence)).toBeDefined();
    expect(store.add(tap).sequence).toBe(waiting.sequence + 1);
  });
});

describe('the file', () => {
  it('is one process’s at a time', () => {
    files.open();
    expect(() => openStore(files.path, { now, beginsAnew: true })).toThrow(StoreInUse);
    expect(readdirSync(files.folder).filter((name) => name.includes('broken'))).toEqual([]);
  });

  it('that is broken is kept aside as it is, and a new one begins only when somebody says so', () => {
    files.open();
    files.taps().numbers.beginBehind(null);
    files.close();
    const rubbish = Buffer.alloc(30_000, 'not a database');
    writeFileSync(files.path, rubbish);
    let broken: StoreBroken | undefined;
    try {
      files.open();
    } catch (error) {
      broken = error as StoreBroken;
    }
    expect(broken).toBeInstanceOf(StoreBroken);
    expect(readFileSync(broken?.keptAs ?? '')).toEqual(rubbish);
    expect(existsSync(files.path)).toBe(false);
    expect(() => files.open()).toThrow(StoreMissing);
    expect(existsSync(files.path)).toBe(false);
    files.open(true);
    expect(readFileSync(broken?.keptAs ?? '')).toEqual(rubbish);
    // From now on there is a store, and nobody has to say so again.
    files.open();
  });

  it('that lost its end is broken too', () => {
    const store = files.taps();
    store.numbers.beginBehind(null);
    for (let count = 0; count < 20; count++) store.add(tap, { ...given, result: 'x'.repeat(5000) });
    files.close();
    truncateSync(files.path, 20_000);
    expect(() => files.open()).toThrow(StoreBroken);
  });
});
