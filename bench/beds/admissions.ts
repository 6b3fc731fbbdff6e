import { randomUUID } from 'node:crypto';
import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import { AuditNotes } from '../../src/audit-log/audit-notes.js';
import { auditColumns, auditRow, done } from '../../src/audit-log/audit-record.js';
import { AuditTrail } from '../../src/audit-log/audit-trail.js';
import { AdmissionDesk } from '../../src/beds/admission-desk.js';
import type { BedRefusal } from '../../src/beds/bed-refusals.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { openReviewsAfterStay } from '../../src/server/institution-stays.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { noon, type Town, today } from '../../test/support/town.js';

export interface Free {
  bedId: number;
  elderId: number;
  facilityId: number;
}

/** So many at once, each taking the next that is left. */
export async function perSecond(
  managers: number,
  wishes: readonly Free[],
  work: (wish: Free) => Promise<void>,
): Promise<number> {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: managers }, async () => {
      for (let wish = wishes[next++]; wish; wish = wishes[next++]) await work(wish);
    }),
  );
  return Math.round((wishes.length / (performance.now() - began)) * 1000);
}

/** As the server does it, with its record in the audit log and what meals do about residents. */
export function byServer(database: Database, { ids, managerId }: Town): (wish: Free) => Promise<void> {
  const notes = new AuditNotes({ database, ids, clock: systemClock });
  const desk = new AdmissionDesk({ database, afterStays: [openReviewsAfterStay] });
  const actor = { ...nobody, accountId: managerId };
  return async ({ bedId, elderId }) => {
    const trail = new AuditTrail({ database, ids, notes, clock: systemClock }, actor);
    trail.begin('admit', {});
    const id = await ids.take(1);
    const wanted = { id, requestId: randomUUID(), bedId, elderId, from: today, holdId: null };
    const acting = { contractSignedOn: null, byId: managerId, now: noon };
    const reach = { beds: 'everywhere', elders: 'everywhere' } as const;
    const result = await trail.writeBy<Stay | BedRefusal>(
      (write) => desk.admit({ wanted: { ...wanted, ...acting }, reach, write }),
      {
        told: (stay) =>
          isRefusal(stay) ? {} : { facilityId: stay.facilityId, elderId, subject: `stay:${stay.id}` },
      },
    );
    if (isRefusal(result)) throw new Error(`${result.refused} ${result.message.en}`);
  };
}

/** The same rows by hand: locks, the check, three inserts, nothing else. */
export function byHand(pool: Pool, { managerId }: Town, firstId: number): (wish: Free) => Promise<void> {
  let id = firstId;
  return async ({ bedId, elderId, facilityId }) => {
    const connection = await pool.getConnection();
    try {
      id += 2;
      const own = id;
      await connection.beginTransaction();
      await connection.query('SELECT id, status FROM elder WHERE id = ? FOR UPDATE', [elderId]);
      await connection.query('SELECT id, type FROM bed WHERE id = ? FOR UPDATE', [bedId]);
      const [taken] = await connection.query<RowDataPacket[]>(
        `SELECT id FROM bed_stay WHERE bedId = ? AND (toDay IS NULL OR toDay > ?)
         UNION ALL SELECT id FROM bed_stay WHERE elderId = ? AND (toDay IS NULL OR toDay > ?)
         UNION ALL SELECT id FROM bed_hold WHERE bedId = ? AND endedAt IS NULL AND expiresAt > ?
         UNION ALL SELECT id FROM bed_out_of_service WHERE bedId = ? AND (toDay IS NULL OR toDay > ?)`,
        [bedId, today, elderId, today, bedId, noon.getTime(), bedId, today],
      );
      if (taken.length > 0) throw new Error(`bed ${bedId} is taken`);
      await connection.query(
        `INSERT INTO bed_stay (id, bedId, facilityId, elderId, fromDay, openBedId, openElderId, admittedOn, trialEndsOn,
           enteredAt, enteredById) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [own, bedId, facilityId, elderId, today, bedId, elderId, today, today, noon.getTime(), managerId],
      );
      await connection.query(
        'INSERT INTO bed_request (requestId, operation, contentHash, rowId, answeredAt) VALUES (?, ?, ?, ?, ?)',
        [randomUUID(), 'ADMIT', 'x'.repeat(64), own, noon.getTime()],
      );
      await insertRecord(connection, own + 1, { bedId, elderId, facilityId }, own, managerId);
      await connection.commit();
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  };
}

/** A record of the audit log like the one that the server leaves. */
async function insertRecord(
  connection: PoolConnection,
  id: number,
  { facilityId, elderId }: Free,
  stayId: number,
  accountId: number,
): Promise<void> {
  const entry = {
    operation: 'admit',
    result: done,
    facilityId,
    elderId,
    subject: `stay:${stayId}`,
    details: '{"asked":{}}',
  };
  const row = auditRow(id, systemClock.now(), { ...nobody, accountId }, entry);
  const values = auditColumns.map((column) => row[column]);
  await connection.query(
    `INSERT INTO audit_record (${auditColumns.join(', ')}) VALUES (${auditColumns.map(() => '?').join(', ')})`,
    values,
  );
  await connection.query('INSERT INTO audit_pending (recordId) VALUES (?)', [id]);
}

const nobody = { accountId: null, roles: ['MANAGER'], address: null, requestId: null, facilityId: null };

/** As many connections as the server has, and at its isolation. */
export function barePool(url: string): Pool {
  const pool = createPool({ uri: url, connectionLimit: 12, charset: 'utf8mb4' });
  pool.pool.on('connection', (connection) => {
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  return pool;
}
