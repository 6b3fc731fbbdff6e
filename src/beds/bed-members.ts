import type { EntityManager } from 'typeorm';
import { withEverBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';

/** Over [from, to), within the days asked about, a facility with beds stands at or beneath the root. */
export interface BedMember {
  facilityId: number;
  from: Day;
  to: Day;
}

/** The facilities with beds at or beneath a root on each day of [from, to), by the tree of that day. One statement. */
export async function bedMembers(
  manager: EntityManager,
  root: number,
  from: Day,
  to: Day,
): Promise<{ whole: number[]; parts: BedMember[] }> {
  const ever = withEverBeneath(root, from, to);
  const rows: { facilityId: number; fromDay: Day; toDay: Day }[] = await manager.query(
    `${ever.sql} SELECT DISTINCT ever.facilityId, ever.fromDay, ever.toDay FROM ever
      WHERE EXISTS (SELECT 1 FROM bed WHERE bed.facilityId = ever.facilityId)
      ORDER BY ever.facilityId, ever.fromDay`,
    ever.parameters,
  );
  const members = joined(
    rows.map((row) => ({ facilityId: row.facilityId, from: row.fromDay, to: row.toDay })),
  );
  const isWhole = (member: BedMember) => member.from === from && member.to === to;
  return {
    whole: members.filter(isWhole).map(({ facilityId }) => facilityId),
    parts: members.filter((member) => !isWhole(member)),
  };
}

/** A facility that moved beneath the same root was there all the time: touching days of one are made one. */
function joined(members: readonly BedMember[]): BedMember[] {
  const all: BedMember[] = [];
  for (const member of members) {
    const last = all.at(-1);
    if (last?.facilityId === member.facilityId && member.from <= last.to) {
      if (member.to > last.to) last.to = member.to;
    } else all.push({ ...member });
  }
  return all;
}
