import type { Day } from '../shared/china-time.js';

/** What an assessment left on an elder's file. */
export interface Assessment {
  /** GB/T 42195-2022, 0 (able) to 4 (fully disabled); null when never assessed. */
  abilityLevel: number | null;
  /** The first day on which the level no longer counts; null for one that does not expire. */
  abilityExpiresOn: Day | null;
}

/** The ability level that counts on `day`; null when never assessed, or when the assessment has expired. */
export function abilityLevelOn({ abilityLevel, abilityExpiresOn }: Assessment, day: Day): number | null {
  return abilityExpiresOn !== null && abilityExpiresOn <= day ? null : abilityLevel;
}
