import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** So many numbers are reserved at a time; as many may be skipped after a store was lost. */
const blockSize = 50;

/**
 * Remembers beside the store how far its numbers may have come, so that a store that has to be begun anew does
 * not use one a second time. It is written once for a block of numbers, before the first of them is used.
 */
export class NumberBlock {
  private readonly path: string;
  private reservedTo: number;

  constructor(storePath: string) {
    this.path = `${storePath}.numbers`;
    this.reservedTo = this.read();
  }

  /** The highest number that may have been used. */
  get highest(): number {
    return this.reservedTo;
  }

  /** After this the number may be used. */
  reserve(number: number): void {
    if (number <= this.reservedTo) return;
    const to = number + blockSize - 1;
    const beside = `${this.path}.new`;
    const file = openSync(beside, 'w', 0o600);
    try {
      writeSync(file, `${to}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, this.path);
    syncFolder(dirname(this.path));
    this.reservedTo = to;
  }

  private read(): number {
    try {
      const value = Number(readFileSync(this.path, 'utf8').trim());
      return Number.isSafeInteger(value) && value > 0 ? value : 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }
}

/** A renamed file keeps its new name over a power cut only after its folder is written too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
