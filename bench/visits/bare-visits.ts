import { randomUUID } from 'node:crypto';
import { createPool, type PoolConnection, type ResultSetHeader } from 'mysql2/promise';
import { type LoadResult, Tally } from '../support/load.js';
import type { VisitCity } from './visit-city.js';

/** What a transaction by hand needs of one booking. */
export interface BareBooking {
  elderId: number;
  caregiverId: number;
  startMs: number;
}

const visit = `INSERT INTO visit (requestId, occurrence, elderId, serviceId, stationId, startsAt, endsAt, status,
  subsidyFen, selfPaidFen, bookedAt, version) VALUES (?, 0, ?, ?, ?, ?, ?, 'ASSIGNED', 0, 2500, ?, 1)`;
const booking =
  'INSERT INTO visit_booking (visitId, promisedAt, flexMinutes, hoursMinutes) VALUES (?, ?, 0, 0)';
const part = 'INSERT INTO visit_caregiver (visitId, caregiverId, startsAt, endsAt) VALUES (?, ?, ?, ?)';
const event = `INSERT INTO visit_event (visitId, version, kind, status, startsAt, at, isOverride)
  VALUES (?, 1, 'BOOK', 'ASSIGNED', ?, ?, FALSE)`;
const record = `INSERT INTO audit_record (id, at, roles, operation, elderId, subject, result, times, details)
  VALUES (?, ?, 'FAMILY', 'bookVisit', ?, ?, 'DONE', 1, ?)`;

/** Beyond every id that a server hands out while it is measured. */
let nextRecordId = 8_000_000_000_000;

/** Mysql2 by hand: elder and caregiver locked, looked at, and the same rows written, a transaction a booking. */
export async function bareBookings(
  databaseUrl: string,
  city: VisitCity,
  { seconds, loops, next }: { seconds: number; loops: number; next: () => BareBooking },
): Promise<LoadResult> {
  const pool = createPool({ uri: databaseUrl, connectionLimit: loops });
  pool.pool.on('connection', (connection) => {
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  const connections = await Promise.all(Array.from({ length: loops }, () => pool.getConnection()));
  const tally = new Tally();
  const endsMs = performance.now() + seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < endsMs) {
        const sentMs = performance.now();
        await book(connection, city, next());
        tally.addDone(1, 1, sentMs);
      }
    }),
  );
  const result = tally.result();
  for (const connection of connections) connection.release();
  await pool.end();
  return result;
}

async function book(
  connection: PoolConnection,
  { serviceId, stationId }: VisitCity,
  { elderId, caregiverId, startMs }: BareBooking,
): Promise<void> {
  const endMs = startMs + 3_600_000;
  await connection.beginTransaction();
  await connection.execute('SELECT id FROM elder WHERE id = ? FOR UPDATE', [elderId]);
  await connection.execute('SELECT id FROM caregiver WHERE id = ? FOR UPDATE', [caregiverId]);
  const overlap = 'startsAt < ? AND endsAt > ? AND startsAt > ?';
  const within = [endMs, startMs, startMs - 86_400_000];
  await connection.execute(`SELECT id FROM visit WHERE elderId = ? AND ${overlap}`, [elderId, ...within]);
  await connection.execute(`SELECT visitId FROM visit_caregiver WHERE caregiverId = ? AND ${overlap}`, [
    caregiverId,
    ...within,
  ]);
  const who = [elderId, serviceId, stationId];
  const [inserted] = await connection.execute<ResultSetHeader>(visit, [
    randomUUID(),
    ...who,
    startMs,
    endMs,
    startMs,
  ]);
  const id = inserted.insertId;
  await connection.execute(booking, [id, startMs]);
  await connection.execute(part, [id, caregiverId, startMs, endMs]);
  await connection.execute(event, [id, startMs, startMs]);
  nextRecordId += 1;
  await connection.execute(record, [nextRecordId, startMs, elderId, `visit:${id}`, '{"asked":{}}']);
  await connection.commit();
}
