import type { EntityManager } from 'typeorm';
import type { Visit, VisitStatus } from '../../entities/visits/visit.entity.js';
import type { CancelCause, VisitEventKind } from '../../entities/visits/visit-event.entity.js';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { FieldCipher } from '../shared/field-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import {
  type Insert,
  placeholders,
  type Reading,
  readTogether,
  writeTogether,
} from '../shared/statements.js';
import { announceVisit } from './visit-news.js';

/** The name that is authenticated with a reason; stored in no row, and never to be changed. */
const reasonName = 'visit_event.reason';

export const sealedVisitReasons: SealedTable = {
  table: 'visit_event',
  idColumn: 'id',
  columns: { reasonSealed: () => reasonName },
};

/** Why a step was taken; null where no reason was asked for. */
export function openReason(cipher: FieldCipher, reasonSealed: string | null): string | null {
  return reasonSealed === null ? null : cipher.decrypt(reasonName, reasonSealed);
}

/**
 * Keeps the time of elders and caregivers from being changed by others until the transaction ends: elders first,
 * then caregivers, each in the order of their ids, so that no two wait for each other. Everything that looks for a
 * free time, or changes who is where when, begins with this.
 */
export async function lockTimes(manager: EntityManager, whose: Whose): Promise<void> {
  await readTogether(manager, timesLocked(manager, whose).statements);
}

export interface Whose {
  elderIds: readonly number[];
  caregiverIds: readonly number[];
}

/** The same for whoever reads in the same round trip what is locked. */
export function timesLocked(manager: EntityManager, { elderIds, caregiverIds }: Whose): Reading<void> {
  const tables = [
    ['elder', elderIds],
    ['caregiver', caregiverIds],
  ] as const;
  const statements = tables
    .filter(([, ids]) => ids.length > 0)
    .map(([table, ids]) => ({
      sql: `SELECT id FROM ${table} WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(manager)}`,
      parameters: ids,
    }));
  return { statements, of: () => undefined };
}

/** Where a step leads, and who took it. */
export interface VisitChange {
  visit: Pick<Visit, 'id' | 'version' | 'status' | 'startsAt' | 'endsAt' | 'elderId' | 'stationId'>;
  /** Who is to come, and who was until now: they are told of it. */
  caregiverIds: readonly number[];
  kind: VisitEventKind;
  status: VisitStatus;
  /** The new time; as before without it. */
  startsAt?: Date;
  endsAt?: Date;
  at: Date;
  /** Null for the server. */
  byId: number | null;
  isOverride?: boolean;
  reason?: string | null;
  /** Of a visit that is called off: on whose account. */
  causedBy?: CancelCause;
  /** Who pays from now on; as before without it. */
  sums?: { subsidyFen: number; selfPaidFen: number };
}

/**
 * Takes a step of a visit whose elder and caregivers are locked: the new version, the event that tells of it, and, once
 * it is committed, news for the station, the elder's relatives and the caregivers.
 */
export async function changeVisit(manager: EntityManager, change: VisitChange): Promise<void> {
  const { visit, status, startsAt = visit.startsAt, endsAt = visit.endsAt } = change;
  const { sums, caregiverIds } = change;
  const version = visit.version + 1;
  await writeTogether(manager, [
    {
      sql: `UPDATE visit SET status = ?, startsAt = ?, endsAt = ?, version = version + 1${
        sums ? ', subsidyFen = ?, selfPaidFen = ?' : ''
      } WHERE id = ? AND version = ?`,
      parameters: [
        ...[status, startsAt.getTime(), endsAt.getTime()],
        ...(sums ? [sums.subsidyFen, sums.selfPaidFen] : []),
        ...[visit.id, visit.version],
      ],
      affects: 1,
    },
    eventRows(manager, [{ ...change, startsAt, version }]),
  ]);
  const { id: visitId, elderId, stationId } = visit;
  announceVisit(manager, { visitId, version, stationIds: [stationId], elderId, caregiverIds });
}

/**
 * Writes down steps whose visits are written otherwise, such as the booking of a series. It tells nobody: whoever
 * takes such steps announces them (`announceVisit`).
 */
export async function writeEvents(
  manager: EntityManager,
  events: readonly VisitEventToWrite[],
): Promise<void> {
  await writeTogether(manager, [eventRows(manager, events)]);
}

export type VisitEventToWrite = Omit<VisitChange, 'visit' | 'caregiverIds'> & {
  visit: { id: number };
  startsAt: Date;
  version: number;
};

/** The rows of these steps, to be written together with others. */
export function eventRows(manager: EntityManager, events: readonly VisitEventToWrite[]): Insert {
  const cipher = cipherOf(manager);
  return {
    table: 'visit_event',
    columns: [
      'visitId',
      'version',
      'kind',
      'status',
      'startsAt',
      'at',
      'byId',
      'isOverride',
      'causedBy',
      'reasonSealed',
    ],
    rows: events.map(
      ({
        visit,
        version,
        kind,
        status,
        startsAt,
        at,
        byId,
        isOverride = false,
        causedBy = null,
        reason = null,
      }) => [
        visit.id,
        version,
        kind,
        status,
        startsAt.getTime(),
        at.getTime(),
        byId,
        isOverride,
        causedBy,
        reason === null ? null : cipher.encrypt(reasonName, reason),
      ],
    ),
  };
}
