import type { EntityManager } from 'typeorm';
import { dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { lockTimes } from './change-visit.js';
import { type GrantRow, grantColumns } from './hours-catalog.js';
import { type HoursFact, writeHours } from './hours-ledger.js';

/** How many grants one transaction ends, so that no booking waits long for its elder. */
const grantsMax = 200;

/**
 * Ends what is left of grants whose month or week is over; nothing of it is booked any more, so this is for whoever
 * reads the ledger. Returns how many were ended: again until there are none.
 */
export async function expireHours(manager: EntityManager, now: Date): Promise<number> {
  const over: { id: number; elderId: number }[] = await manager.query(
    'SELECT id, elderId FROM hours_grant WHERE toDay <= ? AND leftMinutes > 0 ORDER BY toDay, id LIMIT ?',
    [dayOf(now), grantsMax],
  );
  if (over.length === 0) return 0;
  await lockTimes(manager, { elderIds: [...new Set(over.map(({ elderId }) => elderId))], caregiverIds: [] });
  const ids = over.map(({ id }) => id);
  // Looked at again, now that nobody gives anything back in between.
  const grants: (GrantRow & { step: number })[] = await manager.query(
    `SELECT ${grantColumns}, (SELECT MAX(p.step) FROM hours_posting p WHERE p.grantId = g.id) AS step
       FROM hours_grant g WHERE id IN (${placeholders(ids)}) AND leftMinutes > 0 ORDER BY id`,
    ids,
  );
  await writeEnds(
    manager,
    grants.map(({ leftMinutes, ...grant }) => ({ ...grant, minutes: leftMinutes })),
    now,
  );
  return grants.length;
}

/**
 * Opens again what ended of the grants that these visits had, so that a visit of a month that is over is paid for by
 * the hours of that month when it is told of, or let through, afterwards. What is not taken ends again with the next
 * `expireHours`. The elders are locked.
 */
export async function reopenExpiredHours(
  manager: EntityManager,
  visitIds: readonly number[],
  now: Date,
): Promise<void> {
  const rows: (Omit<EndedGrant, 'minutes'> & { minutes: number | string })[] = await manager.query(
    `SELECT g.id, g.elderId, SUM(e.minutes) AS minutes,
            (SELECT MAX(p.step) FROM hours_posting p WHERE p.grantId = g.id) AS step
       FROM hours_grant g JOIN hours_entry e ON e.ownerId = g.id AND e.account = 'EXPIRED'
      WHERE g.id IN (SELECT had.grantId FROM hours_posting p JOIN hours_entry had ON had.postingId = p.id
                      WHERE p.visitId IN (${placeholders(visitIds) || 'NULL'}) AND had.account = 'RESERVED')
      GROUP BY g.id, g.elderId HAVING SUM(e.minutes) > 0 ORDER BY g.id`,
    [...visitIds],
  );
  await writeEnds(
    manager,
    rows.map(({ minutes, ...grant }) => ({ ...grant, minutes: -Number(minutes) })),
    now,
  );
}

interface EndedGrant {
  id: number;
  elderId: number;
  /** Its last posting. */
  step: number;
  /** What ends, negative for what is opened again. */
  minutes: number;
}

async function writeEnds(manager: EntityManager, grants: readonly EndedGrant[], now: Date): Promise<void> {
  const facts = grants.map(({ id, elderId, minutes, step }): HoursFact => {
    const of = (account: 'LEFT' | 'EXPIRED', more: number) => {
      return { account, ownerId: id, grantId: id, minutes: more, fen: 0 };
    };
    const lines = [of('LEFT', -minutes), of('EXPIRED', minutes)];
    return { kind: 'EXPIRE', grantId: id, visitId: null, step: step + 1, elderId, stationId: null, lines };
  });
  const changes = grants.map(({ id, minutes }) => {
    return { grantId: id, grantedMinutes: 0, leftMinutes: -minutes };
  });
  await writeHours(manager, facts, changes, now);
}
