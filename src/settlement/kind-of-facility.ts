import type { EntityManager } from 'typeorm';
import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';

/** A facility whose days in beds are settled, as SQL over a row of `facility`: a nursing home, or whatever else has beds. */
export const isHomeSql = `(facility.kind = 'NURSING_HOME'
  OR (facility.kind NOT IN ('HOME_CARE_STATION', 'ELDER_CANTEEN')
      AND EXISTS (SELECT 1 FROM bed WHERE bed.facilityId = facility.id)))`;

/**
 * What is settled with a facility, which follows from its own kind and from whether it has beds. Whatever is neither a
 * home-care station nor a home is asked for as a canteen; whether it is one is found out behind that kind's lock.
 */
export async function kindOfFacility(manager: EntityManager, facilityId: number): Promise<StatementKind> {
  const rows: { kind: string; isHome: number | string }[] = await manager.query(
    `SELECT kind, CASE WHEN ${isHomeSql} THEN 1 ELSE 0 END AS isHome FROM facility WHERE id = ?`,
    [facilityId],
  );
  const [row] = rows;
  if (row?.kind === 'HOME_CARE_STATION') return 'STATION';
  return Number(row?.isHome ?? 0) === 1 ? 'HOME' : 'CANTEEN';
}
