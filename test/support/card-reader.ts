import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Facts } from '../../reader/facts.js';
import { Reader } from '../../reader/reader.js';
import type { ReaderState } from '../../reader/reader-state.rules.js';
import { closeStore, openStore, type StoreFile } from '../../reader/store.js';
import type { TapResult } from '../../reader/tap-result.js';
import type { Uploaded } from '../../reader/uploader.js';
import type { Clock } from '../../src/shared/clock.js';
import { NetworkCable } from './network-cable.js';

export interface CardReaderOptions {
  url: string;
  key: string;
  path: string;
  canteenCode?: string;
  /** The wall clock of its machine. */
  clock?: Clock;
  patienceMs?: number;
}

/** The reference reader in this process, with what it told of itself. */
export interface CardReader {
  reader: Reader;
  file: StoreFile;
  facts: Facts;
  states: ReaderState[];
  uploads: Uploaded[];
  stuck: string[];
  notices: string[];
  /** What ended it, if anything did. */
  ended: Promise<unknown>;
  tap(cardUid: string, grossFen?: number): Promise<TapResult>;
  until(state: ReaderState): Promise<void>;
  /** Looks for the server at once, until nothing is left that may be sent. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

const patienceMs = 20_000;

export function startCardReader(options: CardReaderOptions): CardReader {
  const { url, key, path, canteenCode = 'CANTEEN-1', clock = { now: () => new Date() } } = options;
  const file = openStore(path, { now: clock.now(), beginsAnew: false });
  const told = {
    states: [] as ReaderState[],
    uploads: [] as Uploaded[],
    stuck: [] as string[],
    notices: [] as string[],
  };
  const reader = new Reader({
    ...{ file, storePath: path, url, key, canteenCode, clock },
    patienceMs: options.patienceMs ?? 4000,
    refreshMs: 600_000,
    keepDays: 35,
    watcher: {
      state: (state) => told.states.push(state),
      uploaded: (uploaded) => told.uploads.push(uploaded),
      stuck: (_, reason) => told.stuck.push(reason),
      skipped: ({ from, to }) => told.notices.push(`skipped ${from} to ${to}`),
      notStored: (reason) => told.notices.push(reason),
      notice: (reason) => told.notices.push(reason),
    },
  });
  const ended = reader.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  return {
    ...told,
    reader,
    file,
    facts: new Facts(file),
    ended,
    tap: (cardUid, grossFen = 1200) => reader.tap({ cardUid, grossFen, mode: 'DINE_IN', menu: 'SET_MEAL' }),
    until: (state) => waitFor(() => reader.state === state, `${state}, not ${reader.state}`),
    async drained() {
      if (!(await reader.drained(patienceMs))) throw new Error(`taps still wait: ${told.notices.join('; ')}`);
    },
    async stop() {
      await reader.close();
      await ended;
      closeStore(file);
    },
  };
}

/** The readers of a test, on one cable to the server, each with a store of its own. */
export class CardReaders {
  private running: CardReader[] = [];

  private constructor(
    readonly cable: NetworkCable,
    private readonly url: string,
    private readonly key: string,
    private readonly folder: string,
  ) {}

  static async open(port: number, key: string): Promise<CardReaders> {
    const cable = new NetworkCable(port);
    const folder = mkdtempSync(join(tmpdir(), 'yinling-card-reader-'));
    return new CardReaders(cable, await cable.listen(), key, folder);
  }

  newPath(): string {
    return join(this.folder, `${randomUUID()}.sqlite`);
  }

  start(path = this.newPath(), more: Partial<CardReaderOptions> = {}): CardReader {
    const started = startCardReader({ url: this.url, key: this.key, path, ...more });
    this.running.push(started);
    return started;
  }

  /** One that is online and has its list. */
  async ready(path?: string, more?: Partial<CardReaderOptions>): Promise<CardReader> {
    const started = this.start(path, more);
    await started.until('ONLINE');
    await waitFor(() => started.reader.trustedUntil !== undefined, 'a list');
    return started;
  }

  /** Its store can be opened again after that. */
  async stop(reader: CardReader): Promise<void> {
    this.running = this.running.filter((each) => each !== reader);
    await reader.stop();
  }

  async close(): Promise<void> {
    for (const reader of this.running) await reader.stop();
    await this.cable.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function waitFor(holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
