import { randomUUID } from 'node:crypto';
import { Elder } from '../../entities/index.js';
import { closeMealAccount } from '../../src/meals/close-meal-account.js';
import { decideReview } from '../../src/meals/decide-review.js';
import type { Heir } from '../../src/meals/heirs.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { noon, type Town } from './town.js';

/** Decides what waits of an elder's meals and pays the account out, so that the file may be erased. */
export async function settleFile(
  { database, ids, managerId: byId }: Pick<Town, 'database' | 'ids' | 'managerId'>,
  elderId: number,
  now = noon,
): Promise<void> {
  const open: { swipeId: string }[] = await database.read((manager) =>
    manager.query(
      `SELECT s.swipeId FROM swipe s JOIN swipe_review r ON r.swipeRowId = s.id
        WHERE s.elderId = ? AND r.openCanteenId IS NOT NULL`,
      [elderId],
    ),
  );
  const asked = () => ({ requestId: randomUUID(), byId, now });
  for (const { swipeId } of open) {
    const why = { swipeId, bornBy: 'CANTEEN', funderCode: null, note: '结清' } as const;
    const decision = { ...asked(), ...why, postingId: await ids.take(1) };
    const decided = await database.write((manager) => decideReview(manager, decision, 'everywhere'));
    if (isRefusal(decided)) throw new Error(decided.message.en);
  }
  const heir = await heirIfDead(database, elderId);
  const closing = { ...asked(), elderId, heir, id: await ids.take(2) };
  const closed = await database.write((manager) => closeMealAccount(manager, closing, 'everywhere'));
  if (isRefusal(closed) && closed.refused !== 'ACCOUNT_CLOSED' && closed.refused !== 'ACCOUNT_UNKNOWN') {
    throw new Error(closed.message.en);
  }
}

/** Whom an account is paid out to: an heir after a death, else the elder. */
export async function heirIfDead(database: Town['database'], elderId: number): Promise<Heir | null> {
  const { status } = await database.read((manager) => manager.findOneByOrFail(Elder, { id: elderId }));
  return status === 'DECEASED'
    ? { name: '王大明', relation: '儿子', documentReference: '公证 2026-1' }
    : null;
}
