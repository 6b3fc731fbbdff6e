import type { EntityManager } from 'typeorm';
import { dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { lockTimes } from './change-visit.js';
import { type GrantRow, grantColumns } from './hours-catalog.js';
import { type HoursFact, writeHours } from './hours-ledger.js';

/** How many grants one transaction ends, so that no booking waits long for its elder. */
const grantsMax = 200;

/**
 * Ends what is left of grants whose month or week is over; nothing of it could be reserved any more, so this is for
 * whoever reads the ledger. Returns how many were ended: again until there are none.
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
  const facts = grants.map(({ id, elderId, leftMinutes, step }): HoursFact => {
    const of = (account: 'LEFT' | 'EXPIRED', minutes: number) => {
      return { account, ownerId: id, grantId: id, minutes, fen: 0 };
    };
    const lines = [of('LEFT', -leftMinutes), of('EXPIRED', leftMinutes)];
    return { kind: 'EXPIRE', grantId: id, visitId: null, step: step + 1, elderId, stationId: null, lines };
  });
  const changes = grants.map(({ id, leftMinutes }) => {
    return { grantId: id, grantedMinutes: 0, leftMinutes: -leftMinutes };
  });
  await writeHours(manager, facts, changes, now);
  return grants.length;
}
