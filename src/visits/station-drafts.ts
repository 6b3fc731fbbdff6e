import type { EntityManager } from 'typeorm';
import { addShares } from '../settlement/find-statements.js';
import { type RawSums, statementSums, sumsSql } from '../settlement/fix-lines.js';
import type { StatementSums } from '../settlement/read-statement.js';
import type { FunderShare, LineShare, OwnCounts } from '../settlement/settlement-kind.js';
import type { Month } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import { minutesOf, unsettledSql } from './station-lines.js';

/** As what a funder bears its part of visits; behind a join of `funder`. */
const partSql = "CASE WHEN funder.level = 'DONOR' THEN 'DONATION' ELSE 'SUBSIDY' END";

/** What each funder owes of the lines that are written down; nobody has to pay what no funder was named for. */
export async function lineShares(manager: EntityManager, id: number): Promise<LineShare[]> {
  const rows: (Pick<LineShare, 'funderId' | 'part'> & Record<'units' | 'fen', number | string>)[] =
    await manager.query(
      `SELECT funder.id AS funderId, ${partSql} AS part, SUM(own.units) AS units, SUM(own.fen) AS fen
         FROM (SELECT line.postingId, line.units, entry.ownerId, SUM(-entry.fen) AS fen
                 FROM station_line line
                 JOIN hours_entry entry ON entry.postingId = line.postingId AND entry.account = 'FUNDER'
                WHERE line.statementId = ?
                GROUP BY line.postingId, line.units, entry.ownerId) own
         JOIN funder ON funder.id = own.ownerId
        GROUP BY funder.id, funder.level`,
      [id],
    );
  return rows.map((row) => ({ ...row, units: Number(row.units), fen: Number(row.fen) }));
}

/** The sums of what the ledger of hours has for drafts of these stations. */
export async function draftSums(
  manager: EntityManager,
  stationIds: readonly number[],
  month: Month,
): Promise<Map<number, StatementSums>> {
  const { sql, parameters } = unsettledSql(stationIds, month);
  const rows: (Omit<RawSums, 'operatorFen'> &
    Record<'serviceMs' | 'hoursMinutes', number | string> & { facilityId: number })[] = await manager.query(
    `SELECT line.facilityId, ${sumsSql}, SUM(line.serviceMs) AS serviceMs,
            SUM(line.hoursMinutes) AS hoursMinutes
       FROM (${sql}) line GROUP BY line.facilityId`,
    parameters,
  );
  return new Map(
    rows.map(({ serviceMs, hoursMinutes, ...row }) => {
      const minutes = { minutes: minutesOf(serviceMs), hoursMinutes: Number(hoursMinutes) };
      return [row.facilityId, statementSums({ ...row, operatorFen: 0 }, minutes)];
    }),
  );
}

/** What funders would owe by drafts if these were submitted now. */
export async function draftShares(
  manager: EntityManager,
  stationIds: readonly number[],
  month: Month,
): Promise<Map<number, FunderShare[]>> {
  const shares = new Map<number, FunderShare[]>();
  const { sql, parameters } = unsettledSql(stationIds, month);
  addShares(
    shares,
    await manager.query(
      `SELECT own.facilityId, ${partSql} AS part, funder.code, funder.name, SUM(own.units) AS units,
              SUM(own.fen) AS fen
         FROM (SELECT line.facilityId, line.postingId, line.units, entry.ownerId, SUM(-entry.fen) AS fen
                 FROM (${sql}) line
                 JOIN hours_entry entry ON entry.postingId = line.postingId AND entry.account = 'FUNDER'
                GROUP BY line.facilityId, line.postingId, line.units, entry.ownerId) own
         JOIN funder ON funder.id = own.ownerId
        GROUP BY own.facilityId, funder.code, funder.name, funder.level
        ORDER BY own.facilityId, funder.code`,
      parameters,
    ),
  );
  return shares;
}

export async function ownCounts(
  manager: EntityManager,
  statementIds: readonly number[],
): Promise<Map<number, OwnCounts>> {
  const rows: ({ statementId: number } & Record<'minutes' | 'hoursMinutes', number | string>)[] =
    await manager.query(
      `SELECT statementId, SUM(minutes) AS minutes, SUM(hoursMinutes) AS hoursMinutes
       FROM station_line WHERE statementId IN (${placeholders(statementIds) || 'NULL'}) GROUP BY statementId`,
      [...statementIds],
    );
  return new Map(
    rows.map(({ statementId, minutes, hoursMinutes }) => [
      statementId,
      { minutes: Number(minutes), hoursMinutes: Number(hoursMinutes) },
    ]),
  );
}
