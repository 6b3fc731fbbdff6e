import type { EntityManager } from 'typeorm';
import { facilityByCode } from '../network/find-facilities.js';
import { type Refusal, refuse } from '../shared/refusal.js';

export interface ListedReader {
  accountId: number;
  name: string;
  enrolledAt: Date;
  /** When its present key was made: the enrolment, or the last rotation. */
  keyMadeAt: Date;
  /** Null while it is in service. */
  revokedAt: Date | null;
}

/** All readers that a canteen ever had, in the order of their enrolment. */
export async function listReaders(
  manager: EntityManager,
  canteenCode: string,
): Promise<ListedReader[] | Refusal<'FACILITY_UNKNOWN'>> {
  const facility = await facilityByCode(manager, canteenCode);
  if (!facility) {
    return refuse('FACILITY_UNKNOWN', { zh: '没有此编码的机构', en: 'No facility has this code' }, ['code']);
  }
  const rows: ReaderRow[] = await manager.query(
    `SELECT a.id AS accountId, a.name AS name, g.fromAt AS enrolledAt, g.untilAt AS revokedAt,
            (SELECT MAX(t.createdAt) FROM access_token t WHERE t.accountId = a.id) AS keyMadeAt
       FROM access_grant g JOIN account a ON a.id = g.accountId
      WHERE g.facilityId = ? AND g.role = 'READER' ORDER BY a.id`,
    [facility.id],
  );
  return rows.map((row) => ({
    accountId: row.accountId,
    name: row.name,
    enrolledAt: new Date(Number(row.enrolledAt)),
    keyMadeAt: new Date(Number(row.keyMadeAt)),
    revokedAt: row.revokedAt === null ? null : new Date(Number(row.revokedAt)),
  }));
}

interface ReaderRow {
  accountId: number;
  name: string;
  enrolledAt: number | string;
  keyMadeAt: number | string;
  revokedAt: number | string | null;
}
