import { mealServedAt, nearestMeal } from '../src/meals/meal-window.rules.js';
import { decideOffline, type OfflineAnswer } from '../src/meals/reader-lists/decide-offline.rules.js';
import { type SnapshotTerms, useKey } from '../src/meals/reader-lists/reader-snapshot.rules.js';
import { dayOf, minuteOfDay } from '../src/shared/china-time.js';
import { recordSwipe, swipeInput } from './operations.js';
import type { ReaderClock } from './reader-clock.js';
import { type Handling, handlingIn, type ReaderState } from './reader-state.rules.js';
import type { ServerClient } from './server-client.js';
import type { SnapshotList } from './snapshot-list.js';
import { isDamage } from './store.js';
import { isFinal, isOpen, isSameTap, isSettled } from './tap-fate.rules.js';
import { type ReaderReason, receiptAlone, receiptOf, type TapResult } from './tap-result.js';
import type { NewTap, ServerAnswer, StoredTap, TakenMeal, TapStore } from './tap-store.js';
import { storedAnswer } from './uploader.js';

/** The parts of a reader that a tap needs. */
export interface TapDeskOptions {
  client: ServerClient;
  clock: ReaderClock;
  list: SnapshotList;
  taps: TapStore;
  /** Numbers of taps whose answers somebody waits for; the uploader leaves them alone. */
  inFlight: Set<number>;
  /** How long a clerk waits for the server. */
  patienceMs: number;
  state(): ReaderState;
  /** Resolves once the server was heard or did not answer, or after so long. */
  settled(withinMs: number): Promise<void>;
  onUnanswered(retryAfterMs: number): void;
  onKeyRefused(): void;
  onClockLost(): void;
  onNotStored(reason: string): void;
}

/** A card as it was held against the reader. */
export type Tapped = Pick<NewTap, 'cardUid' | 'grossFen' | 'mode' | 'menu'>;

/** What is said of a tap, before it has a number. */
type Said = Pick<TapResult, 'verdict' | 'by' | 'code' | 'receipt'>;

/** Takes one tap after the other: each is on the disk before it is sent and before anything is said of it. */
export class TapDesk {
  constructor(private readonly options: TapDeskOptions) {}

  async tap(tapped: Tapped): Promise<TapResult> {
    try {
      return await this.taken(tapped);
    } catch (error) {
      return this.notStored(tapped, undefined, error);
    }
  }

  /** The clerk hands the meal out although the reader does not know, or knows better: the server will judge. */
  async giveAnyway(result: TapResult): Promise<TapResult> {
    try {
      return this.given(result);
    } catch (error) {
      return this.notStored(result, undefined, error);
    }
  }

  private async taken(tapped: Tapped): Promise<TapResult> {
    const { taps, clock } = this.options;
    const handling = await this.handling();
    const nowMs = clock.nowMs();
    if (nowMs === undefined) this.options.onClockLost();
    if (handling === 'REFUSE' || nowMs === undefined) return this.refused(tapped);
    const earlier = taps.lastOf(tapped.cardUid);
    if (earlier && earlier.result !== null && isSameTap({ ...earlier, shown: true }, nowMs))
      return again(earlier, this.options.state());
    const unseen =
      earlier && isOpen(earlier) && isSameTap({ ...earlier, shown: false }, nowMs) ? earlier : undefined;
    if (handling !== 'ASK_SERVER') return this.alone({ ...tapped, swipedAtMs: nowMs }, unseen, false);
    const asked = unseen && (await this.ask(unseen));
    // What was refused then cost nothing, and may be otherwise by now, such as after a top-up.
    if (asked && (asked.verdict !== 'REFUSED' || isOpen(taps.bySequence(unseen.sequence) ?? unseen)))
      return asked;
    return this.ask(taps.add({ ...tapped, swipedAtMs: nowMs, offline: false }));
  }

  private given(result: TapResult): TapResult {
    const { taps, clock } = this.options;
    const shown = result.sequence === null ? undefined : taps.bySequence(result.sequence);
    const nowMs = clock.nowMs();
    if (nowMs === undefined || !mayBeGiven(result)) return { ...result, repeated: true };
    if (shown?.outcome && isSettled(shown.outcome))
      return this.show(shown, { verdict: 'TAKEN', by: 'SERVER', code: shown.outcome, receipt: null }, true);
    // What the server has refused by now is handed in as a tap of its own.
    const stored = shown?.outcome === null ? shown : undefined;
    return this.alone({ ...result, swipedAtMs: nowMs }, stored, true);
  }

  private async handling(): Promise<Handling> {
    const { state, settled, patienceMs } = this.options;
    if (handlingIn[state()] === 'WAIT') await settled(patienceMs);
    const handling = handlingIn[state()];
    if (handling !== 'WAIT') return handling;
    // Bound to no canteen it has nothing to decide by, nor a number for what it would store.
    return state() === 'UNBOUND' ? 'REFUSE' : 'DECIDE_ALONE';
  }

  /** Nothing is stored: no meal is handed out on it, and what cannot be dated cannot be judged. */
  private refused(tapped: Tapped): TapResult {
    const state = this.options.state();
    const code = state === 'UNBOUND' || state === 'REVOKED' ? state : 'CLOCK_WRONG';
    return this.said(tapped, undefined, { verdict: 'REFUSED', by: 'READER', code, receipt: null });
  }

  private async ask(tap: StoredTap): Promise<TapResult> {
    const { client, inFlight, patienceMs, taps, clock } = this.options;
    inFlight.add(tap.sequence);
    try {
      const reply = await client.ask(recordSwipe, { input: swipeInput(tap) }, patienceMs);
      if (reply.kind === 'DATA' && reply.data.recordSwipe.swipeId === tap.swipeId) {
        const answer = reply.data.recordSwipe;
        if (!isFinal(answer.outcome)) return this.notThisReader(tap);
        const verdict = answer.outcome === 'ACCEPTED' ? 'TAKEN' : 'REFUSED';
        const said: Said = { verdict, by: 'SERVER', code: answer.outcome, receipt: receiptOf(answer) };
        return this.showAnswered(tap, said, storedAnswer(answer, clock));
      }
      if (reply.kind === 'KEY_REFUSED') return this.notThisReader(tap);
      if (reply.kind === 'NOT_UNDERSTOOD') {
        taps.setStuck(tap.sequence, reply.reason);
        return this.show(
          tap,
          { verdict: 'REFUSED', by: 'SERVER', code: 'NOT_UNDERSTOOD', receipt: null },
          false,
        );
      }
      this.options.onUnanswered(reply.kind === 'NO_ANSWER' ? reply.retryAfterMs : 0);
      return this.alone(tap, tap, false);
    } finally {
      inFlight.delete(tap.sequence);
    }
  }

  /**
   * What cannot be stored is not shown as taken: after a power cut nobody would know of it, and the elder would be
   * served twice. The server has it; when the card comes again the same tap is asked about, and answered the same.
   */
  private showAnswered(tap: StoredTap, said: Said, answer: ServerAnswer): TapResult {
    try {
      return this.show(tap, said, said.verdict === 'TAKEN', undefined, answer);
    } catch (error) {
      if (said.verdict === 'TAKEN' || isDamage(error)) return this.notStored(tap, tap, error);
      return this.said(tap, tap, said);
    }
  }

  /** A full disk refuses one tap; a broken store ends the reader, which must not go on without one. */
  private notStored(tapped: Tapped, stored: StoredTap | undefined, error: unknown): TapResult {
    if (isDamage(error)) throw error;
    this.options.onNotStored((error as Error).message);
    return this.said(tapped, stored, { verdict: 'REFUSED', by: 'READER', code: 'NOT_STORED', receipt: null });
  }

  private notThisReader(tap: StoredTap): TapResult {
    this.options.onKeyRefused();
    return this.show(tap, { verdict: 'REFUSED', by: 'SERVER', code: 'REVOKED', receipt: null }, false);
  }

  /**
   * Decides by the list. A tap that was sent without an answer keeps its number and its id; any other one
   * is stored only if the meal is handed out.
   */
  private alone(
    tap: Omit<NewTap, 'offline'>,
    stored: StoredTap | undefined,
    givesAnyway: boolean,
  ): TapResult {
    const answer = this.decision(stored ?? tap, stored);
    const { said, taken } = saidOf(answer, new Date(tap.swipedAtMs), givesAnyway);
    const mealGiven = said.verdict === 'TAKEN' || said.verdict === 'STORED';
    const { list, taps } = this.options;
    const had = taken ?? (mealGiven ? mealAt(new Date(tap.swipedAtMs), list.store()?.terms) : undefined);
    if (stored) return this.show(stored, said, mealGiven, had);
    if (!mealGiven) return this.said(tap, undefined, said);
    const { cardUid, swipedAtMs, grossFen, mode, menu } = tap;
    const fresh = { cardUid, swipedAtMs, grossFen, mode, menu, offline: true };
    const result = JSON.stringify(this.said(fresh, undefined, said));
    const added = taps.add(fresh, { mealGiven, result, ...(had ? { taken: had } : {}) });
    return this.said(fresh, added, said);
  }

  private decision(
    tap: Omit<NewTap, 'offline'>,
    stored: StoredTap | undefined,
  ): OfflineAnswer | { answer: 'STORE_ONLY'; why: 'NO_SNAPSHOT' } {
    const { list, taps } = this.options;
    const store = list.store();
    if (!store) return { answer: 'STORE_ONLY', why: 'NO_SNAPSHOT' };
    const own = taps.notInList(tap.cardUid, list.asOfMs, stored?.sequence);
    return decideOffline({ store, tap: { ...tap, swipedAt: new Date(tap.swipedAtMs) }, own });
  }

  private show(
    tap: StoredTap,
    said: Said,
    mealGiven: boolean,
    taken?: TakenMeal,
    answer?: ServerAnswer,
  ): TapResult {
    const shown = this.said(tap, tap, said);
    const showing = { mealGiven, result: JSON.stringify(shown), ...(taken ? { taken } : {}) };
    this.options.taps.show(tap.sequence, showing, answer);
    return shown;
  }

  private said(
    { cardUid, grossFen, mode, menu, ...more }: Tapped & { swipedAtMs?: number },
    stored: StoredTap | undefined,
    said: Said,
  ): TapResult {
    const { swipedAtMs = stored?.swipedAtMs } = more;
    return {
      sequence: stored?.sequence ?? null,
      swipeId: stored?.swipeId ?? null,
      cardUid,
      swipedAt: swipedAtMs === undefined ? null : new Date(swipedAtMs).toISOString(),
      grossFen,
      mode,
      menu,
      state: this.options.state(),
      ...said,
      repeated: false,
    };
  }
}

/** What a clerk may overrule: never a price, which no meal has, nor a reader that is none, nor a full disk. */
export function mayBeGiven({ by, verdict, code }: Pick<TapResult, 'by' | 'verdict' | 'code'>): boolean {
  if (by === 'SERVER' || verdict === 'TAKEN' || verdict === 'STORED') return false;
  return !neverGiven.includes(code);
}

const neverGiven: readonly TapResult['code'][] = [
  'PRICE_OUT_OF_RANGE',
  'UNBOUND',
  'CLOCK_WRONG',
  'REVOKED',
  'NOT_STORED',
];

function saidOf(
  answer: OfflineAnswer | { answer: 'STORE_ONLY'; why: ReaderReason },
  swipedAt: Date,
  givesAnyway: boolean,
): { said: Said; taken?: TakenMeal } {
  if ('split' in answer) {
    const { meal, split } = answer;
    const day = dayOf(swipedAt);
    const gave = Object.fromEntries(split.uses.map((use) => [useKey(use), use.fen]));
    const receipt = receiptAlone(day, meal, split);
    const said: Said = { verdict: 'TAKEN', by: 'READER', code: 'ACCEPTED', receipt };
    return { said, taken: { day, meal, selfPaidFen: split.selfPaidFen, gave } };
  }
  const code = answer.answer === 'STORE_ONLY' ? answer.why : answer.answer;
  const unsaid = answer.answer === 'STORE_ONLY' ? 'UNSURE' : 'REFUSED';
  const refusal: Said = { verdict: unsaid, by: 'READER', code, receipt: null };
  return { said: givesAnyway && mayBeGiven(refusal) ? { ...refusal, verdict: 'STORED' } : refusal };
}

/** A meal that is handed out although it was refused has been had, at nobody's cost yet. */
function mealAt(swipedAt: Date, terms: SnapshotTerms | undefined): TakenMeal | undefined {
  const minute = minuteOfDay(swipedAt);
  const windows = terms?.windows ?? [];
  const meal = mealServedAt(windows, minute) ?? nearestMeal(windows, minute);
  return meal && { day: dayOf(swipedAt), meal, selfPaidFen: 0, gave: {} };
}

/** What was said of the tap, whose number its result may have been written without. */
function again(tap: StoredTap, state: ReaderState): TapResult {
  const { sequence, swipeId } = tap;
  const said = JSON.parse(tap.result ?? '{}') as TapResult;
  return { ...said, sequence, swipeId, state, repeated: true };
}
