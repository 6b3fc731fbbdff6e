import type { BeforeClosing } from '../../network/close-facility.js';
import type { Day } from '../../shared/china-time.js';
import { lockCanteen } from '../lock-canteen.js';

/**
 * What deliveries say against the closing of their canteen: meals that are to be brought on that day or later. They are
 * not called off by it, for nobody would tell the families, who may still order elsewhere; the canteen does that first.
 * Its row is locked, so that none is ordered meanwhile.
 */
export const noDeliveriesBeforeClosing: BeforeClosing = async (manager, { facilityId, on }) => {
  await lockCanteen(manager, facilityId);
  const [row]: { count: number | string; first: Day | null; last: Day | null }[] = await manager.query(
    `SELECT COUNT(*) AS count, CAST(MIN(day) AS CHAR) AS first, CAST(MAX(day) AS CHAR) AS last FROM delivery_order
      WHERE canteenId = ? AND day >= ? AND state IN ('ORDERED', 'ASSIGNED', 'OUT')`,
    [facilityId, on],
  );
  const count = Number(row?.count);
  if (!row || count === 0) return undefined;
  return {
    zh: `那天或之后仍有 ${count} 份送餐未结束，自 ${row.first} 至 ${row.last}`,
    en: `meals are still to be brought from it on that day or later: ${count}, from ${row.first} to ${row.last}`,
  };
};
