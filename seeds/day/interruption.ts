import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof signals)[number];

/** The work was broken off by a signal. */
export class Interrupted extends Error {
  /** What a shell expects of a program that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
  readonly exitCode: number;

  constructor(signal: Signal) {
    super(`Interrupted by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs `work`, and `release` after it however it ended: done, failed, or interrupted by SIGINT or SIGTERM.
 * Further signals change nothing until `release` is through, because npm passes on a Ctrl-C that the terminal
 * has already sent.
 * @throws Interrupted on a signal, while the work may still be under way
 */
export async function withRelease<Result>(
  work: () => Promise<Result>,
  release: () => Promise<void>,
): Promise<Result> {
  let interrupt = (_signal: Signal): void => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = (signal) => reject(new Interrupted(signal));
  });
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    await release();
    for (const signal of signals) process.off(signal, interrupt);
  }
}
