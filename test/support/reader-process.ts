import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TapResult } from '../../reader/tap-result.js';
import { endWithUs } from './private-mariadb.js';

const main = 'dist/reader/main.js';

export interface ReaderProcess {
  child: ChildProcess;
  /** Whole lines that it has printed, as they come. */
  results: TapResult[];
  /** What it has said beside the taps so far. */
  said(): string;
  /** Types a line. False when the pipe is full. */
  type(line: string): boolean;
  /** Its exit code, or the signal that ended it, and what it said beside the taps. */
  ended: Promise<{ code: number | NodeJS.Signals | null; said: string }>;
}

/**
 * The built reference reader with `--json`, fed through a pipe.
 *
 * @param kibibytesMax how large its files may grow: a disk that is full
 */
export function startReaderProcess(flags: readonly string[], kibibytesMax?: number): ReaderProcess {
  if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
  const limit = kibibytesMax === undefined ? '' : `ulimit -f ${kibibytesMax * 2};`;
  const args = [process.execPath, main, '--canteen', 'CANTEEN-1', '--json', ...flags];
  const child = spawn('/bin/sh', ['-c', `${limit} exec "$0" "$@"`, ...args], {
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  endWithUs(child);
  // Whoever is killed reads no more of what is typed.
  child.stdin.on('error', () => undefined);
  const results: TapResult[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    // A process that was killed may leave half a line, which nobody was shown.
    if (line.endsWith('}')) results.push(JSON.parse(line));
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    child,
    results,
    said: () => said,
    type: (line) => child.stdin.write(`${line}\n`),
    ended: ended.then((code) => ({ code, said })),
  };
}
