import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Libsql from 'libsql';

export type StoreFile = Libsql.Database;

/** Another process has this store open. */
export class StoreInUse extends Error {}

/** The file is there and is not a whole store; where it was put aside, nothing of it was thrown away. */
export class StoreBroken extends Error {
  constructor(
    readonly keptAs: string,
    readonly reason: string,
  ) {
    super(`broken store, kept as ${keptAs}: ${reason}`);
  }
}

/** An earlier store was broken, and nobody has said yet that a new one is to be begun. */
export class StoreMissing extends Error {
  constructor(readonly keptAs: readonly string[]) {
    super(`no store, but broken ones: ${keptAs.join(', ')}`);
  }
}

const formatVersion = 1;

/**
 * `sequence` counts the reader's taps. What is known of a tap is added to its row: `sentLive` once it was sent as a
 * live one and had no answer, `mealGiven` once the display
 * said so, `shown` once it said anything, `outcome` once the server answered, `stuck` when the server cannot read it.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tap (
    sequence INTEGER PRIMARY KEY,
    swipeId TEXT NOT NULL UNIQUE,
    cardUid TEXT NOT NULL,
    swipedAtMs INTEGER NOT NULL,
    grossFen INTEGER NOT NULL,
    mode TEXT NOT NULL,
    menu TEXT NOT NULL,
    offline INTEGER NOT NULL,
    sentLive INTEGER NOT NULL,
    mealGiven INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    day TEXT,
    meal TEXT,
    selfPaidFen INTEGER,
    gave TEXT,
    result TEXT,
    outcome TEXT,
    answeredAtMs INTEGER,
    stuck TEXT
  );
  CREATE INDEX IF NOT EXISTS tap_waiting ON tap (sequence) WHERE outcome IS NULL;
  CREATE INDEX IF NOT EXISTS tap_of_card ON tap (cardUid, sequence);
  CREATE INDEX IF NOT EXISTS tap_answered ON tap (answeredAtMs);
  CREATE TABLE IF NOT EXISTS list_item (
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (generation, kind, ref)
  ) WITHOUT ROWID;`;

/**
 * Opens the reader's file and keeps it for this process alone: the operating system lets go of the lock when the
 * process ends, however it does. A commit is on the disk before it returns.
 *
 * @param beginsAnew begins a store where only broken ones are
 * @throws StoreInUse, StoreBroken, StoreMissing
 */
export function openStore(path: string, { now, beginsAnew }: { now: Date; beginsAnew: boolean }): StoreFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const broken = brokenStores(path);
  if (!existsSync(path) && broken.length > 0 && !beginsAnew) throw new StoreMissing(broken);
  let file: StoreFile | undefined;
  try {
    file = new Libsql(path);
    prepare(file);
    return file;
  } catch (error) {
    file?.close();
    const { code, message } = error as Error & { code?: string };
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') throw new StoreInUse(path);
    if (!isDamage(error)) throw error;
    throw new StoreBroken(putAside(path, now), message);
  }
}

/**
 * Leaves one whole file that nobody holds. Closing alone would keep the lock for as long as this process has
 * statements that were prepared, and in WAL mode the lock cannot be given back.
 */
export function closeStore(file: StoreFile): void {
  try {
    file.exec('PRAGMA journal_mode = DELETE');
    file.exec('PRAGMA locking_mode = NORMAL');
    file.prepare('SELECT COUNT(*) FROM fact').all();
  } catch (error) {
    // Why it is closed is what matters then.
    if (!isDamage(error)) throw error;
  } finally {
    file.close();
  }
}

/** True for what SQLite says of a file that is not what it was written as. */
export function isDamage(error: unknown): boolean {
  const { code } = error as { code?: string };
  return error instanceof Damage || /^SQLITE_(CORRUPT|NOTADB)/.test(code ?? '');
}

/** Runs `work` in one transaction, which is on the disk when this returns. */
export function inTransaction<Result>(file: StoreFile, work: () => Result): Result {
  file.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    file.exec('COMMIT');
    return result;
  } catch (error) {
    if (file.inTransaction) file.exec('ROLLBACK');
    throw error;
  }
}

/** Brings what was written into the file itself, and leaves nothing of what stood there before beside it. */
export function emptyJournal(file: StoreFile): void {
  file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
}

class Damage extends Error {}

function prepare(file: StoreFile): void {
  file.exec('PRAGMA locking_mode = EXCLUSIVE');
  file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = FULL');
  // What was let go of, such as the list of a reader that was revoked, is not left on free pages.
  file.exec('PRAGMA secure_delete = ON');
  const [version] = file.prepare('PRAGMA user_version').pluck().all() as number[];
  if ((version ?? 0) > formatVersion)
    throw new Error(
      `The store was written by a newer version (${version}); this one reads ${formatVersion}.`,
    );
  inTransaction(file, () => {
    file.exec(tables);
    file.exec(`PRAGMA user_version = ${formatVersion}`);
  });
  const [said] = file.prepare('PRAGMA quick_check(1)').pluck().all() as string[];
  if (said !== 'ok') throw new Damage(said);
}

function brokenStores(path: string): string[] {
  const start = `${basename(path)}.broken-`;
  const names = existsSync(dirname(path)) ? readdirSync(dirname(path)) : [];
  return names
    .filter((name) => name.startsWith(start) && !/-(wal|shm)$/.test(name))
    .sort()
    .map((name) => join(dirname(path), name));
}

/** What has not reached the file yet stands beside it, and goes along under the name that belongs to it. */
function putAside(path: string, now: Date): string {
  const keptAs = `${path}.broken-${now.toISOString().replace(/[:.]/g, '-')}`;
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(path + end)) renameSync(path + end, keptAs + end);
  }
  return keptAs;
}
