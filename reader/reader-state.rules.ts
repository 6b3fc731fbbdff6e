/**
 * Where a reader stands, as docs/reference-reader.md explains. `UNBOUND` has never heard from the server, so
 * it knows neither its canteen nor which number to begin with.
 */
export const readerStates = [
  'UNBOUND',
  'STARTING',
  'ONLINE',
  'OFFLINE_TRUSTED',
  'OFFLINE_UNTRUSTED',
  'CLOCK_WRONG',
  'REVOKED',
] as const;
export type ReaderState = (typeof readerStates)[number];

/** What happens to a reader. Without an answer it makes a difference whether the stored list may be trusted. */
export const readerEvents = [
  'ANSWERED',
  'UNANSWERED_WITH_LIST',
  'UNANSWERED_WITHOUT_LIST',
  'LIST_EXPIRED',
  'CLOCK_LOST',
  'KEY_REFUSED',
] as const;
export type ReaderEvent = (typeof readerEvents)[number];

/** What each event makes of each state. What is not here changes nothing. */
export const readerTransitions: Readonly<
  Record<ReaderState, Readonly<Partial<Record<ReaderEvent, ReaderState>>>>
> = {
  UNBOUND: { ANSWERED: 'ONLINE', KEY_REFUSED: 'REVOKED' },
  STARTING: {
    ANSWERED: 'ONLINE',
    UNANSWERED_WITH_LIST: 'OFFLINE_TRUSTED',
    UNANSWERED_WITHOUT_LIST: 'OFFLINE_UNTRUSTED',
    CLOCK_LOST: 'CLOCK_WRONG',
    KEY_REFUSED: 'REVOKED',
  },
  ONLINE: {
    UNANSWERED_WITH_LIST: 'OFFLINE_TRUSTED',
    UNANSWERED_WITHOUT_LIST: 'OFFLINE_UNTRUSTED',
    // The server is asked for the time before the next tap is dated.
    CLOCK_LOST: 'CLOCK_WRONG',
    KEY_REFUSED: 'REVOKED',
  },
  OFFLINE_TRUSTED: {
    ANSWERED: 'ONLINE',
    UNANSWERED_WITHOUT_LIST: 'OFFLINE_UNTRUSTED',
    LIST_EXPIRED: 'OFFLINE_UNTRUSTED',
    CLOCK_LOST: 'CLOCK_WRONG',
    KEY_REFUSED: 'REVOKED',
  },
  OFFLINE_UNTRUSTED: {
    ANSWERED: 'ONLINE',
    CLOCK_LOST: 'CLOCK_WRONG',
    KEY_REFUSED: 'REVOKED',
  },
  // The list is of no use either: how old it is, only a clock tells.
  CLOCK_WRONG: { ANSWERED: 'ONLINE', KEY_REFUSED: 'REVOKED' },
  // A network that fails proves nothing, so only an answer brings a revoked reader back.
  REVOKED: { ANSWERED: 'ONLINE' },
};

export function stateAfter(state: ReaderState, event: ReaderEvent): ReaderState {
  return readerTransitions[state][event] ?? state;
}

/** What becomes of a tap: it waits for the state to change, or the reader asks, decides, stores or refuses. */
export type Handling = 'WAIT' | 'ASK_SERVER' | 'DECIDE_ALONE' | 'STORE_ONLY' | 'REFUSE';

export const handlingIn: Readonly<Record<ReaderState, Handling>> = {
  UNBOUND: 'WAIT',
  STARTING: 'WAIT',
  ONLINE: 'ASK_SERVER',
  OFFLINE_TRUSTED: 'DECIDE_ALONE',
  OFFLINE_UNTRUSTED: 'STORE_ONLY',
  CLOCK_WRONG: 'REFUSE',
  REVOKED: 'REFUSE',
};

/** Where a reader begins: what it was told before its power went counts on. */
export function firstState(known: { bound: boolean; revoked: boolean; clockKnown: boolean }): ReaderState {
  if (!known.bound) return 'UNBOUND';
  if (known.revoked) return 'REVOKED';
  return known.clockKnown ? 'STARTING' : 'CLOCK_WRONG';
}
