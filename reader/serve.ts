import type { Clock } from '../src/shared/clock.js';
import { Clerk, type ClerkOptions } from './clerk.js';
import type { Display } from './display.js';
import { Facts } from './facts.js';
import { jsonDisplay } from './json-display.js';
import { Reader } from './reader.js';
import { ScreenDisplay } from './screen-display.js';
import { closeStore, isDamage, openStore } from './store.js';
import { typedLines } from './typed-lines.js';
import type { UidFormat } from './uid-input.rules.js';

export interface ServeOptions extends Pick<ClerkOptions, 'mode' | 'menu' | 'unsure'> {
  canteen: string;
  key: string;
  url: string;
  store: string;
  newStore: boolean;
  price?: number;
  uidFormat: UidFormat;
  prefix: string;
  suffix: string;
  json: boolean;
  patienceMs: number;
  refreshSeconds: number;
  drainSeconds: number;
  keepDays: number;
  clock: Clock;
}

/** Reads cards until the input ends or somebody leaves; resolves to the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  const { clock, store, newStore, price } = options;
  const file = openStore(store, { now: clock.now(), beginsAnew: newStore });
  const facts = new Facts(file);
  if (price !== undefined) facts.set('priceFen', price);
  const keyboard = process.stdin.isTTY === true && !options.json;
  const display = displayFor(options.json, keyboard);
  const reader = new Reader({
    ...options,
    file,
    storePath: store,
    canteenCode: options.canteen,
    refreshMs: options.refreshSeconds * 1000,
    watcher: {
      state: () => clerk.showStatus(),
      uploaded: (uploaded) => display.uploaded(uploaded),
      stuck: (tap, reason) => display.stuck(tap, reason),
      skipped: ({ from, to }) =>
        display.notice(
          `流水号 ${from} 至 ${to} 的记录不在本机，未上传的须向管理员报告 / Taps ${from} to ${to} are not in this store: tell a manager of those that never arrived`,
        ),
      notStored: (reason) => display.notice(`未能存储 / It could not be stored: ${reason}`),
      notice: (reason) => display.notice(`通信 line: ${reason}`),
    },
  });
  const unsure = options.unsure === 'ask' && !keyboard ? 'refuse' : options.unsure;
  const uidInput = { format: options.uidFormat, prefix: options.prefix, suffix: options.suffix };
  const clerk = new Clerk({ ...options, reader, facts, display, uidInput, unsure });
  const failed = reader.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    const broken = failed.then((error) => {
      if (error !== undefined) throw error;
    });
    await Promise.race([broken, takeLines(clerk, display, keyboard)]);
    if (!keyboard && !clerk.left) await reader.drained(options.drainSeconds * 1000);
    display.bye(reader.counts);
    return 0;
  } finally {
    if (keyboard) process.stdin.setRawMode(false);
    await reader.close();
    await failed;
    closeStore(file);
    process.stdin.destroy();
  }
}

function displayFor(json: boolean, keyboard: boolean): Display {
  const print = (text: string) => process.stdout.write(text);
  if (json)
    return jsonDisplay(
      (line) => print(`${line}\n`),
      (line) => process.stderr.write(`${line}\n`),
    );
  return new ScreenDisplay(print, keyboard);
}

/** Until the input ends, somebody leaves, or a signal asks the process to. */
async function takeLines(clerk: Clerk, display: Display, keyboard: boolean): Promise<void> {
  const input = process.stdin;
  if (keyboard) {
    input.setRawMode(true);
    display.help();
    clerk.showStatus();
  }
  // The tap under way is finished: its card holder waits for what is said of it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => input.destroy());
  try {
    for await (const line of typedLines({ input, keyboard, onTyping: (typed) => display.typing(typed) })) {
      await takeLine(clerk, display, line);
      if (clerk.left) return;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** What fails here, such as to store a price, is no reason to leave; a broken store is. */
async function takeLine(clerk: Clerk, display: Display, line: string): Promise<void> {
  try {
    await clerk.line(line);
  } catch (error) {
    if (isDamage(error)) throw error;
    display.notice(`未能完成 / It was not done: ${(error as Error).message}`);
  }
}
