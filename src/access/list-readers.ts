import type { EntityManager } from 'typeorm';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';

export interface ListedReader {
  /** The number of its account. */
  id: number;
  name: string;
  canteenId: number;
  enrolledAt: Date;
  /** When its newest key was made: at the enrolment, or at the last rotation. */
  keyMadeAt: Date;
  /** Until when an older key works beside the newest; null when none does. */
  oldKeyUntil: Date | null;
  /** Null while it is in service. */
  revokedAt: Date | null;
  lastSeenAt: Date | null;
  softwareVersion: string | null;
  clockSkewMs: number | null;
  possiblyClonedAt: Date | null;
}

export interface ReadersAsked {
  /** Only those at this facility or beneath it; undefined for all of the scope. */
  within?: number | undefined;
  scope: Scope;
  now: Date;
}

/** Readers in service and revoked, in the order of their numbers: the first `rowsMax` after `afterId`. */
export async function listReaders(
  manager: EntityManager,
  asked: ReadersAsked,
  page: { afterId: number; rowsMax: number },
): Promise<ListedReader[]> {
  const nowMs = asked.now.getTime();
  const { beneath, place, parameters } = await area(manager, asked, dayOf(asked.now));
  const rows: ReaderRow[] = await manager.query(
    `${beneath}
     SELECT a.id AS id, a.name AS name, g.facilityId AS canteenId, g.fromAt AS enrolledAt, g.untilAt AS revokedAt,
            (SELECT MAX(t.createdAt) FROM access_token t WHERE t.accountId = a.id) AS keyMadeAt,
            (SELECT MAX(o.revokedAt) FROM access_token o
              WHERE o.accountId = a.id AND o.revokedAt > ?) AS oldKeyUntil,
            s.lastSeenAt AS lastSeenAt, s.softwareVersion AS softwareVersion,
            s.clockSkewMs AS clockSkewMs, s.possiblyClonedAt AS possiblyClonedAt
       FROM access_grant g JOIN account a ON a.id = g.accountId
       LEFT JOIN reader_sighting s ON s.readerId = a.id
      WHERE g.role = 'READER' AND ${place} AND a.id > ? ORDER BY a.id LIMIT ?`,
    [...parameters, nowMs, page.afterId, page.rowsMax],
  );
  return rows.map((row) => ({
    ...row,
    enrolledAt: new Date(Number(row.enrolledAt)),
    keyMadeAt: new Date(Number(row.keyMadeAt)),
    oldKeyUntil: instant(row.oldKeyUntil),
    revokedAt: instant(row.revokedAt),
    lastSeenAt: instant(row.lastSeenAt),
    clockSkewMs: row.clockSkewMs === null ? null : Number(row.clockSkewMs),
    possiblyClonedAt: instant(row.possiblyClonedAt),
  }));
}

/** How many `listReaders` has on all pages. */
export async function countReaders(manager: EntityManager, asked: ReadersAsked): Promise<number> {
  const { beneath, place, parameters } = await area(manager, asked, dayOf(asked.now));
  const rows: { count: number | string }[] = await manager.query(
    `${beneath} SELECT COUNT(*) AS count FROM access_grant g WHERE g.role = 'READER' AND ${place}`,
    parameters,
  );
  return Number(rows[0]?.count);
}

/** One reader that the scope covers, to be shown after something was done to it. */
export async function listedReader(
  manager: EntityManager,
  id: number,
  asked: ReadersAsked,
): Promise<ListedReader> {
  const [reader] = await listReaders(manager, asked, { afterId: id - 1, rowsMax: 1 });
  if (reader?.id !== id) throw new Error(`reader ${id} is not where it was just found`);
  return reader;
}

async function area(manager: EntityManager, { scope, within }: ReadersAsked, today: Day) {
  const where = await narrowed(manager, scope, within, today);
  if (where === 'everywhere') return { beneath: '', place: '1 = 1', parameters: [] };
  const { sql, parameters } = withBeneath(where, today);
  return { beneath: sql, place: 'g.facilityId IN (SELECT facilityId FROM beneath)', parameters };
}

function instant(value: number | string | null): Date | null {
  return value === null ? null : new Date(Number(value));
}

interface ReaderRow {
  id: number;
  name: string;
  canteenId: number;
  enrolledAt: number | string;
  keyMadeAt: number | string;
  oldKeyUntil: number | string | null;
  revokedAt: number | string | null;
  lastSeenAt: number | string | null;
  softwareVersion: string | null;
  clockSkewMs: number | string | null;
  possiblyClonedAt: number | string | null;
}
