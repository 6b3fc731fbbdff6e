import type { EntityManager } from 'typeorm';
import type { Text } from '../../shared/text.js';
import type { FactPart } from './plan-facts.js';

/** A visit before and after a plan: what a family would be told. */
export interface PlannedChange {
  visitId: number;
  elderId: number;
  /** Its version when the plan was made. */
  version: number;
  before: { startsAt: Date; caregiverIds: readonly number[] };
  /** Null where the plan leaves it out. */
  after: { startsAt: Date; endsAt: Date; parts: readonly FactPart[] } | null;
  /** Why it is left out; null where it is not. */
  reason: { code: string; text: Text } | null;
}

/** What a plan would change, in order of start, and the visits that it leaves out. Two statements. */
export async function readChanges(manager: EntityManager, planId: number): Promise<PlannedChange[]> {
  const visits: VisitRow[] = await manager.query(
    `SELECT planned.visitId, planned.version, planned.startsAt, planned.firstCaregiverId,
            planned.secondCaregiverId, planned.secondStartsAt, planned.leftOutCode, planned.reasonZh,
            planned.reasonEn, visit.elderId
       FROM plan_run_visit planned JOIN visit ON visit.id = planned.visitId
      WHERE planned.planId = ? AND planned.role = 'OPEN' ORDER BY planned.startsAt, planned.visitId`,
    [planId],
  );
  const stops: StopRow[] = await manager.query(
    `SELECT visitId, caregiverId, startsAt, endsAt FROM plan_run_stop
      WHERE planId = ? ORDER BY visitId, part`,
    [planId],
  );
  const partsOf = new Map<number, FactPart[]>();
  for (const { visitId, caregiverId, startsAt, endsAt } of stops) {
    const part = { caregiverId, startsAt: new Date(Number(startsAt)), endsAt: new Date(Number(endsAt)) };
    partsOf.set(visitId, [...(partsOf.get(visitId) ?? []), part]);
  }
  return visits.flatMap((row) => {
    const parts = partsOf.get(row.visitId) ?? [];
    // Before the first plan was found nothing is known of a visit, not even that it is left out.
    const isUnknown = parts.length === 0 && row.leftOutCode === null;
    return isUnknown || isUnchanged(row, parts) ? [] : [changeOf(row, parts)];
  });
}

function isUnchanged(row: VisitRow, parts: readonly FactPart[]): boolean {
  const before = [
    [row.firstCaregiverId, Number(row.startsAt)],
    [row.secondCaregiverId, Number(row.secondStartsAt)],
  ].filter(([id]) => id !== null);
  const after = parts.map(({ caregiverId, startsAt }) => [caregiverId, startsAt.getTime()]);
  const inOrder = (each: readonly (readonly (number | null)[])[]) => each.map(String).sort().join(';');
  return parts.length > 0 && inOrder(before) === inOrder(after);
}

function changeOf(row: VisitRow, parts: readonly FactPart[]): PlannedChange {
  const { visitId, elderId, version, leftOutCode: code, reasonZh, reasonEn } = row;
  const starts = parts.map(({ startsAt }) => startsAt.getTime());
  const ends = parts.map(({ endsAt }) => endsAt.getTime());
  return {
    visitId,
    elderId,
    version,
    before: {
      startsAt: new Date(Number(row.startsAt)),
      caregiverIds: [row.firstCaregiverId, row.secondCaregiverId].filter((id) => id !== null),
    },
    after:
      parts.length === 0
        ? null
        : { startsAt: new Date(Math.min(...starts)), endsAt: new Date(Math.max(...ends)), parts },
    reason: code === null ? null : { code, text: { zh: reasonZh ?? '', en: reasonEn ?? '' } },
  };
}

interface VisitRow {
  visitId: number;
  elderId: number;
  version: number;
  startsAt: number | string;
  firstCaregiverId: number | null;
  secondCaregiverId: number | null;
  secondStartsAt: number | string | null;
  leftOutCode: string | null;
  reasonZh: string | null;
  reasonEn: string | null;
}

interface StopRow {
  visitId: number;
  caregiverId: number;
  startsAt: number | string;
  endsAt: number | string;
}
