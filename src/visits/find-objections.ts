import type { EntityManager } from 'typeorm';
import type { ObjectionDecision } from '../../entities/visits/visit-objection.entity.js';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
import { objectionNoteName, objectionReasonName } from './sealed-care.js';

export interface FoundObjection {
  visitId: number;
  /** Null once the elder's file was erased. */
  reason: string | null;
  madeAt: Date;
  madeById: number;
  /** Null while nobody has decided. */
  decision: ObjectionDecision | null;
  decidedAt: Date | null;
  note: string | null;
}

/** The objections about these visits. One statement. */
export async function objectionsOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, FoundObjection>> {
  if (visitIds.length === 0) return new Map();
  const rows: (Pick<FoundObjection, 'visitId' | 'madeById' | 'decision'> & {
    madeAt: number | string;
    decidedAt: number | string | null;
    reasonSealed: string | null;
    noteSealed: string | null;
  })[] = await manager.query(
    `SELECT visitId, reasonSealed, madeAt, madeById, decision, decidedAt, noteSealed FROM visit_objection
      WHERE visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  const cipher = cipherOf(manager);
  return new Map(
    rows.map(({ visitId, madeAt, decidedAt, reasonSealed, noteSealed, ...row }) => [
      visitId,
      {
        ...row,
        visitId,
        reason: reasonSealed === null ? null : cipher.decrypt(objectionReasonName(visitId), reasonSealed),
        madeAt: new Date(Number(madeAt)),
        decidedAt: decidedAt === null ? null : new Date(Number(decidedAt)),
        note: noteSealed === null ? null : cipher.decrypt(objectionNoteName(visitId), noteSealed),
      },
    ]),
  );
}

/** Objections at stations of the scope within a facility about which nobody has decided, by their visits. */
export async function openObjections(
  manager: EntityManager,
  within: number | undefined,
  rowsMax: number,
  scope: Scope,
  today: Day,
): Promise<FoundObjection[]> {
  const places = await narrowed(manager, scope, within, today);
  const area = places === 'everywhere' ? undefined : withBeneath(places, today);
  const rows: { visitId: number }[] = await manager.query(
    `${area?.sql ?? ''} SELECT visitId FROM visit_objection
      WHERE openStationId IS NOT NULL
        ${area ? 'AND openStationId IN (SELECT facilityId FROM beneath)' : ''}
      ORDER BY visitId LIMIT ?`,
    [...(area?.parameters ?? []), rowsMax],
  );
  const ids = rows.map(({ visitId }) => visitId);
  // Nobody's id where there are none, so that it is asked the same.
  const found = await objectionsOf(manager, ids.length > 0 ? ids : [0]);
  return ids.flatMap((id) => found.get(id) ?? []);
}
