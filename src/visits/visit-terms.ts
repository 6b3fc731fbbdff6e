import type { EntityManager } from 'typeorm';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import type { Statement } from '../shared/statements.js';
import { usualTerms, type VisitTerms } from './visit-terms.rules.js';

/** The terms of a station on a day: those of the nearest place above it, or its own. One statement. */
export async function visitTermsAt(manager: EntityManager, stationId: number, day: Day): Promise<VisitTerms> {
  const { sql, parameters } = termsQuery(stationId, day);
  return termsOf(await manager.query(sql, [...parameters]));
}

/** The same as a statement, for whoever asks several things at once; `termsOf` reads its rows. */
export function termsQuery(stationId: number, day: Day): Statement {
  const above = withAbove([stationId], day);
  return {
    sql: `${above.sql}
          SELECT terms.leadMinutes, terms.horizonDays, terms.rasterMinutes, terms.noticeMinutes,
                 COALESCE(above.distance, 0) AS distance
            FROM visit_terms terms
            LEFT JOIN above ON above.ancestorId = terms.facilityId
           WHERE (terms.facilityId = ? OR above.ancestorId IS NOT NULL) AND terms.fromDay <= ?
           ORDER BY distance, terms.fromDay DESC LIMIT 1`,
    parameters: [...above.parameters, stationId, day],
  };
}

export function termsOf(rows: unknown): VisitTerms {
  const [row] = rows as (VisitTerms & { distance: number })[];
  if (!row) return usualTerms;
  const { distance: _distance, ...terms } = row;
  return terms;
}
