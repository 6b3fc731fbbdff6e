import type { EntityManager } from 'typeorm';
import type { HoursAccount } from '../../entities/visits/hours-entry.entity.js';
import type { HoursPostingKind } from '../../entities/visits/hours-posting.entity.js';
import { dayOf } from '../shared/china-time.js';
import { insertRows, placeholders, readTogether, writeTogether } from '../shared/statements.js';

/** What a posting adds to an account, or takes from it when negative: minutes, or fen. */
export interface HoursLine {
  account: HoursAccount;
  ownerId: number;
  grantId: number | null;
  minutes: number;
  fen: number;
}

/** One fact, to be written: of a grant, or of a visit. */
export interface HoursFact {
  kind: HoursPostingKind;
  grantId: number | null;
  visitId: number | null;
  step: number;
  elderId: number;
  stationId: number | null;
  lines: readonly HoursLine[];
}

/** By how much a grant and what is left of it change. */
export interface GrantChange {
  grantId: number;
  grantedMinutes: number;
  leftMinutes: number;
  /** The version by which it stands from now on; as before without it. */
  ruleId?: number;
}

/**
 * Appends postings, and moves the kept sums of their grants. A posting that does not balance is a bug, and nothing
 * is written. The caller has locked the elders and checked the sums; that no grant falls below zero is said in the
 * statement as well, for the day on which a lock does not hold.
 */
export async function writeHours(
  manager: EntityManager,
  facts: readonly HoursFact[],
  changes: readonly GrantChange[],
  now: Date,
): Promise<void> {
  if (facts.length === 0) return;
  for (const { kind, lines } of facts) {
    const [minutes, fen] = [sum(lines, 'minutes'), sum(lines, 'fen')];
    if (minutes !== 0 || fen !== 0)
      throw new Error(`${kind} sums to ${minutes} minutes and ${fen} fen, not to zero`);
  }
  const bookedOn = dayOf(now);
  await insertRows(
    manager,
    'hours_posting',
    ['kind', 'grantId', 'visitId', 'step', 'elderId', 'stationId', 'openStationId', 'bookedOn', 'postedAt'],
    facts.map((fact) => [
      fact.kind,
      fact.grantId,
      fact.visitId,
      fact.step,
      fact.elderId,
      fact.stationId,
      isForStatement(fact) ? fact.stationId : null,
      bookedOn,
      now.getTime(),
    ]),
  );
  const ids = await postingIds(manager, facts);
  await writeTogether(manager, [
    {
      table: 'hours_entry',
      columns: ['postingId', 'line', 'account', 'ownerId', 'grantId', 'minutes', 'fen'],
      rows: facts.flatMap((fact) =>
        fact.lines
          .filter(({ minutes, fen }) => minutes !== 0 || fen !== 0)
          .map(({ account, ownerId, grantId, minutes, fen }, index) => [
            ids.get(keyOf(fact)),
            index + 1,
            account,
            ownerId,
            grantId,
            minutes,
            fen,
          ]),
      ),
    },
    ...mergedChanges(changes).map(({ grantId, grantedMinutes, leftMinutes, ruleId }) => ({
      sql: `UPDATE hours_grant SET grantedMinutes = grantedMinutes + ?, leftMinutes = leftMinutes + ?
              ${ruleId === undefined ? '' : ', ruleId = ?'}
            WHERE id = ? AND leftMinutes + ? >= 0`,
      parameters: [
        grantedMinutes,
        leftMinutes,
        ...(ruleId === undefined ? [] : [ruleId]),
        grantId,
        leftMinutes,
      ],
      affects: 1,
    })),
  ]);
}

/** What a station's statement may hold: a use, what takes it back, and what is paid although it was called off. */
function isForStatement({ kind, lines }: HoursFact): boolean {
  if (kind === 'USE' || kind === 'CORRECT') return true;
  const isPaid = lines.some(({ account }) => account === 'USED' || account === 'STATION_RECEIVABLE');
  return kind === 'FORFEIT' && isPaid;
}

/** One change for each grant, those that come to nothing left out. */
function mergedChanges(changes: readonly GrantChange[]): GrantChange[] {
  const merged = new Map<number, GrantChange>();
  for (const change of changes) {
    const other = merged.get(change.grantId);
    merged.set(change.grantId, {
      ...other,
      ...change,
      grantedMinutes: change.grantedMinutes + (other?.grantedMinutes ?? 0),
      leftMinutes: change.leftMinutes + (other?.leftMinutes ?? 0),
    });
  }
  return [...merged.values()].filter(
    ({ grantedMinutes, leftMinutes, ruleId }) =>
      grantedMinutes !== 0 || leftMinutes !== 0 || ruleId !== undefined,
  );
}

async function postingIds(manager: EntityManager, facts: readonly HoursFact[]): Promise<Map<string, number>> {
  const asked = (column: 'visitId' | 'grantId') => {
    const ids = [...new Set(facts.flatMap((fact) => fact[column] ?? []))];
    return {
      sql: `SELECT id, visitId, grantId, step FROM hours_posting WHERE ${column} IN (${placeholders(ids) || 'NULL'})`,
      parameters: ids,
    };
  };
  const rows = (await readTogether(manager, [asked('visitId'), asked('grantId')])) as (Pick<
    HoursFact,
    'visitId' | 'grantId' | 'step'
  > & { id: number })[][];
  return new Map(rows.flat().map((row) => [keyOf(row), row.id]));
}

function keyOf({ visitId, grantId, step }: Pick<HoursFact, 'visitId' | 'grantId' | 'step'>): string {
  return visitId === null ? `grant ${grantId} ${step}` : `visit ${visitId} ${step}`;
}

function sum(lines: readonly HoursLine[], of: 'minutes' | 'fen'): number {
  return lines.reduce((total, line) => total + line[of], 0);
}

/** How the ledger stands about one visit. */
export interface HoursPosition {
  visitId: number;
  /** The last posting; null of a visit that never had any. */
  last: { kind: HoursPostingKind; step: number } | null;
  /** What its postings come to, account by account, those at zero left out. */
  lines: HoursLine[];
}

/** Of each of these visits; two statements. */
export async function hoursPositions(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, HoursPosition>> {
  const positions = new Map<number, HoursPosition>(
    visitIds.map((visitId) => [visitId, { visitId, last: null, lines: [] }]),
  );
  if (visitIds.length === 0) return positions;
  const [postings, lines] = await readTogether(manager, [
    {
      sql: `SELECT visitId, kind, step FROM hours_posting WHERE visitId IN (${placeholders(visitIds)}) ORDER BY step`,
      parameters: visitIds,
    },
    {
      sql: `SELECT p.visitId, e.account, e.ownerId, e.grantId, SUM(e.minutes) AS minutes, SUM(e.fen) AS fen
              FROM hours_posting p JOIN hours_entry e ON e.postingId = p.id
             WHERE p.visitId IN (${placeholders(visitIds)})
             GROUP BY p.visitId, e.account, e.ownerId, e.grantId
            HAVING SUM(e.minutes) <> 0 OR SUM(e.fen) <> 0
             ORDER BY p.visitId, e.grantId, e.account, e.ownerId`,
      parameters: visitIds,
    },
  ]);
  for (const { visitId, kind, step } of postings as {
    visitId: number;
    kind: HoursPostingKind;
    step: number;
  }[]) {
    const position = positions.get(visitId);
    if (position) position.last = { kind, step };
  }
  for (const { visitId, minutes, fen, ...line } of lines as LineRow[]) {
    positions.get(visitId)?.lines.push({ ...line, minutes: Number(minutes), fen: Number(fen) });
  }
  return positions;
}

type LineRow = Omit<HoursLine, 'minutes' | 'fen'> & {
  visitId: number;
  minutes: number | string;
  fen: number | string;
};

/** True while hours are set aside for the visit. */
export function isReserved({ last }: HoursPosition): boolean {
  return last !== null && last.step % 2 === 1;
}

/** The number of the next posting of a visit that opens, or closes, a reservation. */
export function nextStep({ last }: HoursPosition, does: 'OPEN' | 'CLOSE'): number {
  const step = (last?.step ?? 0) + 1;
  return (step % 2 === 1) === (does === 'OPEN') ? step : step + 1;
}
