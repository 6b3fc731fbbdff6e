import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { coveredAmong, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';

/**
 * The elder with this id, when `scope` covers the home station today or the elder is one of `openElders`; one
 * out of both is as unknown.
 */
export async function findElder(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
  openElders: readonly number[] = [],
): Promise<Elder | undefined> {
  const elder = await manager.findOneBy(Elder, { id });
  if (!elder) return undefined;
  return (await coveredElders(manager, [elder], scope, today, openElders)).has(id) ? elder : undefined;
}

/**
 * Like findElder, and keeps others from changing the elder, or what hangs on the elder, until the
 * transaction ends. Whatever changes an elder's file or cards begins here; only then does it lock a card.
 */
export async function lockElder(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<Elder | undefined> {
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [id]);
  return findElder(manager, id, scope, today);
}

/**
 * Which of these elders a caller sees: those whose home station `scope` covers today, and those of
 * `openElders`. An elder without a home station is nobody's in particular: only who sees everything, or that
 * very elder, sees the file. One statement at most.
 */
export async function coveredElders(
  manager: EntityManager,
  elders: readonly Pick<Elder, 'id' | 'homeStationId'>[],
  scope: Scope,
  today: Day,
  openElders: readonly number[] = [],
): Promise<Set<number>> {
  if (scope === 'everywhere') return new Set(elders.map(({ id }) => id));
  const open = new Set(openElders);
  const stations = new Set(
    elders.flatMap(({ id, homeStationId }) => (open.has(id) ? [] : (homeStationId ?? []))),
  );
  const covered = await coveredAmong(manager, scope, [...stations], today);
  const seen = elders.filter(
    ({ id, homeStationId }) => open.has(id) || (homeStationId !== null && covered.has(homeStationId)),
  );
  return new Set(seen.map(({ id }) => id));
}
