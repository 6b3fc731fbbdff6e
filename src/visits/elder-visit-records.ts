import type { PersonalRecords } from '../elders/personal-records.js';
import { agreementsOf, historiesOf } from './find-agreements.js';
import { paymentsOfVisits } from './find-payments.js';

/** What visits keep about an elder: who came when, for what, and who paid. */
export const elderVisitRecords: PersonalRecords = {
  name: 'visits',

  async collect(manager, elderId) {
    const rows: Record<string, number | string | null>[] = await manager.query(
      `SELECT service.code AS serviceCode, station.code AS stationCode, visit.status, visit.startsAt, visit.endsAt,
              visit.checkedInAt, visit.checkedOutAt, visit.bookedAt, visit.subsidyFen, visit.selfPaidFen,
              visit.id, booking.promisedAt, booking.hoursMinutes, series.recurrence, CAST(away.sinceDay AS CHAR) AS elsewhereSince
         FROM visit
         LEFT JOIN visit_booking booking ON booking.visitId = visit.id
         LEFT JOIN visit_series series ON series.id = booking.seriesId
         LEFT JOIN visit_away away ON away.visitId = visit.id
         JOIN home_service service ON service.id = visit.serviceId
         JOIN facility station ON station.id = visit.stationId
        WHERE visit.elderId = ? ORDER BY visit.startsAt, visit.id`,
      [elderId],
    );
    const ids = rows.map(({ id }) => Number(id));
    const agreements = await agreementsOf(manager, ids);
    const histories = await historiesOf(manager, ids);
    const payments = await paymentsOfVisits(manager, ids);
    return rows.map(({ id, ...row }) => ({
      ...Object.fromEntries(Object.entries(row).map(readable)),
      note: agreements.get(Number(id))?.note ?? null,
      payments: (payments.get(Number(id)) ?? []).map(({ fen, means, takenBy, recordedAt, reason }) => ({
        fen,
        means,
        takenBy,
        recordedAt: recordedAt.toISOString(),
        reason,
      })),
      steps: (histories.get(Number(id)) ?? []).map(({ kind, status, at, startsAt, causedBy, reason }) => ({
        kind,
        status,
        at: at.toISOString(),
        startsAt: startsAt.toISOString(),
        causedBy,
        reason,
      })),
    }));
  },

  async unsettled(manager, elderId) {
    // Whoever asks has locked the elder, and no visit takes a step without that.
    const has = async (sql: string) => ((await manager.query(sql, [elderId])) as unknown[]).length > 0;
    const isOpen = await has(
      "SELECT id FROM visit WHERE elderId = ? AND status IN ('REQUESTED', 'ASSIGNED', 'IN_PROGRESS') LIMIT 1",
    );
    const isUnpaid = await has(
      `SELECT visit.id FROM visit JOIN visit_evidence evidence ON evidence.visitId = visit.id
        WHERE visit.elderId = ? AND evidence.openStationId IS NOT NULL LIMIT 1`,
    );
    return [
      ...(isOpen ? [{ zh: '未结束的上门服务', en: 'a visit that is still to come or under way' }] : []),
      ...(isUnpaid
        ? [{ zh: '待核定付款的上门服务', en: 'a visit whose payment waits for somebody to look' }]
        : []),
    ];
  },

  async erase(manager, elderId) {
    // A visit names the elder by the number of the file alone, which tells nothing once that is empty; words may tell.
    const own = 'visitId IN (SELECT id FROM visit WHERE elderId = ?)';
    await manager.query(`UPDATE visit_booking SET noteSealed = NULL WHERE ${own}`, [elderId]);
    await manager.query(`UPDATE visit_event SET reasonSealed = NULL WHERE ${own}`, [elderId]);
    await manager.query('UPDATE family_payment SET reasonSealed = NULL WHERE elderId = ?', [elderId]);
  },
};

function readable([name, value]: [string, number | string | null]): [string, number | string | null] {
  if (value === null) return [name, null];
  if (name.endsWith('At')) return [name, new Date(Number(value)).toISOString()];
  return [name, name.endsWith('Fen') ? Number(value) : value];
}
