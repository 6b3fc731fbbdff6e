import { waitAfter } from './backoff.rules.js';
import type { ClockReading } from './clock.rules.js';
import type { Facts } from './facts.js';
import { ListLoader } from './list-loader.js';
import { whoAmI } from './operations.js';
import type { ReaderClock } from './reader-clock.js';
import type { ReaderEvent } from './reader-state.rules.js';
import type { ServerClient } from './server-client.js';
import type { SnapshotList } from './snapshot-list.js';
import { isDamage } from './store.js';
import type { SkippedNumbers } from './tap-numbers.js';
import type { TapStore } from './tap-store.js';
import type { Uploader } from './uploader.js';

/** This key belongs to another canteen or another account than the store. */
export class WrongReader extends Error {}

export interface LineOptions {
  client: ServerClient;
  facts: Facts;
  clock: ReaderClock;
  list: SnapshotList;
  taps: TapStore;
  uploader: Uploader;
  canteenCode: string;
  /** From one look at the server to the next while all is well. */
  refreshMs: number;
  chance: () => number;
  onEvent(event: ReaderEvent): void;
  onNotice(reason: string): void;
  onSkipped(numbers: SkippedNumbers): void;
}

const askDeadlineMs = 4000;
/** A revoked key is seldom good again a second later. */
const revokedWaitMs = 600_000;

type Failure =
  | { kind: 'NO_ANSWER'; reason: string; retryAfterMs: number }
  | { kind: 'KEY_REFUSED'; reason: string };

/** A failure, of which the line may be innocent: the server was heard. */
type Failed = Failure & { lineWell?: boolean };

/** The reader's line to the server: looks who it is, uploads what is stored and fetches the list, again and again. */
export class Line {
  private readonly loader: ListLoader;
  private closing = false;
  private failures = 0;
  private lastNotice = '';
  private wakeUp: () => void = () => undefined;
  private awake = false;
  /** What the last answer was dated. */
  private date: { ms: number; asked: ClockReading; answered: ClockReading } | undefined;

  constructor(private readonly options: LineOptions) {
    const { client, list, facts, clock } = options;
    this.loader = new ListLoader(client, list, facts, clock);
  }

  /** Runs until `close`. */
  async run(): Promise<void> {
    while (!this.closing) {
      const waitMs = await this.round();
      if (!this.closing) await this.rest(waitMs);
    }
  }

  /** There is something to do: the rest ends. */
  wake(): void {
    this.awake = true;
    this.wakeUp();
  }

  close(): void {
    this.closing = true;
    this.wake();
  }

  /** What having no answer means just now. */
  unanswered(): ReaderEvent {
    const nowMs = this.options.clock.nowMs();
    if (nowMs === undefined) return 'CLOCK_LOST';
    const validUntil = this.options.list.validUntil;
    return validUntil && nowMs < validUntil.getTime() ? 'UNANSWERED_WITH_LIST' : 'UNANSWERED_WITHOUT_LIST';
  }

  /** How long to wait for the next one. */
  private async round(): Promise<number> {
    const { onEvent, refreshMs, chance } = this.options;
    const failure = await this.asked();
    if (this.closing) return 0;
    if (failure?.kind === 'KEY_REFUSED') {
      this.notice(failure.reason);
      onEvent('KEY_REFUSED');
      return revokedWaitMs;
    }
    if (!failure) {
      this.failures = 0;
      // A city's readers do not all ask in the same second.
      return refreshMs * (1 + chance() / 5);
    }
    this.failures += 1;
    this.notice(failure.reason);
    // A server that asks for patience is there.
    if (!failure.lineWell && failure.retryAfterMs === 0) onEvent(this.unanswered());
    return waitAfter(this.failures, chance(), failure.retryAfterMs);
  }

  /** A full disk is no reason to stop: cards are told so one by one, and room may be made. */
  private async asked(): Promise<Failed | undefined> {
    try {
      return await this.ask();
    } catch (error) {
      if (error instanceof WrongReader || isDamage(error)) throw error;
      return { kind: 'NO_ANSWER', reason: (error as Error).message, retryAfterMs: 0, lineWell: true };
    }
  }

  /**
   * Taps go up before the list is fetched, so that it holds them. The first list of all is fetched before: it
   * brings the signed time, for which the date of an answer stands in only where no list comes. A list that does
   * not come holds nothing else up.
   */
  private async ask(): Promise<Failed | undefined> {
    const { uploader, onEvent, clock } = this.options;
    const unknown = await this.look();
    if (unknown) return unknown;
    const first = clock.isSigned ? undefined : await this.loader.load();
    if (first?.kind === 'KEY_REFUSED') return first;
    if (!clock.isSigned) this.hearDate();
    onEvent('ANSWERED');
    const uploading = await uploader.upload();
    if (uploading.kind !== 'DONE') return uploading;
    const loading = first ?? (await this.loader.load());
    if (loading.kind === 'KEY_REFUSED') return loading;
    if (loading.kind === 'NO_ANSWER') return { ...loading, lineWell: true };
    if (loading.kind === 'LOADED') this.lastNotice = '';
    else this.notice(loading.reason);
    return undefined;
  }

  private hearDate(): void {
    if (this.date) this.options.clock.hear(this.date.ms, this.date.asked, this.date.answered, false);
  }

  /** Looks whose key it is, what time it is, and, for a new store, with which number it begins. */
  private async look(): Promise<Failure | undefined> {
    const { client, facts, clock, taps, canteenCode, onSkipped } = this.options;
    const asked = clock.read();
    const reply = await client.ask(whoAmI, {}, askDeadlineMs);
    if (reply.kind === 'NOT_UNDERSTOOD') return { ...reply, kind: 'NO_ANSWER', retryAfterMs: 0 };
    if (reply.kind !== 'DATA') return reply;
    const { id: readerId, grants, lastSequence } = reply.data.viewer;
    const canteen = grants.find(({ role, facility }) => role === 'READER' && facility)?.facility;
    if (!canteen) return { kind: 'KEY_REFUSED', reason: 'the key is no reader’s' };
    const bound = facts.get('binding');
    if (canteen.code !== canteenCode || (bound && bound.readerId !== readerId))
      throw new WrongReader(
        `This key is reader ${readerId}’s at canteen ${canteen.code}; the store is reader ${bound?.readerId ?? '?'}’s at ${canteenCode}.`,
      );
    if (reply.dateMs !== undefined) this.date = { ms: reply.dateMs, asked, answered: clock.read() };
    const skipped = taps.numbers.beginBehind(lastSequence);
    if (skipped) onSkipped(skipped);
    facts.set('binding', {
      readerId,
      canteenId: canteen.id,
      canteenCode: canteen.code,
      canteenName: canteen.name,
    });
    return undefined;
  }

  private rest(milliseconds: number): Promise<void> {
    if (this.awake) {
      this.awake = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wakeUp(), milliseconds);
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = () => undefined;
        this.awake = false;
        resolve();
      };
    });
  }

  /** Once, until it is another. */
  private notice(reason: string): void {
    if (reason === this.lastNotice) return;
    this.lastNotice = reason;
    this.options.onNotice(reason);
  }
}
