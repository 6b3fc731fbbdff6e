import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import type { AdmissionTerms } from './bed.rules.js';

export interface TermsAsked {
  facilityId: number;
  bedType: BedType;
  /** The day whose rule counts. */
  on: Day;
}

/**
 * On which terms a bed of the type is given on a day: by the rule of the facility or of the nearest above it that has
 * one, which began last; otherwise by the one that counts everywhere. One statement.
 */
export async function admissionTerms(
  manager: EntityManager,
  { facilityId, bedType, on }: TermsAsked,
): Promise<AdmissionTerms> {
  const above = withAbove([facilityId], on);
  const [row]: (Omit<AdmissionTerms, 'needsAssessment'> & { needsAssessment: number | boolean })[] =
    await manager.query(
      `${above.sql}
       SELECT a.needsAssessment, a.levelMin, a.levelMax, a.contractBy, a.trialDays, a.holdDaysMax,
              a.homeLeaveDaysMax, a.hospitalLeaveDaysMax, a.homeLeavePercent, a.hospitalLeavePercent,
              a.entryDaysBackMax
         FROM admission_rule a
         LEFT JOIN above ON above.ancestorId = a.facilityId
        WHERE a.bedType = ? AND a.fromDay <= ?
          AND (a.facilityKey = 0 OR a.facilityKey = ? OR above.ancestorId IS NOT NULL)
        ORDER BY CASE WHEN a.facilityKey = ? THEN 0 WHEN a.facilityKey = 0 THEN 99 ELSE above.distance END,
                 a.fromDay DESC
        LIMIT 1`,
      [...above.parameters, bedType, on, facilityId, facilityId],
    );
  if (!row) throw new Error(`no admission rule counts for ${bedType} on ${on}: the migrations bring one`);
  return { ...row, needsAssessment: Boolean(row.needsAssessment) };
}
