import type { EntityManager } from 'typeorm';
import type { BeforeClosing } from '../network/close-facility.js';
import { type Day, dayOf } from '../shared/china-time.js';
import type { Clock } from '../shared/clock.js';
import { forUpdate } from '../shared/database.js';
import { bedName } from './read-beds.js';

/**
 * What beds say against the closing of their facility: one that somebody has, is to have or holds on that day or later.
 * The beds are locked first, so that nobody comes into one of them meanwhile; whoever waited for one reads that the
 * facility closes.
 */
export function emptyBedsBeforeClosing(clock: Clock): BeforeClosing {
  return async (manager, { facilityId, on }) => {
    await manager.query(`SELECT id FROM bed WHERE facilityId = ? ORDER BY id${forUpdate(manager)}`, [
      facilityId,
    ]);
    const taken = await takenBed(manager, facilityId, on, clock.now());
    if (!taken) return undefined;
    const { zh, en } = bedName(taken);
    return {
      zh: `${zh}那天或之后仍有人入住或保留`,
      en: `${en} is somebody's, or held, on that day or later`,
    };
  };
}

async function takenBed(manager: EntityManager, facilityId: number, on: Day, now: Date) {
  // A hold counts until its instant, and may become a stay without end: the day on which it expires says nothing.
  const [row]: { building: string; room: string; label: string }[] = await manager.query(
    `SELECT r.building, r.name AS room, b.label
       FROM bed b JOIN room r ON r.id = b.roomId
      WHERE b.facilityId = ?
        AND (EXISTS (SELECT 1 FROM bed_stay s WHERE s.bedId = b.id AND s.cancelledAt IS NULL
                      AND (s.toDay IS NULL OR s.toDay > ?))
             OR (? >= ? AND EXISTS (SELECT 1 FROM bed_hold h WHERE h.bedId = b.id AND h.endedAt IS NULL AND h.expiresAt > ?)))
      ORDER BY b.id LIMIT 1`,
    [facilityId, on, on, dayOf(now), now.getTime()],
  );
  return row;
}
