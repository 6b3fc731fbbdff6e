import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';

/**
 * What meals and visits must know of beds, and all they know: who lives in an institution on a day. Whoever keeps
 * the stays gives it to the server; neither leans on the other.
 */
export interface InstitutionStays {
  /** Of these elders on these days, those who live in an institution, as `stayKey`. One statement, however many. */
  on(manager: EntityManager, elderIds: readonly number[], days: readonly Day[]): Promise<ReadonlySet<string>>;
}

/** Days of an elder over [fromDay, toDay), null where no end is known. */
export interface ElderDays {
  elderId: number;
  fromDay: Day;
  toDay: Day | null;
}

/**
 * What another area does, in the same transaction, about days of elders that are found to be spent in an institution or
 * a hospital. The elders' rows are locked, and each comes once.
 */
export type AfterStay = (manager: EntityManager, days: readonly ElderDays[]) => Promise<unknown>;

export function stayKey(elderId: number, day: Day): string {
  return `${elderId} ${day}`;
}

/** Where no stays are kept, nobody is known to live in an institution. */
export const noStays: InstitutionStays = { on: async () => nobody };

const nobody: ReadonlySet<string> = new Set();
