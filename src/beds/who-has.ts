import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { type DaySpan, overlap } from './bed.rules.js';
import { bedName, type FoundBed } from './read-beds.js';

/** What stands in the way of a bed or an elder over some days: of whom it is, and which row. */
export interface Claim {
  kind: 'STAY' | 'HOLD' | 'OUT_OF_SERVICE';
  id: number;
  bedId: number;
  facilityId: number;
  /** Null when it is nobody's, as a bed out of service. */
  elderId: number | null;
  fromDay: Day;
  toDay: Day | null;
}

/** Who is to have which bed, over which days, as known at an instant. */
export interface ClaimsAsked extends DaySpan {
  bedId: number;
  elderId: number;
  now: Date;
}

type ClaimRow = Omit<Claim, 'id'> & { id: number | string; expiresAt: number | string | null };

/**
 * For each: every stay, live hold and time out of service of the bed, and every stay and live hold of the elder, that
 * share a day with [from, to). One statement. All the rows are locked before, so that the answer stays true.
 */
export async function claimsOnEach(
  manager: EntityManager,
  asked: readonly ClaimsAsked[],
): Promise<Claim[][]> {
  const bedIds = [...new Set(asked.map(({ bedId }) => bedId))];
  const elderIds = [...new Set(asked.map(({ elderId }) => elderId))];
  const from = asked.map((one) => one.from).reduce((one, other) => (one < other ? one : other));
  const nowMs = Math.min(...asked.map(({ now }) => now.getTime()));
  const days = 'CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay';
  const stays = (owner: string, ids: readonly number[]) =>
    `SELECT 'STAY' AS kind, id, bedId, facilityId, elderId, ${days}, NULL AS expiresAt FROM bed_stay
      WHERE ${owner} IN (${placeholders(ids)}) AND (toDay IS NULL OR toDay > ?) AND cancelledAt IS NULL`;
  const holds = (owner: string, ids: readonly number[]) =>
    `SELECT 'HOLD' AS kind, id, bedId, facilityId, elderId, CAST(fromDay AS CHAR) AS fromDay, NULL AS toDay, expiresAt
       FROM bed_hold WHERE ${owner} IN (${placeholders(ids)}) AND endedAt IS NULL AND expiresAt > ?`;
  const rows: ClaimRow[] = await manager.query(
    `${stays('bedId', bedIds)} UNION ALL ${stays('elderId', elderIds)}
     UNION ALL ${holds('bedId', bedIds)} UNION ALL ${holds('elderId', elderIds)}
     UNION ALL SELECT 'OUT_OF_SERVICE' AS kind, id, bedId, facilityId, NULL AS elderId, ${days}, NULL AS expiresAt
       FROM bed_out_of_service WHERE bedId IN (${placeholders(bedIds)}) AND (toDay IS NULL OR toDay > ?)`,
    [...bedIds, from, ...elderIds, from, ...bedIds, nowMs, ...elderIds, nowMs, ...bedIds, from],
  );
  // What an elder has of the bed itself is found by both.
  const distinct = [...new Map(rows.map((row) => [`${row.kind} ${row.id}`, row])).values()];
  return asked.map((one) => distinct.filter((row) => isInTheWay(row, one)).map(claimOf));
}

function isInTheWay(row: ClaimRow, { bedId, elderId, from, to, now }: ClaimsAsked): boolean {
  const isTheirs = row.bedId === bedId || row.elderId === elderId;
  const isOver = row.expiresAt !== null && Number(row.expiresAt) <= now.getTime();
  return isTheirs && !isOver && overlap({ from, to }, { from: row.fromDay, to: row.toDay });
}

function claimOf({ expiresAt: _expiresAt, id, ...row }: ClaimRow): Claim {
  return { ...row, id: Number(id) };
}

/** What claims one bed and one elder. */
export async function claimsOn(
  manager: EntityManager,
  asked: Omit<ClaimsAsked, 'now'>,
  now: Date,
): Promise<Claim[]> {
  const [claims = []] = await claimsOnEach(manager, [{ ...asked, now }]);
  return claims;
}

/** Why nobody can have the bed over these days, in words that name it; undefined when somebody can. */
export function whyNotFree(bed: FoundBed, { from, to }: DaySpan, claims: readonly Claim[]): Text | undefined {
  const name = bedName(bed);
  const isRegistered =
    bed.inServiceFrom <= from &&
    [bed.closedOn, bed.facilityClosedOn].every((end) => reaches(end, { from, to }));
  if (!isRegistered) {
    return { zh: `${name.zh}在此期间未启用或已撤销`, en: `${name.en} is not in service over these days` };
  }
  const [claim] = claims.filter(({ bedId }) => bedId === bed.id).sort(byPrecedence);
  if (!claim) return undefined;
  return {
    STAY: {
      zh: `${name.zh}自 ${claim.fromDay} 起已有人入住`,
      en: `${name.en} is taken from ${claim.fromDay} on`,
    },
    HOLD: {
      zh: `${name.zh}自 ${claim.fromDay} 起已为他人保留`,
      en: `${name.en} is held for somebody from ${claim.fromDay} on`,
    },
    OUT_OF_SERVICE: {
      zh: `${name.zh}自 ${claim.fromDay} 起停用`,
      en: `${name.en} is out of service from ${claim.fromDay} on`,
    },
  }[claim.kind];
}

/** True when what ends on `end` is there for all of the days; a bed that is wanted for good must have no end. */
function reaches(end: Day | null, { from, to }: DaySpan): boolean {
  return end === null || (end > from && to !== null && to <= end);
}

function byPrecedence(one: Claim, other: Claim): number {
  const kinds = ['OUT_OF_SERVICE', 'STAY', 'HOLD'];
  return kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || one.id - other.id;
}
