import { sumCheck } from '../settlement/audit-sums.js';
import type { AuditCheck } from '../shared/audit-check.js';
import { unitsSql } from './station-lines.js';

/** What must be true of home-care stations' statements and the ledger of hours, to the fen and the minute. */
export const stationStatementChecks: readonly AuditCheck[] = [
  {
    name: 'every line of a station says what its posting says of the station, the visit and the elder',
    sql: `SELECT line.statementId, line.postingId
            FROM station_line line
            JOIN month_statement statement ON statement.id = line.statementId
            JOIN hours_posting posting ON posting.id = line.postingId
            JOIN visit ON visit.id = posting.visitId
            LEFT JOIN (SELECT entry.postingId,
                              SUM(CASE WHEN entry.account = 'USED' THEN entry.minutes ELSE 0 END) AS hoursMinutes,
                              SUM(CASE WHEN entry.account = 'STATION_RECEIVABLE' THEN entry.fen ELSE 0 END) AS grossFen,
                              SUM(CASE WHEN entry.account = 'FUNDER' AND COALESCE(funder.level, '') <> 'DONOR'
                                       THEN -entry.fen ELSE 0 END) AS subsidyFen,
                              SUM(CASE WHEN funder.level = 'DONOR' THEN -entry.fen ELSE 0 END) AS discountFen,
                              SUM(CASE WHEN entry.account = 'FAMILY' THEN -entry.fen ELSE 0 END) AS selfPaidFen
                         FROM station_line own
                         JOIN hours_entry entry ON entry.postingId = own.postingId
                         LEFT JOIN funder ON entry.account = 'FUNDER' AND funder.id = entry.ownerId
                        GROUP BY entry.postingId) said ON said.postingId = line.postingId
           WHERE statement.kind <> 'STATION' OR statement.facilityId <> posting.stationId
              OR line.kind <> posting.kind OR line.visitId <> posting.visitId OR line.elderId <> posting.elderId
              OR line.units <> ${unitsSql}
              OR line.minutes * 60000 <> line.units * (visit.endsAt - visit.startsAt)
              OR line.hoursMinutes <> COALESCE(said.hoursMinutes, 0) OR line.grossFen <> COALESCE(said.grossFen, 0)
              OR line.subsidyFen <> COALESCE(said.subsidyFen, 0) OR line.discountFen <> COALESCE(said.discountFen, 0)
              OR line.selfPaidFen <> COALESCE(said.selfPaidFen, 0)`,
  },
  sumCheck('STATION', 'station_line'),
  {
    name: 'what a funder owes by a station’s statement is what the ledger of hours says of the lines',
    sql: `SELECT owed.statementId, owed.funderId, SUM(owed.fen) AS fen
            FROM (SELECT share.statementId, share.funderId, share.fen
                    FROM statement_share share
                    JOIN month_statement statement ON statement.id = share.statementId
                   WHERE statement.kind = 'STATION'
                  UNION ALL
                  SELECT line.statementId, entry.ownerId, entry.fen
                    FROM station_line line
                    JOIN hours_entry entry ON entry.postingId = line.postingId AND entry.account = 'FUNDER'
                   WHERE entry.ownerId <> 0) owed
           GROUP BY owed.statementId, owed.funderId
          HAVING SUM(owed.fen) <> 0`,
  },
  {
    name: 'no station is paid for a visit whose evidence never let it through',
    sql: `SELECT line.statementId, line.postingId
            FROM station_line line
            LEFT JOIN visit_evidence evidence ON evidence.visitId = line.visitId
           WHERE line.kind = 'USE'
             AND (evidence.visitId IS NULL OR line.paidBecause IS NULL
                  OR (line.paidBecause = 'VERDICT' AND evidence.decided IS NULL))`,
  },
  {
    name: 'a visit that was blocked after it was settled is taken back',
    sql: `SELECT line.visitId FROM station_line line
            JOIN visit_evidence evidence ON evidence.visitId = line.visitId AND evidence.decided = 'BLOCK'
            JOIN hours_posting used ON used.id = line.postingId AND used.kind = 'USE'
           WHERE NOT EXISTS (SELECT 1 FROM hours_posting later
                              WHERE later.visitId = line.visitId AND later.step = used.step + 1
                                AND later.kind = 'CORRECT')`,
  },
  {
    name: 'no use that a station settled is taken back behind a month that is closed',
    sql: `SELECT statement.id, posting.id AS postingId
            FROM month_statement statement
            JOIN hours_posting posting ON posting.stationId = statement.facilityId AND posting.kind = 'CORRECT'
             AND SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7) = statement.month
            JOIN hours_posting used ON used.visitId = posting.visitId AND used.step = posting.step - 1
            JOIN station_line line ON line.postingId = used.id
           WHERE statement.kind = 'STATION' AND statement.state = 'FROZEN'
             AND NOT EXISTS (SELECT 1 FROM station_line own WHERE own.postingId = posting.id)`,
  },
  {
    name: 'no use of a frozen month that was proved when it was submitted is missing from its station’s statements',
    sql: `SELECT statement.id, posting.id AS postingId
            FROM month_statement statement
            JOIN statement_event submitted ON submitted.statementId = statement.id AND submitted.event = 'SUBMIT'
             AND submitted.version = (SELECT MAX(last.version) FROM statement_event last
                                       WHERE last.statementId = statement.id AND last.event = 'SUBMIT')
            JOIN hours_posting posting ON posting.stationId = statement.facilityId AND posting.kind = 'USE'
             AND SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7) = statement.month
            JOIN visit ON visit.id = posting.visitId AND visit.status = 'COMPLETED'
            JOIN visit_evidence evidence ON evidence.visitId = posting.visitId
           WHERE statement.kind = 'STATION' AND statement.state = 'FROZEN'
             AND ((evidence.decided = 'PAY' AND evidence.decidedAt <= submitted.at)
                  OR (evidence.decided IS NULL AND evidence.decision = 'PAY' AND evidence.scoredAt <= submitted.at))
             AND NOT EXISTS (SELECT 1 FROM station_line line WHERE line.postingId = posting.id)`,
  },
  {
    name: 'no posting of hours is settled before it was written',
    sql: `SELECT line.postingId FROM station_line line
            JOIN month_statement statement ON statement.id = line.statementId
            JOIN hours_posting posting ON posting.id = line.postingId
           WHERE SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7) > statement.month`,
  },
  {
    name: 'a dispute is of the kind of its statement',
    sql: `SELECT dispute.id FROM statement_dispute dispute
            JOIN month_statement statement ON statement.id = dispute.statementId
           WHERE dispute.kind <> statement.kind`,
  },
  {
    name: 'a dispute about a visit that was upheld took its use back',
    sql: `SELECT dispute.id FROM statement_dispute dispute
            JOIN hours_posting used ON used.id = dispute.postingId
           WHERE dispute.kind = 'STATION' AND dispute.decision = 'UPHELD'
             AND NOT EXISTS (SELECT 1 FROM hours_posting later
                              WHERE later.visitId = used.visitId AND later.step = used.step + 1
                                AND later.kind = 'CORRECT')`,
  },
  {
    name: 'no station pays back a visit that no statement of a closed month paid',
    sql: `SELECT line.postingId FROM station_line line
            JOIN hours_posting undone ON undone.id = line.postingId AND undone.kind = 'CORRECT'
            JOIN hours_posting used ON used.visitId = undone.visitId AND used.step = undone.step - 1
            JOIN month_statement statement ON statement.kind = 'STATION' AND statement.facilityId = used.stationId
             AND statement.month = SUBSTR(CAST(used.bookedOn AS CHAR), 1, 7) AND statement.state <> 'DRAFT'
           WHERE NOT EXISTS (SELECT 1 FROM station_line own WHERE own.postingId = used.id)`,
  },
  {
    name: 'what a station is owed by the ledger of hours stands in a statement or waits for one, and never both',
    sql: `SELECT posting.id FROM hours_posting posting
            LEFT JOIN station_line line ON line.postingId = posting.id
           WHERE (posting.openStationId IS NOT NULL
                  AND (line.postingId IS NOT NULL OR posting.openStationId <> posting.stationId
                       OR posting.kind NOT IN ('USE', 'CORRECT', 'FORFEIT')))
              OR (posting.openStationId IS NULL AND line.postingId IS NULL AND posting.kind IN ('USE', 'CORRECT'))`,
  },
];
