import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../ormconfig.js';
import { showProgress } from '../../seeds/progress.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Engine } from '../../src/shared/database.js';
import { ended } from '../../test/support/private-mariadb.js';
import { fillDemo } from '../support/demo-database.js';
import { type BenchDatabase, benchDatabase } from '../support/engines.js';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { decisionProblemsOf } from './check-decisions.js';
import { problemsOf } from './check-swipes.js';
import { StubbornManager } from './stubborn-manager.js';
import { type ReaderHabits, type SentSwipe, StubbornReader } from './stubborn-reader.js';
import { SwipeClient } from './swipe-client.js';
import { days, Taps } from './taps.js';

/** Which process is killed: Yinling's, or the MariaDB server under it. */
export const targets = ['server', 'database'] as const;
export type Target = (typeof targets)[number];

export interface KillsOptions {
  target: Target;
  kills: number;
  /** From the moment that all is up again to the next kill, on average. */
  secondsBetween: number;
  /** Ends the run before its time. */
  interrupted: AbortSignal;
  progress: boolean;
}

export interface KillsReport {
  engine: Engine;
  target: Target;
  kills: number;
  /** Requests under way at the moments of the kills, all kills together. */
  requests_struck: number;
  swipes_sent: number;
  voids_sent: number;
  /** Of swipes that were recorded for review. */
  decisions_sent: number;
  answers: number;
  /** Swipes sent again, for want of an answer or in doubt of it. */
  resends: number;
  /** Swipes that had been written, but whose first answer was lost on the way. */
  answers_lost: number;
  errors_seen: string;
  seconds: number;
  problems: string[];
}

/** Most readers send each tap by itself, a tenth of them what they stored while they had no network. */
const ordinary: ReaderHabits = { batchSize: 1, restMsMax: 30, doubtShare: 0.1 };
const catchingUp: ReaderHabits = { batchSize: 20, restMsMax: 200, doubtShare: 0.1 };
const readers = 40;
/** Each voids swipes and decides reviews of one reader's. */
const managers = 4;
const catchUpEvery = 10;

/** More than these readers send in a second. */
const tapsPerSecondMax = 2500;
const eldersMin = 4000;

/** How long after the last restart everything may take to be answered. */
const settleSecondsMax = 60;
/** The longest time that whatever was killed stays away before it is started again. */
const absenceMsMax = 500;

/** Why a request may go without an answer while the target is away. Anything else is a fault. */
const errorsToExpect: Record<Target, RegExp> = {
  server: /^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
  database: /^(HTTP 500|INTERNAL_SERVER_ERROR)$/,
};

type EmptyDatabase = Omit<BenchDatabase, 'drop'>;

/** Kills on a throw-away database of this engine. */
export async function kills(engine: Engine, options: KillsOptions): Promise<KillsReport> {
  const bench = await benchDatabase(engine);
  try {
    return await killsOn(bench, options);
  } finally {
    await bench.drop();
  }
}

/**
 * Lets readers send swipes to a server of its own on this empty database, kills the target at random moments,
 * starts it again, and at the end looks whether readers and database hold the same, each swipe once.
 */
export async function killsOn(bench: EmptyDatabase, options: KillsOptions): Promise<KillsReport> {
  const { kills, secondsBetween, interrupted } = options;
  const elders = Math.max(eldersMin, Math.ceil((kills * secondsBetween * tapsPerSecondMax) / days));
  const credentials = await fillDemo(bench, elders);
  interrupted.throwIfAborted();
  const server = await startServer(bench.databaseUrl);
  const tokens = credentials.readers.slice(0, readers).map(({ token }) => token);
  // The one account whose say reaches every canteen.
  const managerToken = credentials.admin.token;
  const taps = new Taps(elders, systemClock.now());
  try {
    const played = await play(
      server,
      { tokens, managerToken },
      taps,
      () => strike(server, bench, options),
      options,
    );
    interrupted.throwIfAborted();
    await server.stop();
    return await reportOf(bench, server, options, played);
  } finally {
    await server.kill('SIGKILL');
  }
}

interface Played {
  readers: readonly StubbornReader[];
  managers: readonly StubbornManager[];
  requestsStruck: number;
  seconds: number;
}

async function play(
  { origin }: ServerProcess,
  { tokens, managerToken }: { tokens: readonly string[]; managerToken: string },
  taps: Taps,
  strikeOnce: () => Promise<void>,
  { kills, secondsBetween, interrupted, progress }: KillsOptions,
): Promise<Played> {
  const client = new SwipeClient(origin, readers + managers);
  const all = tokens.map((token, index) => {
    return new StubbornReader(client, token, index % catchUpEvery === 0 ? catchingUp : ordinary);
  });
  const deciders = all
    .slice(0, managers)
    .map((reader) => new StubbornManager(client, managerToken, () => reader.sent));
  const closed = new AbortController();
  const givenUp = new AbortController();
  const bar = showProgress(progress, 'kills', kills);
  const startedMs = performance.now();
  let requestsStruck = 0;
  const work = Promise.all([
    ...all.map((reader) => reader.work(taps, closed.signal, givenUp.signal)),
    ...deciders.map((manager) => manager.work(closed.signal, givenUp.signal)),
  ]);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await wait(Math.random() * 2 * secondsBetween * 1000, undefined, { signal: interrupted });
      requestsStruck += client.underWay;
      await strikeOnce();
      bar.update(kill);
    }
    await wait(secondsBetween * 1000, undefined, { signal: interrupted });
    closed.abort();
    await Promise.race([work, wait(settleSecondsMax * 1000, undefined, { signal: interrupted, ref: false })]);
  } finally {
    bar.stop();
    closed.abort();
    givenUp.abort();
    await client.close();
    await work;
  }
  return {
    readers: all,
    managers: deciders,
    requestsStruck,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

async function strike(
  server: ServerProcess,
  { mariadb }: EmptyDatabase,
  { target }: KillsOptions,
): Promise<void> {
  const absenceMs = Math.random() * absenceMsMax;
  if (target === 'server') {
    await server.kill('SIGKILL');
    await wait(absenceMs);
    await server.restart();
    return;
  }
  if (!mariadb) throw new Error('there is no database server of our own to kill');
  await ended(mariadb.process, 'SIGKILL');
  await wait(absenceMs);
  await mariadb.restart();
}

async function reportOf(
  { engine, databaseUrl }: EmptyDatabase,
  server: ServerProcess,
  { target, kills }: KillsOptions,
  { readers, managers, requestsStruck, seconds }: Played,
): Promise<KillsReport> {
  const sent = readers.flatMap((reader) => reader.sent);
  const decisions = managers.flatMap((manager) => manager.sent);
  const errors = errorsOf([...readers, ...managers]);
  const strange = [...errors.keys()].filter((reason) => !errorsToExpect[target].test(reason));
  const { exitCode } = server.process;
  const { database } = await openDatabase(databaseUrl);
  try {
    return {
      engine,
      target,
      kills,
      requests_struck: requestsStruck,
      swipes_sent: sent.length,
      voids_sent: decisions.filter(({ kind }) => kind === 'VOID').length,
      decisions_sent: decisions.filter(({ kind }) => kind === 'REVIEW').length,
      answers: sum(sent, ({ answers }) => answers.length),
      resends: sum(sent, ({ times }) => times - 1),
      answers_lost: sent.filter(({ answers }) => answers[0]?.replayed).length,
      errors_seen: [...errors].map(([reason, count]) => `${reason} ${count}`).join('\n'),
      seconds: Math.round(seconds * 10) / 10,
      problems: [
        ...strange.map((reason) => `${errors.get(reason)} requests were answered ${reason}`),
        ...(exitCode === 0 ? [] : [`the server left with ${exitCode} when it was asked to`]),
        ...(await problemsOf(database, sent)),
        ...(await decisionProblemsOf(database, decisions)),
      ],
    };
  } finally {
    await database.close();
  }
}

function errorsOf(senders: readonly (StubbornReader | StubbornManager)[]): Map<string, number> {
  const errors = new Map<string, number>();
  for (const [reason, count] of senders.flatMap((sender) => [...sender.errors]))
    errors.set(reason, (errors.get(reason) ?? 0) + count);
  return errors;
}

function sum(swipes: readonly SentSwipe[], countOf: (swipe: SentSwipe) => number): number {
  return swipes.reduce((total, swipe) => total + countOf(swipe), 0);
}
