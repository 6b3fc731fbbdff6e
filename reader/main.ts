import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readReaderSettings } from '../src/config/reader-settings.js';
import { systemClock } from '../src/shared/clock.js';
import { diningModes, menuKinds } from './choices.js';
import { WrongReader } from './line.js';
import { findKey, NoKey } from './reader-key.js';
import { type ServeOptions, serve } from './serve.js';
import { isDamage, StoreBroken, StoreInUse, StoreMissing } from './store.js';
import { fenOf, uidFormats } from './uid-input.rules.js';

type Flags = Omit<ServeOptions, 'key' | 'url' | 'clock' | 'store'> & {
  keyFile?: string;
  url?: string;
  store?: string;
};

const defaultUrl = 'http://127.0.0.1:4000/graphql';

const program = new Command('reader')
  .description('The reference reader: reads cards from the keyboard or a pipe, also without a network.')
  .requiredOption('--canteen <code>', 'the code of the canteen that the reader is bound to')
  .option('--url <address>', `the server (${defaultUrl}, or where the demo's credentials say)`, webAddress)
  .option('--key-file <path>', "the reader's key; else READER_KEY, else the demo's")
  .option('--store <path>', 'the file of the store (DATA_DIR/readers/CODE.sqlite)')
  .option('--new-store', 'begins a new store after an earlier one was found broken', false)
  .option('--price <yuan>', 'the price of a meal, kept until it is changed', price)
  .addOption(new Option('--mode <mode>', 'where meals are eaten').choices(diningModes).default('DINE_IN'))
  .addOption(new Option('--menu <menu>', 'what is eaten').choices(menuKinds).default('SET_MEAL'))
  .addOption(new Option('--uid-format <format>', 'how uids are typed').choices(uidFormats).default('hex'))
  .option('--prefix <text>', 'what the USB reader types before a uid', '')
  .option('--suffix <text>', 'what it types behind a uid', '')
  .addOption(
    new Option('--unsure <what>', 'for a card of which an offline reader knows nothing')
      .choices(['ask', 'store', 'refuse'])
      .default('ask'),
  )
  .option('--json', 'prints a line of JSON for each tap', false)
  .option('--patience-ms <count>', 'how long a tap waits for the server', wholeNumber(100, 10_000), 3000)
  .option('--refresh-seconds <count>', 'how often the list is fetched', wholeNumber(1, 86_400), 300)
  .option('--drain-seconds <count>', 'how long the end of a pipe waits for uploads', wholeNumber(0, 3600), 10)
  .option('--keep-days <count>', 'how long answered taps are kept', wholeNumber(8, 3650), 35)
  .action(async ({ keyFile, url, store, ...flags }: Flags) => {
    const settings = readReaderSettings();
    const found = findKey(flags.canteen, keyFile, settings);
    const safeCode = flags.canteen.replace(/[^\w.-]/g, '_');
    process.exitCode = await serve({
      ...flags,
      key: found.key,
      url: url ?? found.url ?? defaultUrl,
      store: store ?? join(settings.dataDir, 'readers', `${safeCode}.sqlite`),
      clock: systemClock,
    });
  });

function price(text: string): number {
  const fen = fenOf(text);
  if (fen === undefined) throw new InvalidArgumentError('yuan such as 12 or 12.50 are wanted.');
  return fen;
}

function webAddress(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('an address such as https://yinling.example/graphql is wanted.');
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`a whole number from ${from} to ${to} is wanted.`);
  };
}

/** Each kind of failure has an exit code of its own, by which whatever starts the reader can tell them apart. */
function failure(error: unknown): { code: number; text: string } {
  if (error instanceof StoreInUse)
    return {
      code: 4,
      text: `存储文件正被另一程序使用 / Another reader has this store open: ${error.message}`,
    };
  if (error instanceof StoreBroken)
    return {
      code: 3,
      text: `存储文件已损坏，原样保留为 / The store is broken. Nothing was thrown away, it is kept as\n  ${error.keptAs}\n(${error.reason})\n交技术人员取回未上传的记录；要用新文件继续，请加 --new-store / Have what was not uploaded recovered from it. To go on with a new store, start with --new-store.`,
    };
  if (error instanceof StoreMissing)
    return {
      code: 3,
      text: `存储文件曾损坏 / The store was found broken before:\n  ${error.keptAs.join('\n  ')}\n要用新文件继续，请加 --new-store / To go on with a new store, start with --new-store.`,
    };
  if (isDamage(error))
    return {
      code: 3,
      text: `存储文件损坏，请重新启动 / The store broke while it was in use; the next start puts it aside: ${String(error)}`,
    };
  if (error instanceof NoKey || error instanceof WrongReader) return { code: 2, text: error.message };
  return { code: 1, text: error instanceof Error ? error.message : String(error) };
}

// The store holds uids of cards, which are its owner's alone to read.
process.umask(0o077);

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    const { code, text } = failure(error);
    console.error(text);
    process.exitCode = code;
  }
}
