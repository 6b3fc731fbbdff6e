import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '../../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { type Door, doorsOf } from '../../elders/elder-door.js';
import { inDegrees } from '../../elders/position.rules.js';
import { type ShownIdentity, shownIdentities } from '../../elders/shown-identities.js';
import { coveredAmong, type Scope } from '../../network/scope.js';
import type { Day } from '../../shared/china-time.js';
import { statesUnderWay } from './delivery.rules.js';
import { deliveryTermsOf } from './delivery-terms.js';
import { walkingOrder } from './walking-order.rules.js';

/** One door of a run. What leads there is told while the meal is under way, and not any more after that. */
export interface DeliveryStop {
  deliveryId: number;
  elderId: number;
  canteenId: number;
  /** The first of the run is 1. */
  place: number;
  state: DeliveryState;
  /** Whole: a courier asks for it at the door. */
  elderName: string;
  address: string | null;
  phone: string | null;
  note: string | null;
  latitude: number | null;
  longitude: number | null;
}

/** More than anybody carries. */
const stopsMax = 200;

/**
 * The meals of today that were given to a courier at the canteens where it is one, canteen by canteen in walking
 * order; those whose position nobody knows come last, by their addresses. Finished stops keep their place.
 */
export async function deliveryRun(
  manager: EntityManager,
  { accountId, canteens }: { accountId: number; canteens: Scope },
  meal: Meal,
  today: Day,
): Promise<DeliveryStop[]> {
  const rows: RunRow[] = await manager.query(
    `SELECT o.id, o.elderId, o.canteenId, o.state, e.name
       FROM delivery_order o JOIN elder e ON e.id = o.elderId
      WHERE o.courierId = ? AND o.day = ? AND o.meal = ? AND o.state <> 'CANCELLED'
        AND (e.endedOn IS NULL OR e.endedOn > o.day)
      ORDER BY o.canteenId, o.id LIMIT ?`,
    [accountId, today, meal, stopsMax],
  );
  const canteenIds = [...new Set(rows.map(({ canteenId }) => canteenId))];
  const covered = await coveredAmong(manager, canteens, canteenIds, today);
  const own = rows.filter(({ canteenId }) => covered.has(canteenId));
  const elderIds = own.map(({ elderId }) => elderId);
  const doors = await doorsOf(manager, elderIds);
  const identities = await shownIdentities(manager, elderIds, [], today, elderIds);
  const terms = await deliveryTermsOf(manager, [...covered]);
  const ordered = canteenIds.flatMap((canteenId) =>
    walked(
      own.filter((row) => row.canteenId === canteenId),
      terms.get(canteenId)?.position ?? null,
      { doors, identities },
    ),
  );
  return ordered.map((row, index) => stopOf(row, index + 1, { doors, identities }));
}

/** Which whole identities and doors a run shows; each is a look that is recorded. */
export function looksOf(stops: readonly DeliveryStop[]): { elderId: number; field: string }[] {
  return stops.flatMap(({ elderId, address, phone, note, latitude }) => {
    const shown = { address, phone, door: note ?? latitude };
    return Object.entries(shown).flatMap(([field, value]) => (value === null ? [] : [{ elderId, field }]));
  });
}

interface RunRow {
  id: number | string;
  elderId: number;
  canteenId: number;
  state: DeliveryState;
  name: string;
}

interface Known {
  doors: ReadonlyMap<number, Door>;
  identities: ReadonlyMap<number, ShownIdentity>;
}

function walked(rows: readonly RunRow[], start: Door['position'], { doors, identities }: Known): RunRow[] {
  const placed = rows.flatMap((row) => {
    const position = doors.get(row.elderId)?.position;
    return position ? [{ row, position }] : [];
  });
  const order = walkingOrder(
    start,
    placed.map(({ position }) => position),
  );
  const addressOf = ({ elderId }: RunRow) => identities.get(elderId)?.address ?? '';
  const unplaced = rows
    .filter(({ elderId }) => !doors.get(elderId)?.position)
    .sort((one, other) => addressOf(one).localeCompare(addressOf(other), 'zh-CN', { numeric: true }));
  return [...order.flatMap((index) => placed[index]?.row ?? []), ...unplaced];
}

function stopOf(
  { id, elderId, canteenId, state, name }: RunRow,
  place: number,
  { doors, identities }: Known,
) {
  const stop = { deliveryId: Number(id), elderId, canteenId, place, state, elderName: name };
  const isUnderWay = statesUnderWay.includes(state);
  const door = isUnderWay ? doors.get(elderId) : undefined;
  const identity = isUnderWay ? identities.get(elderId) : undefined;
  return {
    ...stop,
    address: identity?.address ?? null,
    phone: identity?.phone ?? null,
    note: door?.note ?? null,
    ...inDegrees(door?.position ?? null),
  };
}
