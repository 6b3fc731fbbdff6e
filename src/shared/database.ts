import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { withAnnouncements } from './live/announce.js';
import type { LiveEvent } from './live/live-event.js';

export type Engine = 'sqlite' | 'mysql';

/** How often a transaction that lost a race is run before its error is passed on. */
const attemptsMax = 6;

/** How long a write waits for another process that writes to the same SQLite file. */
const busySecondsMax = 10;

/**
 * How long SQLite itself waits, in milliseconds. It does so by stopping this whole process, so it is short,
 * and the longer waiting is done between attempts, in which requests go on.
 */
export const busyTimeoutMs = 20;

/**
 * The door to the database: areas are handed an EntityManager by `read` or `write` and open nothing.
 *
 * SQLite has one connection for writing, so writes pass one at a time, plain ones too: two transactions
 * that overlap on one connection would become savepoints of each other, and a stranger's rollback would
 * take acknowledged rows with it. Reads have a connection of their own and see committed rows only.
 */
export class Database {
  private lastWrite: Promise<unknown> = Promise.resolve();
  private lent: LentTurn | undefined;
  /** Told what a transaction announced, after it was committed; must neither wait nor throw. */
  onAnnounced: ((events: readonly LiveEvent[]) => void) | undefined;

  constructor(
    readonly engine: Engine,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    /** How long a caller waits for an answer before it is told that there is none; for a server's requests. */
    private readonly answerSecondsMax = Number.POSITIVE_INFINITY,
  ) {}

  /** Runs reading work outside a transaction; each statement sees what is committed when it starts. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.inTime(work(this.reader.manager));
  }

  /**
   * Runs `work` in one transaction. It may run several times, so it must have no effect but its rows; where it is done
   * for many, `waitsOnce` lets it fail the first time that somebody keeps a row locked for as long as one waits.
   */
  write<T>(work: (manager: EntityManager) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    if (this.engine === 'mysql') return this.inTime(this.withRetries(work, options));
    const turn = this.lastWrite.then(() => this.withRetries(work, options));
    // The next writer waits for this one's end, however it ended; the caller gets the error.
    this.lastWrite = turn.catch(ignoreForTheQueue);
    return turn;
  }

  /**
   * Lends this process's turn to write to `work`, which writes through connections of its own, such as those
   * of another thread: two writers of one SQLite file would stop each other. Work that comes while the turn
   * is lent and nobody waits for its end joins it. MySQL needs no turns.
   */
  lendTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.engine === 'mysql') return work();
    if (this.lent?.isOver !== false || this.lent.ended !== this.lastWrite) {
      this.lent = new LentTurn(this.lastWrite);
      this.lastWrite = this.lent.ended;
    }
    return this.lent.use(work);
  }

  async close(): Promise<void> {
    await this.lastWrite;
    if (this.reader !== this.writer) await this.reader.destroy();
    await this.writer.destroy();
  }

  /** What was begun may still be done when the database wakes up: only the waiting ends. */
  private async inTime<T>(answer: Promise<T>): Promise<T> {
    if (this.answerSecondsMax === Number.POSITIVE_INFINITY) return answer;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new DatabaseSilent(this.answerSecondsMax)),
        this.answerSecondsMax * 1000,
      );
    });
    try {
      return await Promise.race([answer, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async withRetries<T>(
    work: (manager: EntityManager) => Promise<T>,
    { waitsOnce = false }: WriteOptions,
  ): Promise<T> {
    const busyUntilMs = performance.now() + busySecondsMax * 1000;
    for (let attempt = 1; ; attempt++) {
      try {
        const { result, events } = await this.writer.transaction(async (manager) => {
          if (this.engine === 'sqlite') takeWriteLock(manager);
          return withAnnouncements(manager, work);
        });
        if (events.length > 0) this.onAnnounced?.(events);
        return result;
      } catch (error) {
        // A unique key that was taken first is seen by the next attempt, which then answers differently.
        const lost = (isTransient(error) && !(waitsOnce && isHeld(error))) || isDuplicateKey(error);
        const again = isBusy(error) ? performance.now() < busyUntilMs : lost && attempt < attemptsMax;
        if (!again) throw error;
        await new Promise((resolve) => setTimeout(resolve, 2 ** Math.min(attempt, 6) * (1 + Math.random())));
      }
    }
  }
}

export interface WriteOptions {
  waitsOnce?: boolean;
}

/** A turn in the queue of writers that several users share; it ends with the last of them. */
class LentTurn {
  readonly ended: Promise<void>;
  isOver = false;
  private users = 0;
  private end: () => void = ignoreForTheQueue;

  constructor(private readonly begins: Promise<unknown>) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    this.users += 1;
    try {
      await this.begins;
      return await work();
    } finally {
      this.users -= 1;
      this.isOver = this.users === 0;
      if (this.isOver) this.end();
    }
  }
}

/** The database neither answered nor failed: it hangs, or the network swallows what is sent. */
class DatabaseSilent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(seconds: number) {
    super(`the database did not answer within ${seconds} s`);
  }
}

/**
 * SQLite would take its lock at the first change, by when what was read before it may be old: then nothing
 * but starting anew helps. A change of nothing, said first, takes it before anything is read.
 *
 * It goes past TypeORM, which prepares and keeps each statement: libsql leaves a prepared one that met the lock of
 * another process under way, and no transaction can be committed until it is collected as garbage.
 */
function takeWriteLock(manager: EntityManager): void {
  const { databaseConnection } = manager.dataSource.driver as unknown as {
    databaseConnection: SqliteConnection;
  };
  databaseConnection.exec('UPDATE id_sequence SET nextId = nextId WHERE 1 = 0');
}

interface SqliteConnection {
  /** @throws what SQLite says, as its driver says it */
  exec(sql: string): void;
}

/**
 * True when the transaction may run again: deadlock (1213), lock wait timeout (1205) and snapshot conflict
 * (1020) on MySQL; on SQLite another process, such as the command line, that was writing just then.
 */
export function isTransient(error: unknown): boolean {
  if (isBusy(error)) return true;
  return error instanceof QueryFailedError && [1213, 1205, 1020].includes(driverErrorNumber(error) ?? 0);
}

/** True when a row stayed locked by somebody else for as long as one waits, such as by a server that lost its power. */
export function isHeld(error: unknown): boolean {
  return error instanceof QueryFailedError && driverErrorNumber(error) === 1205;
}

/** True when another process, such as the command line, was writing to the SQLite file just then. */
function isBusy(error: unknown): boolean {
  const { code } = (driverErrorOf(error) ?? {}) as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}

/** True when the database itself could not be reached or could not write: no other attempt will do better. */
export function isOutage(error: unknown): boolean {
  const { code = '', fatal = false } = (driverErrorOf(error) ?? {}) as { code?: string; fatal?: boolean };
  return (
    fatal || /^(E[A-Z]+|PROTOCOL_\w+|POOL_\w+|SQLITE_(FULL|IOERR|CORRUPT|CANTOPEN|READONLY)\w*)$/.test(code)
  );
}

/** True when a unique key refused the row: somebody else wrote it first. */
export function isDuplicateKey(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string };
  return (
    driverErrorNumber(error) === 1062 ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

function driverErrorOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function driverErrorNumber(error: QueryFailedError): number | undefined {
  return (error.driverError as { errno?: number }).errno;
}

function ignoreForTheQueue(): void {
  // The caller of that write holds the same rejected promise and deals with it.
}

export function engineOf(manager: EntityManager): Engine {
  return manager.dataSource.options.type === 'mysql' ? 'mysql' : 'sqlite';
}

/** Appended to a SELECT whose rows a write is about to depend on; SQLite's single writer needs no lock. */
export function forUpdate(manager: EntityManager): string {
  return engineOf(manager) === 'mysql' ? ' FOR UPDATE' : '';
}
