import type { EntityManager } from 'typeorm';
import { narrowed, nowhere, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';

export type DueReason = 'NEVER' | 'EXPIRES' | 'CHANGED';

export interface DueAssessment {
  elderId: number;
  /** The day of the change, or the last day on which the level counts plus one; null when never assessed. */
  dueOn: Day | null;
  reason: DueReason;
}

export interface DueAsked {
  within: number;
  /** Due on this day or before. */
  by: Day;
  first: number;
  afterId: number;
  today: Day;
}

/** Elders with files in use, kept at or beneath a facility, whose assessment is due, in the order of their ids. */
export async function assessmentsDue(
  manager: EntityManager,
  { within, by, first, afterId, today }: DueAsked,
  scope: Scope,
): Promise<DueAssessment[]> {
  const places = await narrowed(manager, scope, within, today);
  const beneath = withBeneath(places === 'everywhere' || places.length === 0 ? [nowhere] : places, today);
  const rows: {
    elderId: number;
    abilityLevel: number | null;
    expiresOn: Day | null;
    changedOn: Day | null;
  }[] = await manager.query(
    `${beneath.sql}
       SELECT e.id AS elderId, e.abilityLevel, CAST(e.abilityExpiresOn AS CHAR) AS expiresOn,
              CAST(c.changedOn AS CHAR) AS changedOn
         FROM elder e LEFT JOIN elder_state_change c ON c.openElderId = e.id
        WHERE e.homeStationId IN (SELECT facilityId FROM beneath) AND e.status = 'ACTIVE' AND e.id > ?
          AND (e.abilityLevel IS NULL OR e.abilityExpiresOn <= ? OR c.changedOn <= ?)
        ORDER BY e.id LIMIT ?`,
    [...beneath.parameters, afterId, by, by, first],
  );
  return rows.map(({ elderId, abilityLevel, expiresOn, changedOn }) => {
    if (changedOn !== null) return { elderId, dueOn: changedOn, reason: 'CHANGED' };
    if (abilityLevel === null) return { elderId, dueOn: null, reason: 'NEVER' };
    return { elderId, dueOn: expiresOn, reason: 'EXPIRES' };
  });
}
