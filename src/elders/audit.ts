import type { AuditCheck } from '../shared/audit-check.js';

/** What must be true of elders' files at any time. */
export const eldersChecks: readonly AuditCheck[] = [
  {
    name: 'no ID number has two files',
    sql: 'SELECT idNumber FROM elder GROUP BY idNumber HAVING COUNT(*) > 1',
  },
  {
    name: "every birth date is the ID number's",
    sql: `SELECT id FROM elder
           WHERE SUBSTR(idNumber, 7, 8) <> REPLACE(CAST(birthDate AS CHAR), '-', '')`,
  },
  {
    name: 'every home station is a home-care station',
    sql: `SELECT e.id FROM elder e JOIN facility f ON f.id = e.homeStationId
           WHERE f.kind <> 'HOME_CARE_STATION'`,
  },
  {
    name: 'every file that ended says when, and no other',
    sql: "SELECT id FROM elder WHERE (status = 'ACTIVE') <> (endedOn IS NULL)",
  },
];
