import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import type { AdmissionTerms } from './bed.rules.js';
import { type AnswerRow, answerOf, type BedRequested, type EarlierAnswer } from './bed-requests.js';

export interface TermsAsked {
  facilityId: number;
  bedType: BedType;
  /** The day whose rule counts. */
  on: Day;
}

interface RuleRow extends Omit<AdmissionTerms, 'needsAssessment'> {
  needsAssessment: number | boolean;
}

/** A rule that counts everywhere or for the facility itself, and whether the tree has to be asked for a nearer one. */
interface NearRow extends RuleRow, Partial<AnswerRow> {
  facilityKey: number;
  hasLocal: number | string;
}

const columns = `a.needsAssessment, a.levelMin, a.levelMax, a.contractBy, a.trialDays, a.holdDaysMax,
              a.homeLeaveDaysMax, a.hospitalLeaveDaysMax, a.homeLeavePercent, a.hospitalLeavePercent,
              a.entryDaysBackMax`;

/**
 * On which terms a bed of the type is given on a day: by the rule of the facility or of the nearest above it that has
 * one, which began last; otherwise by the one that counts everywhere. One statement, and a second one where some
 * facility has a rule of its own.
 */
export async function admissionTerms(manager: EntityManager, asked: TermsAsked): Promise<AdmissionTerms> {
  return termsFrom(manager, asked, await nearRule(manager, asked));
}

/** The terms, and what came of the request when it was sent before, both asked for in one statement. */
export async function termsAndAnswer(
  manager: EntityManager,
  asked: TermsAsked,
  requested: BedRequested,
): Promise<{ terms: AdmissionTerms; earlier: EarlierAnswer }> {
  const near = await nearRule(manager, asked, requested.requestId.toLowerCase());
  const { operation, contentHash, rowId } = near ?? {};
  const isAnswered = operation && contentHash && rowId;
  const earlier = isAnswered ? answerOf({ operation, contentHash, rowId }, requested) : undefined;
  return { terms: await termsFrom(manager, asked, near), earlier };
}

async function nearRule(
  manager: EntityManager,
  { facilityId, bedType, on }: TermsAsked,
  requestId?: string,
): Promise<NearRow | undefined> {
  const isRequest = requestId !== undefined;
  const [row]: NearRow[] = await manager.query(
    `SELECT ${columns}, a.facilityKey${isRequest ? ', q.operation, q.contentHash, q.rowId' : ''},
            EXISTS (SELECT 1 FROM admission_rule o WHERE o.facilityKey > 0 AND o.bedType = ?) AS hasLocal
       FROM admission_rule a${isRequest ? ' LEFT JOIN bed_request q ON q.requestId = ?' : ''}
      WHERE a.facilityKey IN (0, ?) AND a.bedType = ? AND a.fromDay <= ?
      ORDER BY a.facilityKey DESC, a.fromDay DESC LIMIT 1`,
    [bedType, ...(isRequest ? [requestId] : []), facilityId, bedType, on],
  );
  return row;
}

async function termsFrom(
  manager: EntityManager,
  { facilityId, bedType, on }: TermsAsked,
  near: NearRow | undefined,
): Promise<AdmissionTerms> {
  if (!near) throw new Error(`no admission rule counts for ${bedType} on ${on}: the migrations bring one`);
  if (near.facilityKey === facilityId || Number(near.hasLocal) === 0) return termsOf(near);
  const above = withAbove([facilityId], on);
  const [row]: RuleRow[] = await manager.query(
    `${above.sql}
     SELECT ${columns}
       FROM admission_rule a JOIN above ON above.ancestorId = a.facilityKey
      WHERE a.bedType = ? AND a.fromDay <= ?
      ORDER BY above.distance, a.fromDay DESC LIMIT 1`,
    [...above.parameters, bedType, on],
  );
  return termsOf(row ?? near);
}

function termsOf(row: RuleRow): AdmissionTerms {
  return {
    needsAssessment: Boolean(row.needsAssessment),
    levelMin: row.levelMin,
    levelMax: row.levelMax,
    contractBy: row.contractBy,
    trialDays: row.trialDays,
    holdDaysMax: row.holdDaysMax,
    homeLeaveDaysMax: row.homeLeaveDaysMax,
    hospitalLeaveDaysMax: row.hospitalLeaveDaysMax,
    homeLeavePercent: row.homeLeavePercent,
    hospitalLeavePercent: row.hospitalLeavePercent,
    entryDaysBackMax: row.entryDaysBackMax,
  };
}
