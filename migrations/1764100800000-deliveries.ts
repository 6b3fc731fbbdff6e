import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { key, assignedId, int, big, text, day } = column;

const tables: TableOptions[] = [
  {
    name: 'delivery_terms',
    columns: [
      key('canteenId', 'integer'),
      big('priceFen'),
      int('cutoffMinutes'),
      nullable(int('latitudeMicro')),
      nullable(int('longitudeMicro')),
    ],
    foreignKeys: [reference('fk_delivery_terms_canteen', 'canteenId', 'facility')],
    checks: [
      check('ck_delivery_terms_price', 'priceFen > 0'),
      check('ck_delivery_terms_cutoff', 'cutoffMinutes >= 0'),
      check('ck_delivery_terms_position', '(latitudeMicro IS NULL) = (longitudeMicro IS NULL)'),
    ],
  },
  {
    name: 'elder_door',
    columns: [
      key('elderId', 'integer'),
      nullable(text('positionSealed', 160)),
      nullable(text('noteSealed', 1200)),
      big('setAt'),
      int('setById'),
    ],
    foreignKeys: [
      reference('fk_door_elder', 'elderId', 'elder'),
      reference('fk_door_set_by', 'setById', 'account'),
    ],
  },
  {
    name: 'delivery_order',
    columns: [
      assignedId(),
      text('requestId', 36),
      int('elderId'),
      int('canteenId'),
      day('day'),
      text('meal', 12),
      nullable(text('liveMeal', 12)),
      big('grossFen'),
      big('feeFen'),
      text('state', 12),
      text('codeSeed', 36),
      int('codeTries'),
      big('orderedAt'),
      int('orderedById'),
      nullable(int('courierId')),
      nullable(big('outAt')),
      nullable(big('endedAt')),
      nullable(int('endedById')),
      nullable(text('endRequestId', 36)),
      nullable(text('proof', 8)),
      nullable(text('photoReference', 120)),
      nullable(text('reason', 20)),
      nullable(text('reasonText', 200)),
      nullable(big('swipeRowId')),
    ],
    indices: [
      unique('uq_delivery_request', 'requestId', 'day'),
      unique('uq_delivery_live', 'elderId', 'day', 'liveMeal'),
      unique('uq_delivery_end_request', 'endRequestId'),
      unique('uq_delivery_swipe', 'swipeRowId'),
      index('ix_delivery_canteen', 'canteenId', 'day', 'meal', 'id'),
      index('ix_delivery_courier', 'courierId', 'day', 'meal'),
      index('ix_delivery_reason', 'reason', 'day', 'id'),
    ],
    foreignKeys: [
      reference('fk_delivery_elder', 'elderId', 'elder'),
      reference('fk_delivery_canteen', 'canteenId', 'facility'),
      reference('fk_delivery_ordered_by', 'orderedById', 'account'),
      reference('fk_delivery_courier', 'courierId', 'account'),
      reference('fk_delivery_ended_by', 'endedById', 'account'),
      reference('fk_delivery_swipe', 'swipeRowId', 'swipe'),
    ],
    checks: [
      check('ck_delivery_swipe', "(state = 'HANDED_OVER') = (swipeRowId IS NOT NULL)"),
      check('ck_delivery_proof', "(state = 'HANDED_OVER') = (proof IS NOT NULL)"),
      check('ck_delivery_photo', "(COALESCE(proof, '') = 'PHOTO') = (photoReference IS NOT NULL)"),
      check('ck_delivery_reason', "(state = 'CAME_BACK') = (reason IS NOT NULL)"),
      check('ck_delivery_live', "(state IN ('CAME_BACK', 'CANCELLED')) = (liveMeal IS NULL)"),
      check('ck_delivery_tries', 'codeTries >= 0'),
    ],
  },
];

/**
 * Meals that are brought, and the doors that they are brought to.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class Deliveries1764100800000 implements MigrationInterface {
  name = 'Deliveries1764100800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    // The version before knows no couriers.
    await runner.query("DELETE FROM access_grant WHERE role = 'COURIER'");
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
