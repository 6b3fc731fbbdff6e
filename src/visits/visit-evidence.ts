import type { EntityManager } from 'typeorm';
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
  const rows: { decided: EvidenceVerdict | null; endedById: number | null }[] = await manager.query(
    'SELECT decided, endedById FROM visit_evidence WHERE visitId = ?',
    [visit.id],
  );
  const enderId = endedById ?? rows[0]?.endedById ?? null;
  const evidence = evidenceFor(visit, terms, { tagSince, isEndedFor: enderId !== null });
  const isOver = visit.status === 'COMPLETED' || visit.status === 'CANCELLED';
  const isDecided = (rows[0]?.decided ?? null) !== null;
  const isOpen = isOver && evidence.decision !== 'PAY' && !isDecided;
  const values = {
    score: evidence.score,
    decision: evidence.decision,
    reasons: evidence.reasons.join(' '),
    scoredAt: now.getTime(),
    endedById: enderId,
    openStationId: isOpen ? visit.stationId : null,
  };
  const names = Object.keys(values);
  if (rows.length === 0) {
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
  { tagSince, isEndedFor }: { tagSince: Date | undefined; isEndedFor: boolean },
): Evidence {
  const presences = visit.parts.map(({ caregiverId, startsAt, endsAt }) => {
    const { arrived, left } = presenceOf(visit.taps, caregiverId);
    const plannedMs = endsAt.getTime() - startsAt.getTime();
    return { plannedMs, arrived, left };
  });
  // A tag that was hung up later could not be read.
  const hasTags = tagSince !== undefined && tagSince <= visit.startsAt;
  return scoreEvidence({ status: visit.status, presences, hasTags, isEndedFor }, terms);
}
