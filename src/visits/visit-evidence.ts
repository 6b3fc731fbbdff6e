import type { EntityManager } from 'typeorm';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { EvidenceDecision, EvidenceVerdict } from '../../entities/visits/visit-evidence.entity.js';
import { insertRows, placeholders } from '../shared/statements.js';
import type { CareTerms } from './care-terms.rules.js';
import type { CareVisit } from './care-visits.js';
import { type Evidence, type EvidenceReason, scoreEvidence } from './evidence.rules.js';
import { presenceOf } from './presence.rules.js';

/** What is known of a visit's evidence. */
export interface KeptEvidence extends Evidence {
  visitId: number;
  /** Whether somebody has to look and nobody has. */
  isOpen: boolean;
  /** Null while nobody has decided. */
  decided: EvidenceVerdict | null;
  decidedById: number | null;
  decidedAt: Date | null;
  endedById: number | null;
  /** Settlement pays this visit: the rules let it through, or somebody who looked did. */
  isPaid: boolean;
}

/**
 * The evidence of these visits; one that has none, because nobody tapped, is missing and is not paid. For settlement.
 * One statement.
 */
export async function evidenceOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, KeptEvidence>> {
  if (visitIds.length === 0) return new Map();
  const rows: EvidenceRow[] = await manager.query(
    `SELECT evidence.visitId, evidence.score, evidence.decision, evidence.reasons, evidence.openStationId,
            evidence.decided, evidence.decidedById, evidence.decidedAt, evidence.endedById, visit.status
       FROM visit_evidence evidence JOIN visit ON visit.id = evidence.visitId
      WHERE evidence.visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  return new Map(rows.map((row) => [row.visitId, evidenceFrom(row)]));
}

interface EvidenceRow {
  visitId: number;
  score: number;
  decision: EvidenceDecision;
  reasons: string;
  openStationId: number | null;
  decided: EvidenceVerdict | null;
  decidedById: number | null;
  decidedAt: number | string | null;
  endedById: number | null;
  status: string;
}

function evidenceFrom({ reasons, openStationId, decidedAt, status, ...row }: EvidenceRow): KeptEvidence {
  return {
    ...row,
    reasons: reasons.split(' ').filter((reason) => reason !== '') as EvidenceReason[],
    isOpen: openStationId !== null,
    decidedAt: decidedAt === null ? null : new Date(Number(decidedAt)),
    isPaid: status === 'COMPLETED' && (row.decided ?? row.decision) === 'PAY',
  };
}

/** Scores a locked visit anew and keeps the result; whoever has decided is not asked again. */
export async function keepEvidence(
  manager: EntityManager,
  visit: CareVisit,
  { terms, tagSince, endedById, now }: Scoring,
): Promise<void> {
  const before = await evidenceBefore(manager, visit.id);
  const enderId = endedById ?? before.endedById;
  const { isElderAway } = before;
  const evidence = evidenceFor(visit, terms, { tagSince, isEndedFor: enderId !== null, isElderAway });
  const isReassigned = evidence.reasons.includes('REASSIGNED');
  const isOver = overStatuses.includes(visit.status) || (visit.status === 'NO_SHOW' && isReassigned);
  // What was decided while nobody had come is no word about who came after all.
  const isDecided = before.decided !== null && visit.status !== 'IN_PROGRESS';
  const isOpen = isOver && evidence.decision !== 'PAY' && !isDecided;
  const values = {
    score: evidence.score,
    decision: evidence.decision,
    reasons: evidence.reasons.join(' '),
    scoredAt: now.getTime(),
    endedById: enderId,
    ...(before.decided !== null && !isDecided ? undecided : {}),
    openStationId: isOpen ? visit.stationId : null,
  };
  const names = Object.keys(values);
  if (!before.isKept) {
    await insertRows(
      manager,
      'visit_evidence',
      ['visitId', ...names],
      [[visit.id, ...Object.values(values)]],
    );
    return;
  }
  await manager.query(
    `UPDATE visit_evidence SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE visitId = ?`,
    [...Object.values(values), visit.id],
  );
}

const overStatuses: readonly VisitStatus[] = ['COMPLETED', 'CANCELLED'];
const undecided = { decided: null, decidedAt: null, decidedById: null, noteSealed: null };

interface EvidenceBefore {
  isKept: boolean;
  decided: EvidenceVerdict | null;
  endedById: number | null;
  isElderAway: boolean;
}

async function evidenceBefore(manager: EntityManager, visitId: number): Promise<EvidenceBefore> {
  const rows: (Pick<EvidenceBefore, 'decided' | 'endedById'> &
    Record<'evidenceId' | 'awayId', number | null>)[] = await manager.query(
    `SELECT evidence.visitId AS evidenceId, evidence.decided, evidence.endedById, away.visitId AS awayId
       FROM visit
       LEFT JOIN visit_evidence evidence ON evidence.visitId = visit.id
       LEFT JOIN visit_away away ON away.visitId = visit.id
      WHERE visit.id = ?`,
    [visitId],
  );
  const { evidenceId = null, awayId = null, decided = null, endedById = null } = rows[0] ?? {};
  return { isKept: evidenceId !== null, isElderAway: awayId !== null, decided, endedById };
}

export interface Scoring {
  terms: CareTerms;
  /** Since when a tag has hung at the door; undefined for none. */
  tagSince: Date | undefined;
  /** Who ends it for a caregiver who did not check out, when somebody does. */
  endedById?: number;
  now: Date;
}

function evidenceFor(
  visit: CareVisit,
  terms: CareTerms,
  known: { tagSince: Date | undefined; isEndedFor: boolean; isElderAway: boolean },
): Evidence {
  const presences = visit.parts.map(({ caregiverId, startsAt, endsAt }) => {
    const { arrived, left } = presenceOf(visit.taps, caregiverId);
    const plannedMs = endsAt.getTime() - startsAt.getTime();
    return { plannedMs, arrived, left };
  });
  // A tag that was hung up later could not be read.
  const { tagSince, ...facts } = known;
  const hasTags = tagSince !== undefined && tagSince <= visit.startsAt;
  const isReassigned = visit.taps.some(({ doubts }) => doubts.includes('REASSIGNED'));
  return scoreEvidence({ ...facts, status: visit.status, presences, hasTags, isReassigned }, terms);
}
