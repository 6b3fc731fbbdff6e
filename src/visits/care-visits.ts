import type { EntityManager } from 'typeorm';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { CheckKind, TagResult } from '../../entities/visits/visit-check.entity.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { lockTimes } from './change-visit.js';
import type { ScoredTap } from './evidence.rules.js';
import type { Tap } from './presence.rules.js';
import type { TapDoubt } from './tap.rules.js';
import { type VisitReach, withinReach } from './visit-reach.js';

/** A tap as it is kept. */
export interface KeptTap extends Tap, ScoredTap {
  deviceAtMs: number;
}

/** The time that a visit takes of a caregiver. */
export interface CarePart {
  caregiverId: number;
  accountId: number;
  startsAt: Date;
  endsAt: Date;
}

/** A visit as far as carrying it out asks. */
export interface CareVisit {
  id: number;
  elderId: number;
  stationId: number;
  startsAt: Date;
  endsAt: Date;
  status: VisitStatus;
  version: number;
  checkedInAt: Date | null;
  checkedOutAt: Date | null;
  parts: CarePart[];
  taps: KeptTap[];
}

/** Which of these visits lie within reach. One statement. */
export async function reachedVisits(
  manager: EntityManager,
  ids: readonly number[],
  reach: VisitReach,
  today: Day,
): Promise<number[]> {
  const within = withinReach(reach, today);
  const rows: { id: number }[] = await manager.query(
    `${within.with.sql} SELECT visit.id FROM visit
      WHERE visit.id IN (${placeholders(ids) || 'NULL'}) AND ${within.where.sql}`,
    [...within.with.parameters, ...ids, ...within.where.parameters],
  );
  return rows.map(({ id }) => id);
}

/**
 * These visits with all that was tapped, kept from being changed by others until the transaction ends: their elders,
 * then their caregivers. Six statements, however many.
 */
export async function lockCareVisits(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, CareVisit>> {
  const inIds = placeholders(ids) || 'NULL';
  const elders: { elderId: number }[] = await manager.query(
    `SELECT DISTINCT elderId FROM visit WHERE id IN (${inIds})`,
    [...ids],
  );
  await lockTimes(manager, { elderIds: elders.map(({ elderId }) => elderId), caregiverIds: [] });
  // Nobody gives a visit to others without its elder.
  const caregivers: { caregiverId: number }[] = await manager.query(
    `SELECT DISTINCT caregiverId FROM visit_caregiver WHERE visitId IN (${inIds})`,
    [...ids],
  );
  await lockTimes(manager, {
    elderIds: [],
    caregiverIds: caregivers.map(({ caregiverId }) => caregiverId),
  });
  return readCareVisits(manager, ids);
}

/** The same without keeping anybody from anything. Three statements. */
export async function readCareVisits(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, CareVisit>> {
  if (ids.length === 0) return new Map();
  const rows: VisitRow[] = await manager.query(
    `SELECT id, elderId, stationId, startsAt, endsAt, status, version, checkedInAt, checkedOutAt
       FROM visit WHERE id IN (${placeholders(ids)}) ORDER BY id`,
    [...ids],
  );
  const visits = new Map(rows.map((row) => [row.id, visitOf(row)]));
  const parts: (Times & { visitId: number; caregiverId: number; accountId: number })[] = await manager.query(
    `SELECT part.visitId, part.caregiverId, caregiver.accountId, part.startsAt, part.endsAt
       FROM visit_caregiver part JOIN caregiver ON caregiver.id = part.caregiverId
      WHERE part.visitId IN (${placeholders(ids)}) ORDER BY part.visitId, part.startsAt, part.caregiverId`,
    [...ids],
  );
  for (const { visitId, startsAt, endsAt, ...part } of parts) {
    visits.get(visitId)?.parts.push({ ...part, startsAt: instant(startsAt), endsAt: instant(endsAt) });
  }
  const taps: TapRow[] = await manager.query(
    `SELECT visitId, requestId, caregiverId, kind, deviceAt, countsAt, isOffline, distanceMetres, tag, doubts
       FROM visit_check WHERE visitId IN (${placeholders(ids)}) ORDER BY id`,
    [...ids],
  );
  for (const row of taps) visits.get(row.visitId)?.taps.push(tapOf(row));
  return visits;
}

type Times = Record<'startsAt' | 'endsAt', number | string>;
type VisitRow = Times &
  Pick<CareVisit, 'id' | 'elderId' | 'stationId' | 'status' | 'version'> &
  Record<'checkedInAt' | 'checkedOutAt', number | string | null>;

const instant = (ms: number | string) => new Date(Number(ms));

function visitOf({ startsAt, endsAt, checkedInAt, checkedOutAt, ...row }: VisitRow): CareVisit {
  return {
    ...row,
    startsAt: instant(startsAt),
    endsAt: instant(endsAt),
    checkedInAt: checkedInAt === null ? null : instant(checkedInAt),
    checkedOutAt: checkedOutAt === null ? null : instant(checkedOutAt),
    parts: [],
    taps: [],
  };
}

interface TapRow {
  visitId: number;
  requestId: string;
  caregiverId: number;
  kind: CheckKind;
  deviceAt: number | string;
  countsAt: number | string;
  isOffline: boolean | number;
  distanceMetres: number | null;
  tag: TagResult;
  doubts: string;
}

/** Where the position was not told, the doubts say so: the position itself is taken out after a while. */
const withoutPosition = 'UNPLACED';

function tapOf({ visitId: _, deviceAt, countsAt, isOffline, doubts, ...row }: TapRow): KeptTap {
  const words = doubts.split(' ').filter((word) => word !== '');
  return {
    ...row,
    deviceAtMs: Number(deviceAt),
    countsAtMs: Number(countsAt),
    isOffline: Boolean(isOffline),
    hasPosition: !words.includes(withoutPosition),
    doubts: words.filter((word) => word !== withoutPosition) as TapDoubt[],
  };
}

/** The doubts of a tap as its row has them. */
export function doubtWords({ doubts, hasPosition }: Pick<KeptTap, 'doubts' | 'hasPosition'>): string {
  return [...doubts, ...(hasPosition ? [] : [withoutPosition])].join(' ');
}
