import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { FoundBed } from './read-beds.js';
import { type Stay, staysOnBeds } from './read-stays.js';

export type BedState = 'FREE' | 'HELD' | 'OCCUPIED' | 'ON_LEAVE' | 'OUT_OF_SERVICE';

export interface BedOnDay {
  state: BedState;
  /** The stay that has it, or the hold that keeps it. */
  stay: Stay | null;
}

/** What each of these beds is on a day. Three statements, however many beds; two when it is known which are out. */
export async function bedsOnDay(
  manager: EntityManager,
  beds: readonly Pick<FoundBed, 'id' | 'registeredOn' | 'inServiceFrom' | 'closedOn'>[],
  on: Day,
  now: Date,
  known?: ReadonlySet<number>,
): Promise<Map<number, BedOnDay>> {
  const ids = beds.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const stays = await staysOnBeds(manager, ids, on, now);
  const out = known ?? (await outOn(manager, ids, on));
  return new Map(
    beds.map((bed) => [bed.id, onDay(bed, { isOut: out.has(bed.id), stay: stays.get(bed.id), on, now })]),
  );
}

async function outOn(manager: EntityManager, ids: readonly number[], on: Day): Promise<ReadonlySet<number>> {
  const closed: { bedId: number }[] = await manager.query(
    `SELECT bedId FROM bed_out_of_service
      WHERE bedId IN (${placeholders(ids)}) AND fromDay <= ? AND (toDay IS NULL OR toDay > ?)`,
    [...ids, on, on],
  );
  return new Set(closed.map(({ bedId }) => bedId));
}

function onDay(
  { inServiceFrom, closedOn }: Pick<FoundBed, 'inServiceFrom' | 'closedOn'>,
  { isOut, stay, on, now }: { isOut: boolean; stay: Stay | undefined; on: Day; now: Date },
): BedOnDay {
  const isInService = inServiceFrom <= on && (closedOn === null || closedOn > on) && !isOut;
  if (!isInService) return { state: 'OUT_OF_SERVICE', stay: null };
  if (!stay) return { state: 'FREE', stay: null };
  // A stay that lies ahead has the bed on its days, though nobody is in it today.
  const isAhead = stay.kind === 'STAY' && stay.state === 'HELD' && on > dayOf(now);
  const state = isAhead ? (stay.leaveKind === null ? 'OCCUPIED' : 'ON_LEAVE') : stay.state;
  return { state, stay };
}
