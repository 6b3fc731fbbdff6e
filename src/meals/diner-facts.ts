import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { DinerFacts } from './rules/rule-conditions.rules.js';

/** An elder as far as rules ask, and until when they give anything. */
export interface Diner extends DinerFacts {
  /** The day on which the file ended; null while it is active. */
  endedOn: Day | null;
}

/** What rules ask of elders, by their ids, as their files are today: two statements, however many elders. */
export async function readDiners(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, Diner>> {
  if (elderIds.length === 0) return new Map();
  const rows: (Omit<Diner, 'categories'> & { elderId: number })[] = await manager.query(
    `SELECT e.id AS elderId, CAST(e.birthDate AS CHAR) AS birthDate, e.abilityLevel,
            CAST(e.abilityExpiresOn AS CHAR) AS abilityExpiresOn, CAST(e.endedOn AS CHAR) AS endedOn,
            f.divisionCode AS residence
       FROM elder e
       LEFT JOIN facility f ON f.id = e.homeStationId
      WHERE e.id IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  const memberships: { elderId: number; category: string }[] = await manager.query(
    `SELECT elderId, category FROM elder_category WHERE elderId IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  const categories = new Map<number, string[]>();
  for (const { elderId, category } of memberships) {
    categories.set(elderId, [...(categories.get(elderId) ?? []), category]);
  }
  return new Map(
    rows.map(({ elderId, ...facts }) => [elderId, { ...facts, categories: categories.get(elderId) ?? [] }]),
  );
}
