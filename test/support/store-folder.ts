import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeStore, openStore, type StoreFile } from '../../reader/store.js';
import { TapStore } from '../../reader/tap-store.js';

/** The files that belong to a reader's store. */
export type StorePart = '' | '-wal' | '.numbers';

/** The store of a reader in a folder of its own, opened one time after another. */
export class StoreFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'yinling-reader-'));
  path = join(this.folder, 'store.sqlite');
  private file: StoreFile | undefined;

  constructor(private readonly now: Date) {}

  open(beginsAnew = false): StoreFile {
    this.close();
    this.file = openStore(this.path, { now: this.now, beginsAnew });
    return this.file;
  }

  taps(): TapStore {
    return new TapStore(this.file ?? this.open(), this.path, randomUUID);
  }

  /** The same as it lies on the disk at this moment, as after a power cut, without what is named. */
  pulledOut(...lost: StorePart[]): TapStore {
    const path = join(this.folder, `${randomUUID()}.sqlite`);
    for (const part of ['', '-wal', '.numbers'] as const)
      if (!lost.includes(part) && existsSync(this.path + part)) copyFileSync(this.path + part, path + part);
    this.close();
    this.path = path;
    return this.taps();
  }

  close(): void {
    if (this.file) closeStore(this.file);
    this.file = undefined;
  }

  remove(): void {
    this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
