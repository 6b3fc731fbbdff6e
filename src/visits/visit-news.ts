import type { EntityManager } from 'typeorm';
import { coversElder } from '../elders/elder-scope.js';
import { covers } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { announce } from '../shared/live/announce.js';
import { type Topic, topicKind } from '../shared/live/live-event.js';
import type { VisitReach } from './visit-reach.js';

/** Which visit changed, and its version: a whole number that grows with each change of that visit. */
export type VisitNews = { visitId: number; version: number };

const keyOf = ({ visitId }: VisitNews) => visitId;

export const visitsOfStation = topicKind<VisitNews>('visits/station', keyOf);
export const visitsOfElder = topicKind<VisitNews>('visits/elder', keyOf);
export const visitsOfCaregiver = topicKind<VisitNews>('visits/caregiver', keyOf);

/** Whom a change of a visit concerns, those whom it concerned until now too. */
export interface ChangedVisit extends VisitNews {
  stationIds: readonly number[];
  elderId: number;
  caregiverIds: readonly number[];
}

/**
 * Tells everybody whom it concerns that a visit was booked, moved, given to somebody, begun, done or called off, when
 * the transaction is committed. Of a visit that went from one caregiver, or station, to another, name both.
 */
export function announceVisit(
  manager: EntityManager,
  { visitId, version, stationIds, elderId, caregiverIds }: ChangedVisit,
): void {
  const topics = [
    ...[...new Set(stationIds)].map(visitsOfStation),
    visitsOfElder(elderId),
    ...[...new Set(caregiverIds)].map(visitsOfCaregiver),
  ];
  for (const topic of topics) announce(manager, topic, { visitId, version });
}

/** Whose visits somebody wants to hear of; the caller's own as a caregiver when neither is given. */
export interface HeardVisits {
  stationId?: number | undefined;
  elderId?: number | undefined;
}

/** The topics of these visits; undefined when they lie out of reach, and as well when there is no such place or elder. */
export async function visitTopics(
  manager: EntityManager,
  { stationId, elderId }: HeardVisits,
  reach: VisitReach,
  today: Day,
): Promise<Topic<VisitNews>[] | undefined> {
  if (stationId !== undefined) {
    const isCovered = await covers(manager, reach.stations, stationId, today);
    return isCovered && (await isFacility(manager, stationId)) ? [visitsOfStation(stationId)] : undefined;
  }
  if (elderId !== undefined) {
    const [elder]: { homeStationId: number | null }[] = await manager.query(
      'SELECT homeStationId FROM elder WHERE id = ?',
      [elderId],
    );
    // Of an elder that there is not it is asked as much as of a foreign one.
    const asked = { id: elderId, homeStationId: elder?.homeStationId ?? null };
    const scope = { places: reach.stations, elderIds: reach.elderIds };
    return (await coversElder(manager, scope, asked, today)) && elder ? [visitsOfElder(elderId)] : undefined;
  }
  const rows: { id: number }[] = await manager.query('SELECT id FROM caregiver WHERE accountId = ?', [
    reach.own.accountId,
  ]);
  return rows.map(({ id }) => visitsOfCaregiver(id));
}

/**
 * True when every visit of the topic was the caller's to see, so that one which it sees no longer is its business too:
 * an elder whom it sees by place may have visits of other stations.
 */
export function concernsWhole({ elderId }: HeardVisits, reach: VisitReach): boolean {
  return elderId === undefined || reach.stations === 'everywhere' || reach.elderIds.includes(elderId);
}

async function isFacility(manager: EntityManager, id: number): Promise<boolean> {
  const rows: unknown[] = await manager.query('SELECT id FROM facility WHERE id = ?', [id]);
  return rows.length > 0;
}
