import type { EntityManager } from 'typeorm';

/** Something that must be true of the tables at any time. */
export interface AuditCheck {
  /** What holds, in a few words; printed as it is. */
  name: string;
  /** Selects offending rows; none when all is well. One SELECT for both engines, to which a LIMIT may be appended. */
  sql: string;
}

/** How many offending rows of a check are shown. */
const shownMax = 5;

/** Runs the checks one after the other, a line each, and answers how many are broken. */
export async function runChecks(
  manager: EntityManager,
  checks: readonly AuditCheck[],
  say: (line: string) => void,
): Promise<number> {
  let broken = 0;
  for (const { name, sql } of checks) {
    const rows: object[] = await manager.query(`${sql} LIMIT ${shownMax}`);
    say(`${rows.length === 0 ? 'holds ' : 'BROKEN'} ${name}`);
    for (const row of rows) say(`         ${JSON.stringify(row)}`);
    if (rows.length > 0) broken += 1;
  }
  return broken;
}
