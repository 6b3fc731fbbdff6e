import type { Database } from '../../src/shared/database.js';

/**
 * Looks at the tables with rules of its own, written apart from those of the platform: everything that must never be
 * true of a day of visits, in words. Knows straight ways by bicycle alone, and hours that do not reach over midnight.
 */
export async function brokenVisits(
  database: Database,
  doors: ReadonlyMap<number, { latitudeMicro: number; longitudeMicro: number } | null>,
): Promise<string[]> {
  const parts: Part[] = await database.read((manager) =>
    manager.query(
      `SELECT part.visitId, part.caregiverId, part.startsAt, part.endsAt, visit.elderId, visit.startsAt AS visitStart,
              visit.endsAt AS visitEnd, visit.status, service.bufferMinutes, service.preparationMinutes,
              service.skill, service.genderRule, service.caregivers, caregiver.gender, caregiver.stationId,
              station.latitudeMicro, station.longitudeMicro
         FROM visit_caregiver part
         JOIN visit ON visit.id = part.visitId AND visit.status <> 'CANCELLED'
         JOIN home_service service ON service.id = visit.serviceId
         JOIN caregiver ON caregiver.id = part.caregiverId
         LEFT JOIN home_station station ON station.facilityId = caregiver.stationId
        ORDER BY part.caregiverId, part.startsAt`,
    ),
  );
  const rows = parts.map((part) => ({
    ...part,
    startMs: Number(part.startsAt),
    endMs: Number(part.endsAt),
    visitStartMs: Number(part.visitStart),
    visitEndMs: Number(part.visitEnd),
    door: doors.get(part.elderId) ?? null,
  }));
  return [
    ...(await timesOfCaregivers(database, rows)),
    ...numbersOfCaregivers(rows),
    ...(await timesOfElders(database)),
    ...(await wordsKept(database)),
  ];
}

interface Part {
  visitId: number;
  caregiverId: number;
  startsAt: number | string;
  endsAt: number | string;
  elderId: number;
  visitStart: number | string;
  visitEnd: number | string;
  status: string;
  bufferMinutes: number;
  preparationMinutes: number;
  skill: string | null;
  genderRule: string;
  caregivers: number;
  gender: string;
  stationId: number;
  latitudeMicro: number | null;
  longitudeMicro: number | null;
}

type Place = { latitudeMicro: number; longitudeMicro: number } | null;
type Row = Part & { startMs: number; endMs: number; visitStartMs: number; visitEndMs: number; door: Place };

/** Haversine by the definition, a third more for the streets, 3.6 metres a second, a minute at least. */
function wayMs(from: Place, to: Place): number {
  if (!from || !to) return 900_000;
  const rad = Math.PI / 180_000_000;
  const [a, b] = [from.latitudeMicro * rad, to.latitudeMicro * rad];
  const dl = (to.longitudeMicro - from.longitudeMicro) * rad;
  const inner = Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(dl);
  const metres = 6_371_008.8 * Math.acos(Math.min(1, inner));
  // Below a centimetre the arccosine is noise.
  return metres < 0.5 ? 0 : Math.max(60_000, (metres * 1.3 * 1000) / 3.6 - 2000);
}

async function timesOfCaregivers(database: Database, rows: readonly Row[]): Promise<string[]> {
  const shifts: { caregiverId: number; weekday: number; fromMinute: number; toMinute: number }[] =
    await database.read((manager) =>
      manager.query('SELECT caregiverId, weekday, fromMinute, toMinute FROM caregiver_shift'),
    );
  const absences: { caregiverId: number; startsAt: number | string; endsAt: number | string }[] =
    await database.read((manager) =>
      manager.query('SELECT caregiverId, startsAt, endsAt FROM caregiver_absence WHERE withdrawnAt IS NULL'),
    );
  // Who works up to midnight and from midnight on works through.
  const goesOnUntil = ({ caregiverId }: Row, midnight: number) => {
    const weekday = new Date(midnight + 28_800_000).getUTCDay() || 7;
    const next = shifts.find(
      (shift) => shift.caregiverId === caregiverId && shift.weekday === weekday && shift.fromMinute === 0,
    );
    return midnight + (next?.toMinute ?? 0) * 60_000;
  };
  const said: string[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.status !== 'ASSIGNED') continue;
    const name = `visit ${row.visitId} of caregiver ${row.caregiverId}`;
    const local = new Date(row.startMs + 28_800_000);
    const midnight = Math.floor((row.startMs + 28_800_000) / 86_400_000) * 86_400_000 - 28_800_000;
    const weekday = local.getUTCDay() || 7;
    const own = shifts
      .filter((shift) => shift.caregiverId === row.caregiverId && shift.weekday === weekday)
      .map(
        ({ fromMinute, toMinute }) => [midnight + fromMinute * 60_000, midnight + toMinute * 60_000] as const,
      )
      .map(([from, to]) => [from, to === midnight + 86_400_000 ? goesOnUntil(row, to) : to] as const)
      .find(([from, to]) => from <= row.startMs && row.endMs <= to);
    if (!own) said.push(`${name} lies outside the hours`);
    const away = absences.some(
      (each) =>
        each.caregiverId === row.caregiverId &&
        Number(each.startsAt) < row.endMs &&
        row.startMs < Number(each.endsAt),
    );
    if (away) said.push(`${name} lies in an absence`);
    const station: Place =
      row.latitudeMicro === null || row.longitudeMicro === null
        ? null
        : { latitudeMicro: row.latitudeMicro, longitudeMicro: row.longitudeMicro };
    const before = rows[index - 1];
    const isSameSpan =
      before?.caregiverId === row.caregiverId && own !== undefined && before.startMs >= own[0];
    if (before?.caregiverId === row.caregiverId && before.endMs > row.startMs) {
      said.push(`${name} overlaps visit ${before.visitId}`);
    }
    const least = isSameSpan
      ? before.endMs + before.bufferMinutes * 60_000 + wayMs(before.door, row.door)
      : (own?.[0] ?? 0) + wayMs(station, row.door);
    if (row.startMs < least + row.preparationMinutes * 60_000) said.push(`${name} comes too soon`);
    const next = rows[index + 1];
    const isLast = !own || next?.caregiverId !== row.caregiverId || next.startMs >= own[1];
    if (own && isLast && row.endMs + row.bufferMinutes * 60_000 + wayMs(row.door, station) > own[1]) {
      said.push(`${name} ends too late to be back`);
    }
  }
  return said;
}

function numbersOfCaregivers(rows: readonly Row[]): string[] {
  const said: string[] = [];
  for (const visitId of new Set(rows.map((row) => row.visitId))) {
    const own = rows.filter((row) => row.visitId === visitId);
    const [first] = own;
    if (first?.status !== 'ASSIGNED') continue;
    if (own.length !== first.caregivers) said.push(`visit ${visitId} has ${own.length} caregivers`);
    if (Math.min(...own.map(({ startMs }) => startMs)) !== first.visitStartMs) {
      said.push(`nobody is there when visit ${visitId} begins`);
    }
    if (own.some(({ endMs }) => endMs !== first.visitEndMs))
      said.push(`somebody leaves visit ${visitId} early`);
  }
  return said;
}

async function timesOfElders(database: Database): Promise<string[]> {
  const rows: { id: number; elderId: number; startsAt: number | string; endsAt: number | string }[] =
    await database.read((manager) =>
      manager.query(
        "SELECT id, elderId, startsAt, endsAt FROM visit WHERE status <> 'CANCELLED' ORDER BY elderId, startsAt",
      ),
    );
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const overlaps = before?.elderId === row.elderId && Number(before.endsAt) > Number(row.startsAt);
    return overlaps ? [`elder ${row.elderId} has visits ${before.id} and ${row.id} at once`] : [];
  });
}

/** Agreed times, proven skills, genders, the distance of the two who come one after the other. */
async function wordsKept(database: Database): Promise<string[]> {
  const late: { id: number }[] = await database.read((manager) =>
    manager.query(
      `SELECT visit.id FROM visit JOIN visit_booking booking ON booking.visitId = visit.id
        WHERE visit.status IN ('ASSIGNED', 'REQUESTED')
          AND (visit.startsAt < booking.promisedAt - booking.flexMinutes * 60000
               OR visit.startsAt > booking.promisedAt + booking.flexMinutes * 60000)`,
    ),
  );
  const unskilled: { visitId: number }[] = await database.read((manager) =>
    manager.query(
      `SELECT part.visitId FROM visit_caregiver part
         JOIN visit ON visit.id = part.visitId AND visit.status = 'ASSIGNED'
         JOIN home_service service ON service.id = visit.serviceId AND service.skill IS NOT NULL
        WHERE NOT EXISTS (SELECT 1 FROM caregiver_skill own WHERE own.caregiverId = part.caregiverId
                             AND own.skill = service.skill)`,
    ),
  );
  const apart: { visitId: number }[] = await database.read((manager) =>
    manager.query(
      `SELECT part.visitId FROM visit_caregiver part
         JOIN visit ON visit.id = part.visitId AND visit.status = 'ASSIGNED'
         JOIN home_service service ON service.id = visit.serviceId AND service.caregivers = 2
         LEFT JOIN home_service_pair pair ON pair.serviceId = service.id
        WHERE part.startsAt > visit.startsAt + COALESCE(pair.secondAfterMax, 0) * 60000
           OR (part.startsAt > visit.startsAt AND part.startsAt < visit.startsAt + COALESCE(pair.secondAfterMin, 0) * 60000)`,
    ),
  );
  return [
    ...late.map(({ id }) => `visit ${id} lies outside of what was agreed`),
    ...unskilled.map(({ visitId }) => `visit ${visitId} is brought without the skill`),
    ...apart.map(({ visitId }) => `the two of visit ${visitId} come too far apart`),
  ];
}
