import { sumCheck } from '../../settlement/audit-sums.js';
import type { AuditCheck } from '../../shared/audit-check.js';

/** The days of a month, 01 to 31, as a table. */
const monthDays = Array.from({ length: 31 }, (_, index) => {
  const dd = String(index + 1).padStart(2, '0');
  return index === 0 ? `SELECT '${dd}' AS dd` : `SELECT '${dd}'`;
}).join(' UNION ALL ');

const monthOf = (day: string) => `SUBSTR(CAST(${day} AS CHAR), 1, 7)`;
const dayIn = (day: string) => `SUBSTR(CAST(${day} AS CHAR), 9, 2)`;
const lastDay = (month: string) => `CASE WHEN SUBSTR(${month}, 6, 2) IN ('04', '06', '09', '11') THEN '30'
                          WHEN SUBSTR(${month}, 6, 2) <> '02' THEN '31'
                          WHEN SUBSTR(${month}, 1, 4) % 4 = 0 THEN '29' ELSE '28' END`;
/** That a day of a month is one of a stay. */
const isDayOfStay = (month: string) => `n.dd <= ${lastDay(month)}
             AND (${monthOf('s.fromDay')} < ${month} OR (${monthOf('s.fromDay')} = ${month} AND ${dayIn('s.fromDay')} <= n.dd))
             AND (s.toDay IS NULL OR ${monthOf('s.toDay')} > ${month}
                  OR (${monthOf('s.toDay')} = ${month} AND ${dayIn('s.toDay')} > n.dd))`;

/** When a home last submitted a month or a later one, by the month of the days; a draft has nothing submitted. */
const lastSubmitted = (days: string, facility: string) => `(SELECT MAX(e.at) FROM month_statement later
               JOIN statement_event e ON e.statementId = later.id AND e.event = 'SUBMIT'
              WHERE later.kind = 'HOME' AND later.state <> 'DRAFT' AND later.facilityId = ${facility}
                AND later.month >= ${days})`;
const settled = (
  stay: string,
  month: string,
) => `COALESCE((SELECT SUM(line.units + line.homeLeaveDays + line.hospitalDays)
               FROM home_line line WHERE line.stayId = ${stay} AND line.daysMonth = ${month}), 0)`;
/**
 * That nothing of a stay was written at an instant or since. Who changed it later has it corrected in the next month; of
 * the same millisecond nobody knows which came first.
 */
const isUnchangedSince = (instant: string) =>
  `s.enteredAt < ${instant} AND COALESCE(s.endedAt, 0) < ${instant} AND COALESCE(s.cancelledAt, 0) < ${instant}`;

/** What must be true of homes' statements: they have every day of every stay, each once, and what it is paid for. */
export const bedDayChecks: readonly AuditCheck[] = [
  sumCheck('HOME', 'home_line'),
  {
    name: 'every line of a home is of its statement’s home, and of a stay there with its elder and its bed',
    sql: `SELECT line.statementId, line.postingId FROM home_line line
            JOIN month_statement statement ON statement.id = line.statementId
            JOIN bed_stay s ON s.id = line.stayId
            JOIN bed b ON b.id = s.bedId
           WHERE statement.kind <> 'HOME' OR statement.facilityId <> line.facilityId
              OR s.facilityId <> line.facilityId OR s.elderId <> line.elderId OR b.type <> line.bedType
              OR line.daysMonth <> COALESCE(line.correctsMonth, statement.month)
              OR line.daysMonth > statement.month OR (line.kind = 'STAY') <> (line.correctsMonth IS NULL)`,
  },
  {
    name: 'what a line of a home is paid for is what its funders pay',
    sql: `SELECT line.postingId FROM home_line line
            LEFT JOIN home_line_part part ON part.postingId = line.postingId
            LEFT JOIN funder ON funder.id = part.funderId
           GROUP BY line.postingId, line.grossFen, line.subsidyFen, line.discountFen, line.selfPaidFen
          HAVING COALESCE(SUM(CASE WHEN COALESCE(funder.level, '') = 'DONOR' THEN 0 ELSE part.fen END), 0) <> line.subsidyFen
              OR COALESCE(SUM(CASE WHEN funder.level = 'DONOR' THEN part.fen ELSE 0 END), 0) <> line.discountFen
              OR line.selfPaidFen <> 0
          UNION ALL
          SELECT part.postingId FROM home_line_part part
            LEFT JOIN home_line line ON line.postingId = part.postingId AND line.statementId = part.statementId
           WHERE line.postingId IS NULL`,
  },
  {
    name: 'what a funder owes by a home’s statement is what it pays by the lines',
    sql: `SELECT owed.statementId, owed.funderId FROM (
            SELECT share.statementId, share.funderId, share.units, share.fen FROM statement_share share
              JOIN month_statement statement ON statement.id = share.statementId AND statement.kind = 'HOME'
            UNION ALL
            SELECT part.statementId, part.funderId, -part.days, -part.fen FROM home_line_part part) owed
           GROUP BY owed.statementId, owed.funderId
          HAVING SUM(owed.units) <> 0 OR SUM(owed.fen) <> 0`,
  },
  {
    name: 'a month that a home submitted has each day of each stay once, as it was known when it was last submitted',
    sql: `SELECT counted.facilityId, counted.month, counted.stayId, counted.days, counted.settledDays FROM (
            SELECT statement.facilityId, statement.month, s.id AS stayId, COUNT(n.dd) AS days,
                   ${settled('s.id', 'statement.month')} AS settledDays
              FROM month_statement statement
              JOIN bed_stay s ON s.facilityId = statement.facilityId AND s.cancelledAt IS NULL
               AND ${monthOf('s.fromDay')} <= statement.month
               AND (s.toDay IS NULL OR ${monthOf('s.toDay')} >= statement.month)
              JOIN (${monthDays}) n ON ${isDayOfStay('statement.month')}
             WHERE statement.kind = 'HOME' AND statement.state <> 'DRAFT'
               AND ${isUnchangedSince(lastSubmitted('statement.month', 'statement.facilityId'))}
             GROUP BY statement.facilityId, statement.month, s.id) counted
           WHERE counted.days <> counted.settledDays`,
  },
  {
    name: 'no home is paid for a day that is none of the stay',
    sql: `SELECT line.stayId, line.daysMonth FROM home_line line JOIN bed_stay s ON s.id = line.stayId
           WHERE (s.cancelledAt IS NOT NULL OR ${monthOf('s.fromDay')} > line.daysMonth
                  OR (s.toDay IS NOT NULL AND (${monthOf('s.toDay')} < line.daysMonth
                      OR (${monthOf('s.toDay')} = line.daysMonth AND ${dayIn('s.toDay')} = '01'))))
             AND ${isUnchangedSince(lastSubmitted('line.daysMonth', 'line.facilityId'))}
           GROUP BY line.stayId, line.daysMonth
          HAVING SUM(line.units + line.homeLeaveDays + line.hospitalDays) <> 0`,
  },
  {
    name: 'nothing is taken back that no statement of a home gave',
    sql: `SELECT line.stayId, line.daysMonth, line.level FROM home_line line
           GROUP BY line.stayId, line.daysMonth, line.level
          HAVING SUM(line.units) < 0 OR SUM(line.homeLeaveDays) < 0 OR SUM(line.hospitalDays) < 0
              OR SUM(line.countedDays) < 0 OR SUM(line.grossFen) < 0`,
  },
  {
    name: 'a dispute about a home’s line that was upheld names the days that nobody pays for, and no other does',
    sql: `SELECT dispute.id FROM statement_dispute dispute
            LEFT JOIN denied_bed_days denied ON denied.disputeId = dispute.id
           WHERE (dispute.kind = 'HOME' AND COALESCE(dispute.decision, '') = 'UPHELD') <> (denied.disputeId IS NOT NULL)`,
  },
];
