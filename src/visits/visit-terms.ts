import type { EntityManager } from 'typeorm';
import type { Facility } from '../../entities/network/facility.entity.js';
import { nowhere } from '../network/scope.js';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import { usualTerms, type VisitTerms } from './visit-terms.rules.js';

/** The terms of a station on a day: those of the nearest place above it, or its own. One statement. */
export async function visitTermsAt(manager: EntityManager, stationId: number, day: Day): Promise<VisitTerms> {
  const above = withAbove([stationId], day);
  const [row]: (VisitTerms & { distance: number })[] = await manager.query(
    `${above.sql}
     SELECT terms.leadMinutes, terms.horizonDays, terms.rasterMinutes, terms.noticeMinutes, terms.lateGivesBack,
            COALESCE(above.distance, 0) AS distance
       FROM visit_terms terms
       LEFT JOIN above ON above.ancestorId = terms.facilityId
      WHERE (terms.facilityId = ? OR above.ancestorId IS NOT NULL) AND terms.fromDay <= ?
      ORDER BY distance, terms.fromDay DESC LIMIT 1`,
    [...above.parameters, stationId, day],
  );
  if (!row) return usualTerms;
  const { distance: _distance, lateGivesBack, ...terms } = row;
  return { ...terms, lateGivesBack: Boolean(lateGivesBack) };
}

/** A station that may bring something to somebody. */
export interface Station {
  id: number;
  openedOn: Day;
  closedOn: Day | null;
}

/**
 * The station that brings a service to an elder: the elder's home station, as far as it is one of home care. Every
 * station offers every service that has a price. One statement.
 */
export async function stationFor(
  manager: EntityManager,
  { homeStationId }: { homeStationId: number | null },
): Promise<Station | undefined> {
  const [row]: (Station & Pick<Facility, 'kind'>)[] = await manager.query(
    `SELECT id, kind, CAST(openedOn AS CHAR) AS openedOn, CAST(closedOn AS CHAR) AS closedOn
       FROM facility WHERE id = ?`,
    [homeStationId ?? nowhere],
  );
  return row?.kind === 'HOME_CARE_STATION' ? row : undefined;
}

/** True when the station brings the service on that day. */
export function isOffered(station: Station, day: Day): boolean {
  return isWithinDays(day, station.openedOn, station.closedOn);
}
