import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '../../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { ElderScope } from '../../elders/elder-scope.js';
import { findElder } from '../../elders/find-elder.js';
import { covers, nowhere, type Scope } from '../../network/scope.js';
import { withBeneath } from '../../network/tree.js';
import type { Day } from '../../shared/china-time.js';
import type { Statement } from '../../shared/statements.js';
import { type Delivery, readDeliveries, selectDeliveries } from './read-deliveries.js';

export interface DeliveryPage {
  afterId: number;
  rowsMax: number;
}

/** What one canteen has brought, or is to have brought, of a meal of a day, in the order of the ids. */
export async function deliveriesOn(
  manager: EntityManager,
  asked: { canteenId: number; day: Day; meal: Meal; state: DeliveryState | undefined },
  page: DeliveryPage,
  scope: Scope,
  today: Day,
): Promise<Delivery[]> {
  const isCovered = await covers(manager, scope, asked.canteenId, today);
  return readDeliveries(
    manager,
    deliveriesOnQuery({ ...asked, canteenId: isCovered ? asked.canteenId : nowhere }, page),
  );
}

export function deliveriesOnQuery(
  {
    canteenId,
    day,
    meal,
    state,
  }: { canteenId: number; day: Day; meal: Meal; state: DeliveryState | undefined },
  { afterId, rowsMax }: DeliveryPage,
): Statement {
  const inState = state === undefined ? '' : ' AND o.state = ?';
  return {
    sql: `${selectDeliveries}
      WHERE o.canteenId = ? AND o.day = ? AND o.meal = ? AND o.id > ?${inState} ORDER BY o.id LIMIT ?`,
    parameters: [canteenId, day, meal, afterId, ...(state === undefined ? [] : [state]), rowsMax],
  };
}

/** What is ordered for an elder over [from, to), and what became of it, in the order of the ids. */
export async function deliveriesOf(
  manager: EntityManager,
  { elderId, from, to }: { elderId: number; from: Day; to: Day },
  page: DeliveryPage,
  scope: ElderScope,
  today: Day,
): Promise<Delivery[]> {
  const elder = await findElder(manager, elderId, scope, today);
  return readDeliveries(manager, deliveriesOfQuery({ elderId: elder?.id ?? 0, from, to }, page));
}

export function deliveriesOfQuery(
  { elderId, from, to }: { elderId: number; from: Day; to: Day },
  { afterId, rowsMax }: DeliveryPage,
): Statement {
  return {
    sql: `${selectDeliveries}
      WHERE o.elderId = ? AND o.day >= ? AND o.day < ? AND o.id > ? ORDER BY o.id LIMIT ?`,
    parameters: [elderId, from, to, afterId, rowsMax],
  };
}

/**
 * Whom somebody should look in on: elders who live alone and were not at home when the meal of that day came, at the
 * canteens and home stations of `scope`, in the order of the ids.
 */
export async function deliveryLookIns(
  manager: EntityManager,
  day: Day,
  page: DeliveryPage,
  scope: Scope,
  today: Day,
): Promise<Delivery[]> {
  return readDeliveries(manager, lookInsQuery(day, page, scope, today));
}

export function lookInsQuery(
  day: Day,
  { afterId, rowsMax }: DeliveryPage,
  scope: Scope,
  today: Day,
): Statement {
  const area = scope === 'everywhere' ? undefined : withBeneath(scope, today);
  const inArea = `AND (o.canteenId IN (SELECT facilityId FROM beneath)
                       OR e.homeStationId IN (SELECT facilityId FROM beneath))`;
  return {
    sql: `${area?.sql ?? ''} ${selectDeliveries}
      WHERE o.reason = 'NOBODY_AT_HOME' AND o.day = ? AND o.id > ?
        AND EXISTS (SELECT 1 FROM elder_category k WHERE k.elderId = o.elderId AND k.category = 'LIVING_ALONE')
        ${area ? inArea : ''}
      ORDER BY o.id LIMIT ?`,
    parameters: [...(area?.parameters ?? []), day, afterId, rowsMax],
  };
}
