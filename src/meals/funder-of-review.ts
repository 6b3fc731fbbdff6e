import type { EntityManager } from 'typeorm';
import { type InstitutionStays, stayKey } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import type { FunderFacts } from './add-funder.js';
import { readCanteenTerms, termsKey } from './canteen-terms.js';
import { readDiners } from './diner-facts.js';
import type { Review } from './find-reviews.js';
import { paysAt, paysForResidents } from './review-funder.rules.js';
import type { ReviewRefusalCode } from './review-refusals.js';

/**
 * Why a funder cannot be told to bear a meal that was recorded for review: it is not its business what that elder eats
 * at that canteen on that day, or nobody's, as the file and the stays are known now. The swipe is locked, behind which
 * an end or a stay that is being entered looks for what was decided.
 */
export async function whyNotBorne(
  manager: EntityManager,
  { code }: FunderFacts,
  { canteenId, mealDate: day }: Review,
  elderId: number,
  stays: InstitutionStays,
): Promise<ReviewRefusalCode | undefined> {
  const terms = (await readCanteenTerms(manager, [{ canteenId, day }])).get(termsKey({ canteenId, day }));
  const funder = terms?.subsidy.funders.find((each) => each.code === code);
  if (!terms || !funder) return 'FUNDER_ELSEWHERE';
  const residence = (await readDiners(manager, [elderId])).get(elderId)?.residence ?? null;
  const places = { canteen: terms.subsidy.division, residence };
  const documents = terms.subsidy.sets.map(({ document }) => document);
  if (!paysAt(funder, places, documents)) return 'FUNDER_ELSEWHERE';
  const endedOn = await endOf(manager, elderId);
  if (endedOn !== null && endedOn <= day) return 'ELDER_NOT_ENTITLED';
  const isResident = (await stays.on(manager, [elderId], [day])).has(stayKey(elderId, day));
  return isResident && !paysForResidents(funder, places, documents) ? 'ELDER_IN_INSTITUTION' : undefined;
}

/** The day on which the elder's file ended; null while it is active. */
export async function endOf(manager: EntityManager, elderId: number): Promise<Day | null> {
  const rows: { endedOn: Day | null }[] = await manager.query(
    'SELECT CAST(endedOn AS CHAR) AS endedOn FROM elder WHERE id = ?',
    [elderId],
  );
  return rows[0]?.endedOn ?? null;
}
