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

/** Days, over [fromDay, toDay), that an elder spends in an institution or in hospital; null where no end is known. */
export interface AwaySpan {
  elderId: number;
  fromDay: Day;
  toDay: Day | null;
  /**
   * Up to which of its days somebody has said that it lasts: the day on which a patient is thought to be back, the first
   * day where nobody knows, and null for one who lives there.
   */
  saidUntil: Day | null;
  /** True when the elder is away only if it comes as expected, as whoever is on leave at home will be back some day. */
  isExpected: boolean;
}

/** What visits, and meals that are brought, must know of beds besides: for how long an elder is not at home. */
export interface AwaySpans {
  /** Those of these elders that have not ended by a day, one after the other. Two statements, however many. */
  of(manager: EntityManager, elderIds: readonly number[], from: Day): Promise<AwaySpan[]>;
}

/** Days of an elder over [fromDay, toDay), null where no end is known. */
export interface ElderDays {
  elderId: number;
  fromDay: Day;
  toDay: Day | null;
}

/**
 * What another area does, in the same transaction, about days of elders of which it is now known otherwise than before
 * whether they are spent in an institution or a hospital; which they are, whoever keeps the stays says. The elders' rows
 * are locked, and each comes once.
 */
export type AfterStay = (manager: EntityManager, days: readonly ElderDays[]) => Promise<unknown>;

export function stayKey(elderId: number, day: Day): string {
  return `${elderId} ${day}`;
}

/** Where no stays are kept, nobody is known to live in an institution. */
export const noStays: InstitutionStays = { on: async () => nobody };

/** Where no stays are kept, everybody is at home. */
export const noSpans: AwaySpans = { of: async () => [] };

const nobody: ReadonlySet<string> = new Set();

/** Few enough for one statement on either engine. */
const idsPerStatement = 5000;

/** The spans of these elders, each with its own; two statements for every five thousand of them. */
export async function spansOfAll(
  manager: EntityManager,
  elderIds: readonly number[],
  spansOf: AwaySpans,
  from: Day,
): Promise<Map<number, AwaySpan[]>> {
  const ids = [...new Set(elderIds)];
  const spans = new Map<number, AwaySpan[]>();
  for (let start = 0; start < ids.length; start += idsPerStatement) {
    for (const span of await spansOf.of(manager, ids.slice(start, start + idsPerStatement), from)) {
      spans.set(span.elderId, [...(spans.get(span.elderId) ?? []), span]);
    }
  }
  return spans;
}
