import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Two places, far enough from each other for what breaks one while it is written to leave the other. */
const places = [0, 4096] as const;
const digits = 10;

/**
 * Notes beside the store the highest number that was used, and is on the disk when `note` returns. A store that lost
 * its end, or is copied back or begun anew, is told from a whole one by it, and uses no number a second time. Once there,
 * it is written in place and needs no room on the disk.
 */
export class HighestNumber {
  private readonly path: string;
  private readonly noted: (number | undefined)[];

  constructor(storePath: string) {
    this.path = `${storePath}.numbers`;
    const text = this.read();
    this.noted = places.map((start) => numberIn(text.slice(start)));
  }

  /** Undefined where nothing can be read. */
  get value(): number | undefined {
    const known = this.noted.filter((number) => number !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  note(number: number): void {
    const before = this.value;
    if (before !== undefined && number <= before) return;
    // The higher of the two stays until the other is on the disk.
    const place = this.noted[0] === before && before !== undefined ? 1 : 0;
    const file = this.open();
    try {
      writeSync(file, written(number), places[place]);
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
    this.noted[place] = number;
  }

  private open(): number {
    try {
      return openSync(this.path, 'r+');
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const file = openSync(this.path, 'w', 0o600);
    // A file that was just made is found after a power cut only once its folder is written too.
    const folder = openSync(dirname(this.path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    return file;
  }

  private read(): string {
    try {
      return readFileSync(this.path, 'latin1');
    } catch (error) {
      if (isMissing(error)) return '';
      throw error;
    }
  }
}

/** Twice the same, so that half of it is seen to be half. */
function written(number: number): string {
  const text = String(number).padStart(digits, '0');
  return `${text} ${text}\n`;
}

function numberIn(text: string): number | undefined {
  const [, one, other] = /^(\d{10}) (\d{10})\n/.exec(text) ?? [];
  return one !== undefined && one === other ? Number(one) : undefined;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
