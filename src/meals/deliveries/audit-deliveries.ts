import type { AuditCheck } from '../../shared/audit-check.js';
import { noSequence } from '../swipe.rules.js';

/** What must be true of deliveries at any time. */
export const deliveryChecks: readonly AuditCheck[] = [
  {
    name: 'every delivery that was handed over, and no other, is the meal that was charged for it',
    sql: `SELECT o.id, o.state FROM delivery_order o LEFT JOIN swipe s ON s.id = o.swipeRowId
           WHERE (o.state = 'HANDED_OVER') <> (o.swipeRowId IS NOT NULL)
              OR (o.swipeRowId IS NOT NULL
                  AND (s.id IS NULL OR s.outcome <> 'ACCEPTED' OR s.mode <> 'DELIVERY'
                       OR s.sequence <> ${noSequence} OR s.elderId <> o.elderId OR s.canteenId <> o.canteenId
                       OR s.mealDate <> o.day OR s.meal <> o.meal OR s.grossFen <> o.grossFen))`,
  },
  {
    name: 'every meal that no reader recorded was handed over on one delivery',
    sql: `SELECT s.id, COUNT(o.id) AS deliveries FROM swipe s LEFT JOIN delivery_order o ON o.swipeRowId = s.id
           WHERE s.sequence = ${noSequence} AND s.meal IS NOT NULL GROUP BY s.id HAVING COUNT(o.id) <> 1`,
  },
  {
    name: 'no meal of a day is ordered twice for an elder',
    sql: `SELECT elderId, day, meal, COUNT(*) AS orders FROM delivery_order
           WHERE state NOT IN ('CAME_BACK', 'CANCELLED') GROUP BY elderId, day, meal HAVING COUNT(*) > 1`,
  },
];
