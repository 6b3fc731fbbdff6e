import type { EntityManager } from 'typeorm';
import type { PaidBecause } from '../../entities/settlement/station-line.entity.js';
import type { SqlPart } from '../network/tree.js';
import type { Statement } from '../settlement/read-statement.js';
import {
  disputeColumns,
  disputedSql,
  disputeOf,
  fundersByPosting,
  type LineFilter,
  type RawDispute,
  type ShownLine,
} from '../settlement/shown-line.js';
import { addDays, dayOf, instantOn } from '../shared/china-time.js';
import { firstDayOf } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import { paidOfVisits } from './find-payments.js';
import { minutesOf, unsettledSql } from './station-lines.js';

/** Lines in the order of their postings, fixed or as a draft has them now. Three statements, however many. */
export async function findLines(
  manager: EntityManager,
  statement: Statement,
  filter: LineFilter,
  page: { afterId: number; rowsMax: number },
): Promise<ShownLine[]> {
  const source = sourceOf(statement, page.afterId);
  const conditions = conditionsOf(filter, statement);
  const rows: RawStationLine[] = await manager.query(
    `SELECT line.postingId AS id, line.kind, line.grossFen, line.subsidyFen, line.discountFen, line.selfPaidFen,
            line.elderId, line.visitId, line.serviceMs, line.hoursMinutes, line.score, line.paidBecause,
            visit.startsAt, service.code AS serviceCode, service.nameZh AS serviceName,
            elder.name AS elderName, ${disputeColumns}
       FROM (${source.sql}) line
       JOIN visit ON visit.id = line.visitId
       JOIN home_service service ON service.id = visit.serviceId
       JOIN elder ON elder.id = line.elderId
       LEFT JOIN statement_dispute dispute ON dispute.kind = 'STATION' AND dispute.postingId = line.postingId
      WHERE line.postingId > ?${conditions.map(({ sql }) => ` AND ${sql}`).join('')}
      ORDER BY line.postingId LIMIT ${page.rowsMax}`,
    [...source.parameters, page.afterId, ...conditions.flatMap(({ parameters }) => parameters)],
  );
  const funders = await fundersOf(
    manager,
    rows.map(({ id }) => id),
  );
  const paid = await paidOfVisits(
    manager,
    rows.map(({ visitId }) => visitId),
  );
  return rows.map((row) => shownLine(row, statement, funders.get(row.id) ?? [], paid.get(row.visitId) ?? 0));
}

function sourceOf({ id, state, facilityId, month }: Statement, afterId: number): SqlPart {
  if (state === 'DRAFT' || id === null) return unsettledSql([facilityId], month, afterId);
  return {
    sql: `SELECT postingId, kind, visitId, elderId, minutes * 60000 AS serviceMs, hoursMinutes, score, paidBecause,
                 grossFen, subsidyFen, discountFen, selfPaidFen
            FROM station_line WHERE statementId = ?`,
    parameters: [id],
  };
}

/** The day of a visit is that of its start, in which a visit that was brought never changes. */
function conditionsOf(filter: LineFilter, { month }: Statement): SqlPart[] {
  const { corrections, disputed, elderId, fromDay, toDay } = filter;
  const midnight = (day: string) => [instantOn(day, 0).getTime()];
  const given: (SqlPart | undefined)[] = [
    corrections === undefined
      ? undefined
      : { sql: `visit.startsAt ${corrections ? '<' : '>='} ?`, parameters: midnight(firstDayOf(month)) },
    disputed && { sql: disputedSql[disputed], parameters: [] },
    elderId === undefined ? undefined : { sql: 'line.elderId = ?', parameters: [elderId] },
    fromDay === undefined ? undefined : { sql: 'visit.startsAt >= ?', parameters: midnight(fromDay) },
    toDay === undefined ? undefined : { sql: 'visit.startsAt < ?', parameters: midnight(addDays(toDay, 1)) },
  ];
  return given.filter((condition) => condition !== undefined);
}

interface RawStationLine extends RawDispute {
  id: number;
  kind: string;
  grossFen: number | string;
  subsidyFen: number | string;
  discountFen: number | string;
  selfPaidFen: number | string;
  elderId: number;
  elderName: string;
  visitId: number;
  serviceMs: number | string;
  hoursMinutes: number | string;
  score: number | null;
  paidBecause: PaidBecause | null;
  startsAt: number | string;
  serviceCode: string;
  serviceName: string;
}

function shownLine(
  row: RawStationLine,
  { month }: Statement,
  funders: ShownLine['funders'],
  familyPaidFen: number,
): ShownLine {
  const { id, kind, elderId, elderName, visitId, serviceCode, serviceName, score, paidBecause } = row;
  const startsAt = new Date(Number(row.startsAt));
  const day = dayOf(startsAt);
  return {
    id,
    kind,
    day,
    correctsMonth: day < firstDayOf(month) ? day.slice(0, 7) : null,
    elderId,
    elderName,
    grossFen: Number(row.grossFen),
    subsidyFen: Number(row.subsidyFen),
    discountFen: Number(row.discountFen),
    selfPaidFen: Number(row.selfPaidFen),
    funders,
    dispute: disputeOf(row),
    meal: null,
    stay: null,
    visit: {
      visitId,
      serviceCode,
      serviceName,
      startsAt,
      minutes: minutesOf(row.serviceMs),
      hoursMinutes: Number(row.hoursMinutes),
      score,
      paidBecause,
      familyPaidFen,
    },
  };
}

/** What each named funder bears of postings, which are never changed. */
async function fundersOf(
  manager: EntityManager,
  postingIds: readonly number[],
): Promise<Map<number, ShownLine['funders']>> {
  if (postingIds.length === 0) return new Map();
  return fundersByPosting(
    await manager.query(
      `SELECT entry.postingId, funder.code, SUM(-entry.fen) AS fen
         FROM hours_entry entry JOIN funder ON funder.id = entry.ownerId
        WHERE entry.account = 'FUNDER' AND entry.postingId IN (${placeholders(postingIds)})
        GROUP BY entry.postingId, funder.code
        ORDER BY entry.postingId, funder.code`,
      [...postingIds],
    ),
  );
}
