import { randomUUID } from 'node:crypto';
import type { Clock } from '../src/shared/clock.js';
import { Facts } from './facts.js';
import { Line } from './line.js';
import { machineClock, ReaderClock } from './reader-clock.js';
import { firstState, type ReaderEvent, type ReaderState, stateAfter } from './reader-state.rules.js';
import { ServerClient } from './server-client.js';
import { SnapshotList } from './snapshot-list.js';
import type { StoreFile } from './store.js';
import { TapDesk, type Tapped } from './tap-desk.js';
import type { SkippedNumbers } from './tap-numbers.js';
import type { TapResult } from './tap-result.js';
import { type StoredTap, TapStore } from './tap-store.js';
import { type Uploaded, Uploader } from './uploader.js';

export interface ReaderOptions {
  file: StoreFile;
  storePath: string;
  url: string;
  key: string;
  canteenCode: string;
  clock: Clock;
  patienceMs: number;
  refreshMs: number;
  keepDays: number;
  /** Told of what happens by itself. */
  watcher: ReaderWatcher;
}

export interface ReaderWatcher {
  state(state: ReaderState): void;
  uploaded(uploaded: Uploaded): void;
  stuck(tap: StoredTap, reason: string): void;
  /** A tap was refused because of the disk. */
  notStored(reason: string): void;
  /** The store knows nothing of taps that had these numbers. */
  skipped(numbers: SkippedNumbers): void;
  notice(reason: string): void;
}

const tickMs = 1000;
/** How often the time is written down while nothing else is. */
const rememberEvery = 60;

/** The store, the line to the server and the desk at which cards are tapped, put together. */
export class Reader {
  private current: ReaderState;
  private readonly facts: Facts;
  private readonly clock: ReaderClock;
  private readonly list: SnapshotList;
  private readonly taps: TapStore;
  private readonly client: ServerClient;
  private readonly line: Line;
  private readonly desk: TapDesk;
  private readonly waiters = new Set<() => void>();
  private ticker: NodeJS.Timeout | undefined;
  private ticks = 0;

  constructor(private readonly options: ReaderOptions) {
    const { file, storePath, url, key, clock, patienceMs, refreshMs, canteenCode, watcher } = options;
    this.facts = new Facts(file);
    this.clock = new ReaderClock(this.facts, machineClock(clock));
    this.list = new SnapshotList(file);
    this.taps = new TapStore(file, storePath, randomUUID);
    this.client = new ServerClient(url, key, () => this.now);
    const inFlight = new Set<number>();
    const { client, list, taps, facts } = this;
    const parts = { client, list, taps, facts, clock: this.clock };
    const uploader = new Uploader({
      ...parts,
      inFlight,
      onUploaded: (uploaded) => watcher.uploaded(uploaded),
      onStuck: (tap, reason) => watcher.stuck(tap, reason),
    });
    this.line = new Line({
      ...parts,
      uploader,
      canteenCode,
      refreshMs,
      chance: Math.random,
      onEvent: (event) => this.happened(event),
      onNotice: (reason) => watcher.notice(reason),
      onSkipped: (numbers) => watcher.skipped(numbers),
    });
    this.desk = new TapDesk({
      ...parts,
      inFlight,
      patienceMs,
      state: () => this.current,
      settled: (withinMs) => this.settled(withinMs),
      onUnanswered: (retryAfterMs) => this.unanswered(retryAfterMs),
      onKeyRefused: () => this.happened('KEY_REFUSED'),
      onClockLost: () => this.happened('CLOCK_LOST'),
      onNotStored: (reason) => watcher.notStored(reason),
    });
    this.current = firstState({
      bound: facts.get('binding') !== undefined,
      revoked: facts.get('revoked') === true,
      clockKnown: this.clock.nowMs() !== undefined,
    });
    // Its power may have gone between the two.
    if (this.current === 'REVOKED') this.list.erase();
  }

  get state(): ReaderState {
    return this.current;
  }

  get canteenName(): string | undefined {
    return this.facts.get('binding')?.canteenName;
  }

  /** Until when the reader may decide alone. */
  get trustedUntil(): Date | undefined {
    return this.list.validUntil;
  }

  /** The reader's own idea of the time. */
  get now(): Date | undefined {
    const nowMs = this.clock.nowMs();
    return nowMs === undefined ? undefined : new Date(nowMs);
  }

  get counts(): { waiting: number; stuck: number } {
    return this.taps.counts();
  }

  /** Works until `close`. Throws what makes no sense to go on with, such as another canteen's key. */
  async run(): Promise<void> {
    this.taps.freeStuck();
    this.ticker = setInterval(() => this.tickSafely(), tickMs);
    const { watcher } = this.options;
    watcher.state(this.current);
    const { skippedAtStart } = this.taps.numbers;
    if (skippedAtStart) watcher.skipped(skippedAtStart);
    await this.line.run();
  }

  tap(tapped: Tapped): Promise<TapResult> {
    return this.desk.tap(tapped);
  }

  giveAnyway(result: TapResult): Promise<TapResult> {
    return this.desk.giveAnyway(result);
  }

  /** Looks for the server now. */
  wake(): void {
    this.line.wake();
  }

  /** Waits until nothing is left that may be sent now, so long at most; resolves to whether that is so. */
  async drained(withinMs: number): Promise<boolean> {
    const endMs = performance.now() + withinMs;
    if (this.hasToSend()) this.wake();
    while (this.hasToSend()) {
      if (performance.now() > endMs) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  /** Lets go of the server and of the store. What is under way is answered another time. */
  async close(): Promise<void> {
    clearInterval(this.ticker);
    this.line.close();
    this.clock.remember();
    await this.client.close();
  }

  private hasToSend(): boolean {
    return this.taps.waiting(this.clock.nowMs() ?? 0, 1, new Set()).length > 0;
  }

  private happened(event: ReaderEvent): void {
    const before = this.current;
    this.current = stateAfter(before, event);
    if (this.current !== 'STARTING') for (const wake of this.waiters) wake();
    if (this.current === before) return;
    if (this.current === 'REVOKED') {
      this.facts.set('revoked', true);
      this.list.erase();
    } else if (before === 'REVOKED') this.facts.delete('revoked');
    this.options.watcher.state(this.current);
  }

  private unanswered(retryAfterMs: number): void {
    if (retryAfterMs > 0) return;
    this.happened(this.line.unanswered());
    this.line.wake();
  }

  private settled(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.waiters.add(done);
    });
  }

  /** What cannot be written down now is written later; a broken store shows at the next tap. */
  private tickSafely(): void {
    try {
      this.tick();
    } catch (error) {
      this.options.watcher.notice((error as Error).message);
    }
  }

  /** What comes about by waiting: a list grows too old, a clock is set, old taps may go. */
  private tick(): void {
    this.ticks += 1;
    const nowMs = this.clock.nowMs();
    if (nowMs === undefined) {
      // Before the first answer there is none to be lost, and whoever waits for that answer waits on.
      if (stateAfter(this.current, 'CLOCK_LOST') === this.current) return;
      this.happened('CLOCK_LOST');
      this.line.wake();
      return;
    }
    const validUntil = this.list.validUntil;
    if (validUntil && nowMs >= validUntil.getTime()) this.happened('LIST_EXPIRED');
    if (this.ticks % rememberEvery !== 0) return;
    this.clock.remember();
    this.taps.forgetBefore(nowMs - this.options.keepDays * 86_400_000);
  }
}
