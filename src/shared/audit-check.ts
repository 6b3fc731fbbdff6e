import type { EntityManager } from 'typeorm';

/** Something that must be true of the tables at any time. */
export type AuditCheck = SelectCheck | ReadCheck;

interface NamedCheck {
  /** What holds, in a few words; printed as it is. */
  name: string;
}

/** What one statement can tell. */
export interface SelectCheck extends NamedCheck {
  /** Selects offending rows; none when all is well. One SELECT for both engines, to which a LIMIT may be appended. */
  sql: string;
}

/** What SQL cannot tell, such as what rules say: rows are read in pages and looked at here. */
export interface ReadCheck extends NamedCheck {
  /** What offends; nothing when all is well. */
  offending(manager: EntityManager): AsyncIterable<object>;
}

/** How many offending rows of a check are shown. */
const shownMax = 5;

/** Runs the checks one after the other, a line each and one for each row that is shown, and answers how many are broken. */
export async function runChecks(
  manager: EntityManager,
  checks: readonly AuditCheck[],
  say: (line: string) => void,
): Promise<number> {
  let broken = 0;
  for (const check of checks) {
    const { rows, more } = await offendingOf(manager, check);
    say(`${rows.length === 0 ? 'holds ' : 'BROKEN'} ${check.name}`);
    for (const row of rows) say(`         ${JSON.stringify(row)}`);
    if (more > 0) say(`         and ${more} more`);
    if (rows.length > 0) broken += 1;
  }
  return broken;
}

/** The first offending rows, and how many more were come upon. */
async function offendingOf(
  manager: EntityManager,
  check: AuditCheck,
): Promise<{ rows: object[]; more: number }> {
  if ('sql' in check) return { rows: await manager.query(`${check.sql} LIMIT ${shownMax}`), more: 0 };
  const rows: object[] = [];
  let more = 0;
  for await (const row of check.offending(manager)) {
    if (rows.length < shownMax) rows.push(row);
    else more += 1;
  }
  return { rows, more };
}
