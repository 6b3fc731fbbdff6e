import type { EntityManager } from 'typeorm';
import type { PaidBecause } from '../../entities/settlement/station-line.entity.js';
import type { SqlPart } from '../network/tree.js';
import type { StoredLine } from '../settlement/settlement-kind.js';
import { dayOf } from '../shared/china-time.js';
import { firstDayOf, lastDayOf, type Month, monthOf } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';

/** A visit that settlement pays: it was brought, and its taps prove it or somebody who looked let it through. */
const isProvedSql = "visit.status = 'COMPLETED' AND COALESCE(evidence.decided, evidence.decision) = 'PAY'";

/**
 * Postings that a station's statement may hold. A use waits until its visit is proved, and with it a correction of a
 * use that was not settled; a correction of one that was comes whatever is decided since, and so does a use whose
 * statement went back after a later one held its correction. Of a visit that was called off too late there is nothing
 * to prove, nor of what takes that back.
 */
const isSettledNowSql = `((${isProvedSql} AND posting.kind IN ('USE', 'CORRECT'))
  OR (posting.kind = 'CORRECT' AND EXISTS (
    SELECT 1 FROM hours_posting used JOIN station_line settled ON settled.postingId = used.id
     WHERE used.visitId = posting.visitId AND used.step = posting.step - 1))
  OR (posting.kind = 'USE' AND EXISTS (
    SELECT 1 FROM hours_posting undone JOIN station_line settled ON settled.postingId = undone.id
     WHERE undone.visitId = posting.visitId AND undone.step = posting.step + 1))
  OR (posting.kind = 'CORRECT' AND EXISTS (
    SELECT 1 FROM hours_posting lost
     WHERE lost.visitId = posting.visitId AND lost.step = posting.step - 1 AND lost.kind = 'FORFEIT'))
  OR (posting.kind = 'FORFEIT' AND EXISTS (
    SELECT 1 FROM hours_entry paid
     WHERE paid.postingId = posting.id AND paid.account IN ('STATION_RECEIVABLE', 'USED'))))`;

/** What a posting says of visits that were brought; one that was called off is never used. Over `posting` and `visit`. */
export const unitsSql =
  "CASE WHEN visit.status = 'CANCELLED' THEN 0 WHEN posting.kind = 'USE' THEN 1 WHEN posting.kind = 'CORRECT' THEN -1 ELSE 0 END";

/** Booked in the month, or late for an earlier one that was submitted; takes the first day of the month. */
const isDueSql = `(posting.bookedOn >= ? OR EXISTS (
  SELECT 1 FROM month_statement earlier
   WHERE earlier.kind = 'STATION' AND earlier.facilityId = posting.stationId
     AND earlier.month = SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7) AND earlier.state <> 'DRAFT'))`;

/** The postings of these stations, booked up to the end of the month, that are in no statement yet: never all there are. */
function waitingSql(stationIds: readonly number[], month: Month, afterId: number): SqlPart {
  return {
    sql: `FROM hours_posting posting
          JOIN visit ON visit.id = posting.visitId
          LEFT JOIN visit_evidence evidence ON evidence.visitId = posting.visitId
         WHERE posting.openStationId IN (${placeholders(stationIds) || 'NULL'}) AND posting.id > ?
           AND posting.bookedOn <= ? AND ${isSettledNowSql}`,
    parameters: [...stationIds, afterId, lastDayOf(month)],
  };
}

/**
 * The postings of these stations that belong into their statements of `month` and are in none yet: those booked in it,
 * and those of earlier months that came, or were decided, after these were submitted. The columns are those of a line,
 * with `facilityId` and `startsAt` of the visit for its day, and `serviceMs` for its minutes.
 */
export function unsettledSql(stationIds: readonly number[], month: Month, afterId = 0): SqlPart {
  const waiting = waitingSql(stationIds, month, afterId);
  const units = unitsSql;
  return {
    sql: `SELECT own.*,
                 SUM(CASE WHEN entry.account = 'USED' THEN entry.minutes ELSE 0 END) AS hoursMinutes,
                 SUM(CASE WHEN entry.account = 'STATION_RECEIVABLE' THEN entry.fen ELSE 0 END) AS grossFen,
                 SUM(CASE WHEN entry.account = 'FUNDER' AND COALESCE(funder.level, '') <> 'DONOR'
                          THEN -entry.fen ELSE 0 END) AS subsidyFen,
                 SUM(CASE WHEN funder.level = 'DONOR' THEN -entry.fen ELSE 0 END) AS discountFen,
                 SUM(CASE WHEN entry.account = 'FAMILY' THEN -entry.fen ELSE 0 END) AS selfPaidFen
            FROM (SELECT posting.stationId AS facilityId, posting.id AS postingId, posting.kind,
                         posting.visitId, posting.elderId, visit.startsAt, ${units} AS units,
                         (${units}) * (visit.endsAt - visit.startsAt) AS serviceMs,
                         CASE posting.kind WHEN 'FORFEIT' THEN NULL ELSE evidence.score END AS score,
                         CASE WHEN posting.kind <> 'USE' THEN NULL
                              WHEN evidence.decided IS NULL THEN 'TAPS' ELSE 'VERDICT' END AS paidBecause
                  ${waiting.sql} AND ${isDueSql}) own
            LEFT JOIN hours_entry entry ON entry.postingId = own.postingId
            LEFT JOIN funder ON entry.account = 'FUNDER' AND funder.id = entry.ownerId
           GROUP BY own.facilityId, own.postingId, own.kind, own.visitId, own.elderId, own.startsAt, own.units,
                    own.serviceMs, own.score, own.paidBecause`,
    parameters: [...waiting.parameters, firstDayOf(month)],
  };
}

interface RawLine {
  postingId: number;
  kind: string;
  visitId: number;
  elderId: number;
  startsAt: number | string;
  units: number | string;
  serviceMs: number | string;
  score: number | null;
  paidBecause: PaidBecause | null;
  hoursMinutes: number | string;
  grossFen: number | string;
  subsidyFen: number | string;
  discountFen: number | string;
  selfPaidFen: number | string;
}

/** The lines of a draft in the order of their postings: at most `rowsMax` after `afterId`. */
export async function unsettledLines(
  manager: EntityManager,
  stationId: number,
  month: Month,
  { afterId, rowsMax }: { afterId: number; rowsMax: number },
): Promise<StoredLine[]> {
  const { sql, parameters } = unsettledSql([stationId], month, afterId);
  const rows: RawLine[] = await manager.query(`${sql} ORDER BY own.postingId LIMIT ${rowsMax}`, parameters);
  return rows.map(({ startsAt, serviceMs, ...row }) => {
    const day = dayOf(new Date(Number(startsAt)));
    const visitMonth = monthOf(day);
    return {
      ...row,
      day,
      correctsMonth: visitMonth < month ? visitMonth : null,
      units: Number(row.units),
      minutes: minutesOf(serviceMs),
      hoursMinutes: Number(row.hoursMinutes),
      grossFen: Number(row.grossFen),
      subsidyFen: Number(row.subsidyFen),
      discountFen: Number(row.discountFen),
      selfPaidFen: Number(row.selfPaidFen),
    };
  });
}

/** Whole minutes: visits begin and end on them. */
export function minutesOf(ms: number | string): number {
  return Math.round(Number(ms) / 60_000);
}

/** The earliest month before `month` that has unsettled postings and no submitted statement. */
export async function earlierOpenMonth(
  manager: EntityManager,
  stationId: number,
  month: Month,
): Promise<Month | undefined> {
  const { sql, parameters } = waitingSql([stationId], month, 0);
  const rows: { month: Month | null }[] = await manager.query(
    `SELECT MIN(SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7)) AS month ${sql} AND NOT ${isDueSql}`,
    [...parameters, firstDayOf(month)],
  );
  return rows[0]?.month ?? undefined;
}
