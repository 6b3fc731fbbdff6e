import type { EntityManager } from 'typeorm';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { CancelCause, VisitEventKind } from '../../entities/visits/visit-event.entity.js';
import type { ObjectionDecision } from '../../entities/visits/visit-objection.entity.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
import { openReason } from './change-visit.js';
import { openNote } from './visit-note.js';

/** What was agreed about a visit when it was booked. */
export interface Agreement {
  promisedAt: Date;
  flexMinutes: number;
  hoursMinutes: number;
  seriesId: number | null;
  recurrence: string | null;
  occurrence: number;
  note: string | null;
}

/** One statement; a visit without a booking is missing. */
export async function agreementsOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, Agreement>> {
  if (visitIds.length === 0) return new Map();
  const rows: (Omit<Agreement, 'promisedAt' | 'note'> & {
    visitId: number;
    promisedAt: number | string;
    noteSealed: string | null;
  })[] = await manager.query(
    `SELECT booking.visitId, booking.promisedAt, booking.flexMinutes, booking.hoursMinutes, booking.seriesId,
            booking.noteSealed, series.recurrence, visit.occurrence
       FROM visit_booking booking
       JOIN visit ON visit.id = booking.visitId
       LEFT JOIN visit_series series ON series.id = booking.seriesId
      WHERE booking.visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  const cipher = cipherOf(manager);
  return new Map(
    rows.map(({ visitId, promisedAt, noteSealed, ...row }) => [
      visitId,
      { ...row, promisedAt: new Date(Number(promisedAt)), note: openNote(cipher, visitId, noteSealed) },
    ]),
  );
}

/** A step in the life of a visit, as its station reads it. */
export interface Step {
  version: number;
  kind: VisitEventKind;
  status: VisitStatus;
  startsAt: Date;
  at: Date;
  /** The name of who took it; null for the server, a seed or an import. */
  by: string | null;
  isOverride: boolean;
  /** On whose account it was called off; null of other steps, and where the platform did it by itself. */
  causedBy: CancelCause | null;
  reason: string | null;
}

/** The life of each visit, the first step first. One statement. */
export async function historiesOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, Step[]>> {
  const histories = new Map<number, Step[]>(visitIds.map((id) => [id, []]));
  if (visitIds.length === 0) return histories;
  const rows: StepRow[] = await manager.query(
    `SELECT event.visitId, event.version, event.kind, event.status, event.startsAt, event.at, event.isOverride,
            event.causedBy, event.reasonSealed, account.name AS byName
       FROM visit_event event LEFT JOIN account ON account.id = event.byId
      WHERE event.visitId IN (${placeholders(visitIds)}) ORDER BY event.visitId, event.version`,
    [...visitIds],
  );
  const cipher = cipherOf(manager);
  for (const { visitId, startsAt, at, byName, isOverride, reasonSealed, ...step } of rows) {
    histories.get(visitId)?.push({
      ...step,
      startsAt: new Date(Number(startsAt)),
      at: new Date(Number(at)),
      by: byName,
      isOverride: Boolean(isOverride),
      reason: openReason(cipher, reasonSealed),
    });
  }
  return histories;
}

interface StepRow extends Pick<Step, 'version' | 'kind' | 'status' | 'causedBy'> {
  visitId: number;
  startsAt: number | string;
  at: number | string;
  byName: string | null;
  isOverride: boolean | number;
  reasonSealed: string | null;
}

/** Who called a visit off, as its family is told: the platform does so because of a stay, or because the file ended. */
export type CancelledBy = CancelCause | 'STAY' | 'END';

/** Who called these visits off; one that was not is missing. One statement. */
export async function cancellersOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, CancelledBy>> {
  if (visitIds.length === 0) return new Map();
  const rows: {
    visitId: number;
    causedBy: CancelCause | null;
    byId: number | null;
    awayId: number | null;
    decision: ObjectionDecision | null;
  }[] = await manager.query(
    `SELECT event.visitId, event.causedBy, event.byId, away.visitId AS awayId, objection.decision
         FROM visit_event event
         JOIN visit ON visit.id = event.visitId AND visit.version = event.version AND visit.status = 'CANCELLED'
         LEFT JOIN visit_away away ON away.visitId = event.visitId
         LEFT JOIN visit_objection objection ON objection.visitId = event.visitId
        WHERE event.kind = 'CANCEL' AND event.visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  return new Map(
    rows.map(({ visitId, causedBy, byId, awayId, decision }) => {
      if (decision === 'UPHELD') return [visitId, 'STATION'];
      if (causedBy !== null) return [visitId, causedBy];
      // Before it was asked on whose account, only stations and families called off by hand, and families paid nothing.
      if (byId !== null) return [visitId, 'STATION'];
      return [visitId, awayId === null ? 'END' : 'STAY'];
    }),
  );
}
