/** What is known of the numbers that a reader used: each the highest one. */
export interface KnownNumbers {
  /** In its store; undefined before the store was begun. */
  stored: number | undefined;
  /** In the note beside the store; undefined where there is none, or none that can be read. */
  noted: number | undefined;
  /** Null before the first, or while the server was not asked. */
  onServer: number | null;
}

/** So many numbers are left out where nobody knows how far they had come. */
export const unsureNumbers = 100;

/**
 * The first number that cannot have been used. Where the note is there, and the server knows of none beyond it and the
 * store, this is exact. Else numbers may have been used that never arrived, and some are left out for them: the
 * server lists them as missing.
 */
export function firstUnused({ stored, noted, onServer }: KnownNumbers): number {
  if (stored === undefined && noted === undefined && onServer === null) return 1;
  const own = Math.max(stored ?? 0, noted ?? 0);
  const isSure = noted !== undefined && (onServer === null || onServer <= own);
  return Math.max(own, onServer ?? 0) + 1 + (isSure ? 0 : unsureNumbers);
}
