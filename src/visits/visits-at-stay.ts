import type { EntityManager } from 'typeorm';
import { awayFate } from '../elders/away.rules.js';
import { type AwaySpan, type AwaySpans, spansOfAll } from '../elders/institution-stays.js';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';

/** A visit to come of which nobody knows whether the elder will be at home. */
export interface VisitAtStay {
  visitId: number;
  startsAt: Date;
  /** The first day of the stay that it falls into. */
  awayFrom: Day;
  /** When the elder is thought to be back; null where nobody knows. */
  expectedBackOn: Day | null;
}

/** How far ahead is looked, in days: what lies further, nobody has to arrange yet. */
export const daysAhead = 31;

/**
 * Visits of the next month at stations of the scope within a facility that may fall into a stay elsewhere, in order of start, at
 * most `rowsMax`. Those that surely do are called off and no part of it. Two statements, and two more for every five
 * thousand elders who have visits to come.
 */
export async function visitsAtStays(
  manager: EntityManager,
  within: number,
  { scope, spansOf, now }: { scope: Scope; spansOf: AwaySpans; now: Date },
  rowsMax: number,
): Promise<VisitAtStay[]> {
  const today = dayOf(now);
  const places = await narrowed(manager, scope, within, today);
  if (places === 'everywhere' || places.length === 0) return [];
  const beneath = withBeneath(places, today);
  const rows: { id: number; elderId: number; startsAt: number | string }[] = await manager.query(
    `${beneath.sql} SELECT visit.id, visit.elderId, visit.startsAt FROM visit
      WHERE visit.status IN ('REQUESTED', 'ASSIGNED') AND visit.startsAt > ?
        AND visit.startsAt < ? AND visit.stationId IN (SELECT facilityId FROM beneath) ORDER BY visit.startsAt, visit.id`,
    [...beneath.parameters, now.getTime(), instantOn(addDays(today, daysAhead), 0).getTime()],
  );
  const elderIds = rows.map(({ elderId }) => elderId);
  const spans = await spansOfAll(manager, elderIds, spansOf, today);
  const found: VisitAtStay[] = [];
  for (const { id, elderId, startsAt } of rows) {
    if (found.length === rowsMax) break;
    const day = dayOf(new Date(Number(startsAt)));
    const own = spans.get(elderId) ?? [];
    if (awayFate(day, own, today) !== 'AT_RISK') continue;
    const span = own.find(({ fromDay, toDay }) => isWithinDays(day, fromDay, toDay)) as AwaySpan;
    found.push({ visitId: id, startsAt: new Date(Number(startsAt)), ...shown(span) });
  }
  return found;
}

function shown({ fromDay, toDay, saidUntil, isExpected }: AwaySpan) {
  const isPatient = !isExpected && saidUntil !== null && saidUntil > fromDay;
  return { awayFrom: fromDay, expectedBackOn: isPatient ? saidUntil : toDay };
}
