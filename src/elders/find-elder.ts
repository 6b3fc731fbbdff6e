import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { coveredAmong, covers, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';

/** The elder with this id, when `scope` covers the home station today; one out of scope is as unknown. */
export async function findElder(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<Elder | undefined> {
  const elder = await manager.findOneBy(Elder, { id });
  const isInScope = await coversHome(manager, elder, scope, today);
  return elder && isInScope ? elder : undefined;
}

/** Which of these elders have their home station in `scope` today: two statements, however many they are. */
export async function eldersCovered(
  manager: EntityManager,
  ids: readonly number[],
  scope: Scope,
  today: Day,
): Promise<Set<number>> {
  if (scope === 'everywhere' || ids.length === 0) return new Set(ids);
  const elders: { id: number; homeStationId: number | null }[] = await manager.query(
    `SELECT id, homeStationId FROM elder WHERE id IN (${placeholders(ids)})`,
    [...ids],
  );
  const stations = elders.map(({ homeStationId }) => homeStationId ?? nowhere);
  const covered = await coveredAmong(manager, scope, [...new Set(stations)], today);
  return new Set(
    elders.filter(({ homeStationId }) => covered.has(homeStationId ?? nowhere)).map(({ id }) => id),
  );
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
 * An elder without a home station is nobody's in particular: only who sees everything sees that file. One whom there
 * is not is looked for in the tree as well, so that the time of the answer does not tell who there is.
 */
function coversHome(manager: EntityManager, elder: Elder | null, scope: Scope, today: Day): Promise<boolean> {
  return covers(manager, scope, elder?.homeStationId ?? nowhere, today);
}
