import type { PersonalRecords } from '../elders/personal-records.js';

/** What visits keep about an elder: who came when, for what, and who paid. */
export const elderVisitRecords: PersonalRecords = {
  name: 'visits',

  async collect(manager, elderId) {
    const rows: Record<string, number | string | null>[] = await manager.query(
      `SELECT service.code AS serviceCode, station.code AS stationCode, visit.status, visit.startsAt, visit.endsAt,
              visit.checkedInAt, visit.checkedOutAt, visit.bookedAt, visit.subsidyFen, visit.selfPaidFen
         FROM visit
         JOIN home_service service ON service.id = visit.serviceId
         JOIN facility station ON station.id = visit.stationId
        WHERE visit.elderId = ? ORDER BY visit.startsAt, visit.id`,
      [elderId],
    );
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(readable)));
  },

  async erase() {
    // A visit names the elder by the number of the file alone, which tells nothing once that is empty.
  },
};

function readable([name, value]: [string, number | string | null]): [string, number | string | null] {
  if (value === null) return [name, null];
  if (name.endsWith('At')) return [name, new Date(Number(value)).toISOString()];
  return [name, name.endsWith('Fen') ? Number(value) : value];
}
