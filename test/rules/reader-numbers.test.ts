import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HighestNumber } from '../../reader/highest-number.js';
import type { NewTap } from '../../reader/tap-store.js';
import { sequenceMax } from '../../src/meals/swipe.rules.js';
import { StoreFolder, type StorePart } from '../support/store-folder.js';

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

it('numbers go on over restarts and are never given twice', () => {
  const store = files.taps();
  store.numbers.beginBehind(null);
  expect([store.add(tap).sequence, store.add(tap).sequence]).toEqual([1, 2]);
  files.open();
  const again = files.taps();
  expect(again.numbers.skippedAtStart).toBeUndefined();
  // The server knows less than the store while taps wait.
  expect(again.numbers.beginBehind(1)).toBeUndefined();
  expect(again.add(tap).sequence).toBe(3);
  expect(files.pulledOut().add(tap).sequence).toBe(4);
});

it('numbers are left out when the server knows more than a store and its note, a hundred beyond', () => {
  const store = files.taps();
  expect(store.numbers.beginBehind(41)).toEqual({ from: 42, to: 141 });
  expect(store.add(tap).sequence).toBe(142);
  // The store was copied back from an earlier day, or its key was used elsewhere.
  expect(store.numbers.beginBehind(160)).toEqual({ from: 143, to: 260 });
  expect(store.add(tap).sequence).toBe(261);
  expect(store.numbers.beginBehind(261)).toBeUndefined();
});

it.each<[string, StorePart[], number, number | undefined]>([
  ['the end of the store', ['-wal'], 52, 1],
  ['the store', ['', '-wal'], 52, undefined],
  ['the note', ['.numbers'], 152, 52],
  ['the note and the end of the store', ['-wal', '.numbers'], 101, 1],
])('numbers are not given again when the disk lost %s', (_, lost, first, skippedFrom) => {
  const begun = files.taps();
  begun.numbers.beginBehind(null);
  // From now on what is written lies beside the file.
  files.open();
  const store = files.taps();
  for (let count = 0; count < 51; count++) store.add(tap);
  const after = files.pulledOut(...lost);
  if (skippedFrom === undefined) {
    expect(() => after.add(tap)).toThrow('first number');
    expect(after.numbers.beginBehind(12)).toEqual({ from: 13, to: first - 1 });
  } else expect(after.numbers.skippedAtStart).toEqual({ from: skippedFrom, to: first - 1 });
  expect(after.add(tap).sequence).toBe(first);
});

it('numbers go on a hundred beyond the server’s where the whole disk was lost', () => {
  const store = files.taps();
  store.numbers.beginBehind(null);
  for (let count = 0; count < 15; count++) store.add(tap);
  const anew = files.pulledOut('', '-wal', '.numbers');
  expect(anew.numbers.beginBehind(12)).toEqual({ from: 13, to: 112 });
  expect(anew.add(tap).sequence).toBe(113);
});

it('numbers are noted so that half a note is seen to be half', () => {
  const store = files.taps();
  store.numbers.beginBehind(null);
  for (let count = 0; count < 5; count++) store.add(tap);
  const note = `${files.path}.numbers`;
  const whole = readFileSync(note, 'latin1');
  const last = whole.indexOf('0000000005 0000000005\n');
  expect(last).toBeGreaterThanOrEqual(0);
  for (const half of ['0000000006 0000000005\n', '0000000006', '\0'.repeat(22)]) {
    writeFileSync(note, whole.slice(0, last) + half + whole.slice(last + half.length), 'latin1');
    expect(new HighestNumber(files.path).value).toBe(4);
  }
  writeFileSync(note, '');
  expect(new HighestNumber(files.path).value).toBeUndefined();
});

it('the number of a tap whose number cannot be noted is the next one’s, and that tap is not there', () => {
  const store = files.taps();
  store.numbers.beginBehind(null);
  rmSync(`${files.path}.numbers`);
  mkdirSync(`${files.path}.numbers`);
  expect(() => store.add(tap, { mealGiven: true, result: '{}' })).toThrow('EISDIR');
  expect(store.counts().waiting).toBe(0);
  rmdirSync(`${files.path}.numbers`);
  expect(store.add(tap).sequence).toBe(1);
});

it('numbers are given with an id of their own each, and not before the first is settled', () => {
  expect(() => files.taps().add(tap)).toThrow('first number');
  const store = files.taps();
  store.numbers.beginBehind(null);
  const ids = Array.from({ length: 20 }, () => store.add(tap).swipeId);
  expect(new Set(ids).size).toBe(20);
});

it('numbers end where the server takes no more: what is stored goes up, and nothing is stored that could not', () => {
  const store = files.taps();
  store.numbers.beginBehind(sequenceMax - 101);
  const last = store.add(tap);
  expect(last.sequence).toBe(sequenceMax);
  expect(() => store.add(tap)).toThrow('used up');
  expect(store.waiting(now.getTime(), 10, new Set())).toMatchObject([{ sequence: sequenceMax }]);
});
