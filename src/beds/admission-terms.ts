import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
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
  bedType: BedType;
  fromDay: Day;
}

/** A rule that counts everywhere or for a facility itself, and whether the tree has to be asked for a nearer one. */
interface NearRow extends RuleRow {
  facilityKey: number;
  hasLocal: number | string;
}

type AnswerColumns = AnswerRow & { requestId: string };

const columns = `a.bedType, CAST(a.fromDay AS CHAR) AS fromDay, a.needsAssessment, a.levelMin, a.levelMax, a.contractBy,
              a.trialDays, a.holdDaysMax, a.homeLeaveDaysMax, a.hospitalLeaveDaysMax, a.homeLeavePercent,
              a.hospitalLeavePercent, a.entryDaysBackMax`;

/**
 * On which terms a bed of the type is given on a day: by the rule of the facility or of the nearest above it that has
 * one, which began last; otherwise by the one that counts everywhere. One statement, and a second one where some
 * facility has a rule of its own.
 */
export async function admissionTerms(manager: EntityManager, asked: TermsAsked): Promise<AdmissionTerms> {
  const { terms } = await termsAndAnswers(manager, [asked], []);
  return terms[0] as AdmissionTerms;
}

/** The terms, and what came of the request when it was sent before, both asked for in one statement. */
export async function termsAndAnswer(
  manager: EntityManager,
  asked: TermsAsked,
  requested: BedRequested,
): Promise<{ terms: AdmissionTerms; earlier: EarlierAnswer }> {
  const { terms, earlier } = await termsAndAnswers(manager, [asked], [requested]);
  return { terms: terms[0] as AdmissionTerms, earlier: earlier[0] };
}

/** The same for many, in their order; where some facility has a rule of its own, one more statement for each day asked. */
export async function termsAndAnswers(
  manager: EntityManager,
  asked: readonly TermsAsked[],
  requested: readonly BedRequested[],
): Promise<{ terms: AdmissionTerms[]; earlier: EarlierAnswer[] }> {
  const { rules, answers } = await nearRules(manager, asked, requested);
  const near = asked.map((one) => nearestOf(rules, one));
  const distant = asked.filter((one, index) => {
    const { facilityKey, hasLocal } = near[index] as NearRow;
    return facilityKey !== one.facilityId && Number(hasLocal) === 1;
  });
  const above = await rulesAbove(manager, distant);
  return {
    terms: asked.map((one, index) => termsOf(above.get(one) ?? (near[index] as NearRow))),
    earlier: requested.map((one) => {
      const row = answers.get(one.requestId.toLowerCase());
      return row && answerOf(row, one);
    }),
  };
}

/** The rules without the tree, and what requests came to; those are joined to each rule, and few were answered before. */
async function nearRules(
  manager: EntityManager,
  asked: readonly TermsAsked[],
  requested: readonly BedRequested[],
): Promise<{ rules: NearRow[]; answers: Map<string, AnswerColumns> }> {
  const types = [...new Set(asked.map(({ bedType }) => bedType))];
  const facilityIds = [...new Set(asked.map(({ facilityId }) => facilityId))];
  const last = asked.map(({ on }) => on).reduce((one, other) => (one > other ? one : other));
  const requestIds = requested.map(({ requestId }) => requestId.toLowerCase());
  const isAsked = requestIds.length > 0;
  const answers = isAsked ? `LEFT JOIN bed_request q ON q.requestId IN (${placeholders(requestIds)})` : '';
  const rows: (NearRow & Partial<AnswerColumns>)[] = await manager.query(
    `SELECT ${columns}, a.facilityKey${isAsked ? ', q.requestId, q.operation, q.contentHash, q.rowId' : ''},
            EXISTS (SELECT 1 FROM admission_rule o
                     WHERE o.facilityKey > 0 AND o.bedType IN (${placeholders(types)})) AS hasLocal
       FROM admission_rule a ${answers}
      WHERE a.facilityKey IN (0, ${placeholders(facilityIds)}) AND a.bedType IN (${placeholders(types)})
        AND a.fromDay <= ?
      ORDER BY a.facilityKey DESC, a.fromDay DESC`,
    [...types, ...requestIds, ...facilityIds, ...types, last],
  );
  const answered = rows.filter((row): row is NearRow & AnswerColumns => Boolean(row.requestId));
  return { rules: rows, answers: new Map(answered.map((row) => [row.requestId, row])) };
}

/** That of the facility before that of everywhere, and of each the one that began last. */
function nearestOf(rules: readonly NearRow[], { facilityId, bedType, on }: TermsAsked): NearRow {
  const counts = (rule: NearRow) =>
    (rule.facilityKey === 0 || rule.facilityKey === facilityId) &&
    rule.bedType === bedType &&
    rule.fromDay <= on;
  const near = rules.find(counts);
  if (!near) throw new Error(`no admission rule counts for ${bedType} on ${on}: the migrations bring one`);
  return near;
}

/** For each the rule of the nearest facility above that has one; those beneath none are missing. */
async function rulesAbove(
  manager: EntityManager,
  asked: readonly TermsAsked[],
): Promise<Map<TermsAsked, RuleRow>> {
  const found = new Map<TermsAsked, RuleRow>();
  for (const day of new Set(asked.map(({ on }) => on))) {
    const ofDay = asked.filter(({ on }) => on === day);
    const types = [...new Set(ofDay.map(({ bedType }) => bedType))];
    const above = withAbove([...new Set(ofDay.map(({ facilityId }) => facilityId))], day);
    const rows: (RuleRow & { facilityId: number })[] = await manager.query(
      `${above.sql}
       SELECT above.facilityId, ${columns}
         FROM above JOIN admission_rule a ON a.facilityKey = above.ancestorId
        WHERE a.bedType IN (${placeholders(types)}) AND a.fromDay <= ?
        ORDER BY above.distance, a.fromDay DESC`,
      [...above.parameters, ...types, day],
    );
    for (const one of ofDay) {
      const isOf = (row: { facilityId: number; bedType: BedType }) =>
        row.facilityId === one.facilityId && row.bedType === one.bedType;
      const nearest = rows.find(isOf);
      if (nearest) found.set(one, nearest);
    }
  }
  return found;
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
