import { describe, expect, it } from 'vitest';
import {
  firstState,
  handlingIn,
  type ReaderEvent,
  type ReaderState,
  readerEvents,
  readerStates,
  stateAfter,
} from '../../reader/reader-state.rules.js';

/** Every state against every event, in the order of `readerEvents`. */
const table: Record<ReaderState, readonly ReaderState[]> = {
  UNBOUND: ['ONLINE', 'UNBOUND', 'UNBOUND', 'UNBOUND', 'UNBOUND', 'REVOKED'],
  STARTING: ['ONLINE', 'OFFLINE_TRUSTED', 'OFFLINE_UNTRUSTED', 'STARTING', 'CLOCK_WRONG', 'REVOKED'],
  ONLINE: ['ONLINE', 'OFFLINE_TRUSTED', 'OFFLINE_UNTRUSTED', 'ONLINE', 'CLOCK_WRONG', 'REVOKED'],
  OFFLINE_TRUSTED: [
    'ONLINE',
    'OFFLINE_TRUSTED',
    'OFFLINE_UNTRUSTED',
    'OFFLINE_UNTRUSTED',
    'CLOCK_WRONG',
    'REVOKED',
  ],
  OFFLINE_UNTRUSTED: [
    'ONLINE',
    'OFFLINE_UNTRUSTED',
    'OFFLINE_UNTRUSTED',
    'OFFLINE_UNTRUSTED',
    'CLOCK_WRONG',
    'REVOKED',
  ],
  CLOCK_WRONG: ['ONLINE', 'CLOCK_WRONG', 'CLOCK_WRONG', 'CLOCK_WRONG', 'CLOCK_WRONG', 'REVOKED'],
  REVOKED: ['ONLINE', 'REVOKED', 'REVOKED', 'REVOKED', 'REVOKED', 'REVOKED'],
};

const cases = readerStates.flatMap((state) =>
  readerEvents.map((event, column) => [state, event, table[state][column]] as const),
);

it.each(cases)('%s, %s: %s', (state, event, after) => {
  expect(stateAfter(state, event)).toBe(after);
});

describe('whatever the state', () => {
  it('nothing but an answer brings a reader online, and an answer always does', () => {
    for (const state of readerStates) {
      expect(stateAfter(state, 'ANSWERED')).toBe('ONLINE');
      const others = readerEvents.filter(
        (event) => event !== 'ANSWERED' && stateAfter(state, event) === 'ONLINE',
      );
      expect(others).toEqual(state === 'ONLINE' ? ['LIST_EXPIRED'] : []);
    }
  });

  it('a list that was not trusted once is trusted again only after an answer', () => {
    const untrusted: readonly ReaderState[] = ['OFFLINE_UNTRUSTED', 'CLOCK_WRONG', 'REVOKED'];
    const unheard = readerEvents.filter((event): event is ReaderEvent => event !== 'ANSWERED');
    for (const state of untrusted)
      for (const event of unheard) expect(untrusted).toContain(stateAfter(state, event));
  });
});

it('handles a tap in each state in one way', () => {
  expect(handlingIn).toEqual({
    UNBOUND: 'WAIT',
    STARTING: 'WAIT',
    ONLINE: 'ASK_SERVER',
    OFFLINE_TRUSTED: 'DECIDE_ALONE',
    OFFLINE_UNTRUSTED: 'STORE_ONLY',
    CLOCK_WRONG: 'REFUSE',
    REVOKED: 'REFUSE',
  });
});

it('begins with what was known before the power went', () => {
  const known = { bound: true, revoked: false, clockKnown: true };
  expect(firstState(known)).toBe('STARTING');
  expect(firstState({ ...known, clockKnown: false })).toBe('CLOCK_WRONG');
  expect(firstState({ ...known, revoked: true, clockKnown: false })).toBe('REVOKED');
  expect(firstState({ bound: false, revoked: false, clockKnown: false })).toBe('UNBOUND');
});
