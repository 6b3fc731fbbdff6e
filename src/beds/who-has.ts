import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
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

/**
 * Every stay, live hold and time out of service of the bed, and every stay and live hold of the elder, that share a day
 * with [from, to). One statement. Both rows are locked before, so that the answer stays true.
 */
export async function claimsOn(
  manager: EntityManager,
  { bedId, elderId, from, to }: { bedId: number; elderId: number } & DaySpan,
  now: Date,
): Promise<Claim[]> {
  const stays = (
    owner: string,
  ) => `SELECT 'STAY' AS kind, id, bedId, facilityId, elderId, CAST(fromDay AS CHAR) AS fromDay,
      CAST(toDay AS CHAR) AS toDay FROM bed_stay WHERE ${owner} = ? AND (toDay IS NULL OR toDay > ?) AND cancelledAt IS NULL`;
  const holds = (
    owner: string,
  ) => `SELECT 'HOLD' AS kind, id, bedId, facilityId, elderId, CAST(fromDay AS CHAR) AS fromDay,
      NULL AS toDay FROM bed_hold WHERE ${owner} = ? AND endedAt IS NULL AND expiresAt > ?`;
  const nowMs = now.getTime();
  const rows: (Omit<Claim, 'id'> & { id: number | string })[] = await manager.query(
    `${stays('bedId')} UNION ALL ${stays('elderId')} UNION ALL ${holds('bedId')} UNION ALL ${holds('elderId')}
     UNION ALL SELECT 'OUT_OF_SERVICE' AS kind, id, bedId, facilityId, NULL AS elderId, CAST(fromDay AS CHAR) AS fromDay,
       CAST(toDay AS CHAR) AS toDay FROM bed_out_of_service
        WHERE bedId = ? AND (toDay IS NULL OR toDay > ?)`,
    [bedId, from, elderId, from, bedId, nowMs, elderId, nowMs, bedId, from],
  );
  return rows
    .map((row) => ({ ...row, id: Number(row.id) }))
    .filter(({ fromDay, toDay }) => overlap({ from, to }, { from: fromDay, to: toDay }));
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
