import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, assignedId, key, int, big, text, day, flag } = column;

const network: TableOptions[] = [
  {
    name: 'facility',
    columns: [
      id(),
      text('code', 32),
      text('name', 100),
      text('kind', 24),
      text('divisionCode', 12),
      day('openedOn'),
      nullable(day('closedOn')),
    ],
    indices: [unique('uq_facility_code', 'code'), index('ix_facility_kind', 'kind')],
  },
  {
    name: 'facility_placement',
    columns: [id(), int('facilityId'), int('parentId'), day('fromDay'), nullable(day('toDay'))],
    indices: [
      unique('uq_placement_facility_from', 'facilityId', 'fromDay'),
      index('ix_placement_parent', 'parentId', 'fromDay'),
    ],
    foreignKeys: [
      reference('fk_placement_facility', 'facilityId', 'facility'),
      reference('fk_placement_parent', 'parentId', 'facility'),
    ],
    checks: [
      check('ck_placement_interval', 'toDay IS NULL OR toDay > fromDay'),
      check('ck_placement_parent', 'parentId <> facilityId'),
    ],
  },
];

const access: TableOptions[] = [
  { name: 'account', columns: [id(), text('name', 60), big('createdAt')] },
  {
    name: 'access_grant',
    columns: [
      id(),
      int('accountId'),
      text('role', 12),
      nullable(int('facilityId')),
      big('fromAt'),
      nullable(big('untilAt')),
    ],
    indices: [index('ix_grant_account', 'accountId'), index('ix_grant_facility', 'facilityId', 'role')],
    foreignKeys: [
      reference('fk_grant_account', 'accountId', 'account'),
      reference('fk_grant_facility', 'facilityId', 'facility'),
    ],
    checks: [
      check('ck_grant_interval', 'untilAt IS NULL OR untilAt >= fromAt'),
      check('ck_grant_facility', "role = 'ADMIN' OR facilityId IS NOT NULL"),
    ],
  },
  {
    name: 'access_token',
    columns: [id(), int('accountId'), text('hash', 64), big('createdAt'), nullable(big('revokedAt'))],
    indices: [unique('uq_token_hash', 'hash'), index('ix_token_account', 'accountId')],
    foreignKeys: [reference('fk_token_account', 'accountId', 'account')],
  },
];

const elders: TableOptions[] = [
  {
    name: 'elder',
    columns: [
      id(),
      text('name', 60),
      text('idNumber', 18),
      day('birthDate'),
      nullable(int('abilityLevel')),
      nullable(day('abilityExpiresOn')),
      nullable(int('homeStationId')),
      text('status', 16),
      day('registeredOn'),
      nullable(day('endedOn')),
    ],
    indices: [
      unique('uq_elder_id_number', 'idNumber'),
      index('ix_elder_home_station', 'homeStationId', 'registeredOn', 'endedOn'),
      index('ix_elder_name', 'name'),
    ],
    foreignKeys: [reference('fk_elder_home_station', 'homeStationId', 'facility')],
    checks: [
      check('ck_elder_ended', "(status = 'ACTIVE') = (endedOn IS NULL)"),
      check('ck_elder_ability', 'abilityLevel IS NULL OR (abilityLevel >= 0 AND abilityLevel <= 4)'),
    ],
  },
  {
    name: 'elder_category',
    columns: [key('elderId', 'integer'), key('category', 'varchar', 24)],
    indices: [index('ix_elder_category', 'category')],
    foreignKeys: [reference('fk_category_elder', 'elderId', 'elder')],
  },
];

const cardsAndCanteens: TableOptions[] = [
  {
    name: 'meal_card',
    columns: [
      id(),
      text('uid', 32),
      int('elderId'),
      nullable(int('activeElderId')),
      text('status', 16),
      day('issuedOn'),
    ],
    indices: [
      unique('uq_card_uid', 'uid'),
      unique('uq_card_active_elder', 'activeElderId'),
      index('ix_card_elder', 'elderId'),
    ],
    foreignKeys: [reference('fk_card_elder', 'elderId', 'elder')],
    checks: [check('ck_card_active', "(status = 'ACTIVE') = (activeElderId IS NOT NULL)")],
  },
  {
    name: 'card_replacement',
    columns: [id(), text('requestId', 36), int('oldCardId'), int('newCardId'), big('at')],
    indices: [
      unique('uq_replacement_request', 'requestId'),
      unique('uq_replacement_old', 'oldCardId'),
      unique('uq_replacement_new', 'newCardId'),
    ],
    foreignKeys: [
      reference('fk_replacement_old', 'oldCardId', 'meal_card'),
      reference('fk_replacement_new', 'newCardId', 'meal_card'),
    ],
  },
  {
    name: 'canteen',
    columns: [key('facilityId', 'integer'), big('priceFenMax')],
    foreignKeys: [reference('fk_canteen_facility', 'facilityId', 'facility')],
    checks: [check('ck_canteen_price', 'priceFenMax > 0')],
  },
  {
    name: 'meal_window',
    columns: [key('canteenId', 'integer'), key('meal', 'varchar', 12), int('fromMinute'), int('toMinute')],
    foreignKeys: [reference('fk_window_canteen', 'canteenId', 'canteen', 'facilityId')],
    checks: [check('ck_window_interval', 'fromMinute >= 0 AND toMinute > fromMinute AND toMinute <= 1440')],
  },
  {
    name: 'funder',
    columns: [id(), text('code', 32), text('name', 100)],
    indices: [unique('uq_funder_code', 'code')],
  },
  {
    name: 'subsidy_rule',
    columns: [
      id(),
      text('code', 32),
      int('version'),
      int('facilityId'),
      int('funderId'),
      text('meal', 12),
      int('ageMin'),
      big('amountFen'),
      day('fromDay'),
      nullable(day('toDay')),
    ],
    indices: [
      unique('uq_rule_code_version', 'code', 'version'),
      index('ix_rule_facility', 'facilityId', 'fromDay'),
    ],
    foreignKeys: [
      reference('fk_rule_facility', 'facilityId', 'facility'),
      reference('fk_rule_funder', 'funderId', 'funder'),
    ],
    checks: [
      check('ck_rule_interval', 'toDay IS NULL OR toDay > fromDay'),
      check('ck_rule_amount', 'amountFen > 0'),
    ],
  },
];

/**
 * The tables that every swipe writes to. Without a row id SQLite keeps them by their own key, as InnoDB does,
 * and has one tree less to write for each row.
 */
const swipesAndLedger: TableOptions[] = [
  {
    name: 'ledger_account',
    columns: [id(), text('kind', 24), int('ownerId'), nullable(big('balanceFen'))],
    indices: [unique('uq_account_owner', 'kind', 'ownerId')],
    checks: [
      check('ck_account_balance', 'balanceFen IS NULL OR balanceFen >= 0'),
      check('ck_account_kept', "(kind = 'ELDER') = (balanceFen IS NOT NULL)"),
    ],
  },
  {
    name: 'ledger_posting',
    withoutRowid: true,
    columns: [assignedId(), text('kind', 12), big('sourceId'), day('bookedOn'), big('postedAt')],
    indices: [unique('uq_posting_source', 'sourceId', 'kind')],
  },
  {
    name: 'ledger_entry',
    withoutRowid: true,
    columns: [assignedId('postingId'), key('line', 'integer'), int('accountId'), big('fen')],
    indices: [index('ix_entry_account', 'accountId', 'postingId')],
    foreignKeys: [
      reference('fk_entry_posting', 'postingId', 'ledger_posting'),
      reference('fk_entry_account', 'accountId', 'ledger_account'),
    ],
    checks: [check('ck_entry_fen', 'fen <> 0')],
  },
  {
    name: 'swipe',
    withoutRowid: true,
    columns: [
      assignedId(),
      text('swipeId', 36),
      int('readerId'),
      int('canteenId'),
      int('sequence'),
      text('cardUid', 32),
      big('swipedAt'),
      big('receivedAt'),
      big('grossFen'),
      text('mode', 12),
      flag('offline'),
      text('outcome', 24),
      nullable(text('reviewReason', 24)),
      nullable(int('elderId')),
      day('mealDate'),
      nullable(text('meal', 12)),
      nullable(text('claimedMeal', 12)),
      big('subsidyFen'),
      big('discountFen'),
      big('selfPaidFen'),
      nullable(big('balanceFen')),
      nullable(int('ruleId')),
      nullable(big('voidedAt')),
      nullable(text('voidReason', 200)),
      nullable(int('voidedById')),
    ],
    indices: [
      unique('uq_swipe_swipe_id', 'swipeId'),
      unique('uq_swipe_meal', 'elderId', 'mealDate', 'claimedMeal'),
      index('ix_swipe_canteen_day', 'canteenId', 'mealDate'),
      index('ix_swipe_reader_sequence', 'readerId', 'sequence'),
    ],
    foreignKeys: [
      reference('fk_swipe_reader', 'readerId', 'account'),
      reference('fk_swipe_canteen', 'canteenId', 'facility'),
      reference('fk_swipe_elder', 'elderId', 'elder'),
      reference('fk_swipe_rule', 'ruleId', 'subsidy_rule'),
      reference('fk_swipe_voided_by', 'voidedById', 'account'),
    ],
    checks: [
      check('ck_swipe_split', 'subsidyFen + discountFen + selfPaidFen = grossFen OR meal IS NULL'),
      check('ck_swipe_parts', 'subsidyFen >= 0 AND discountFen >= 0 AND selfPaidFen >= 0'),
      check('ck_swipe_recorded', "(outcome IN ('ACCEPTED', 'RECORDED_FOR_REVIEW')) = (meal IS NOT NULL)"),
      check('ck_swipe_claim', "(outcome = 'ACCEPTED' AND voidedAt IS NULL) = (claimedMeal IS NOT NULL)"),
    ],
  },
  {
    name: 'top_up',
    columns: [
      assignedId(),
      text('requestId', 36),
      int('cardId'),
      big('fen'),
      big('at'),
      nullable(int('byId')),
    ],
    indices: [unique('uq_top_up_request', 'requestId')],
    foreignKeys: [
      reference('fk_top_up_card', 'cardId', 'meal_card'),
      reference('fk_top_up_by', 'byId', 'account'),
    ],
    checks: [check('ck_top_up_fen', 'fen > 0')],
  },
  { name: 'id_sequence', columns: [key('name', 'varchar', 32), big('nextId')] },
];

const tables = [...network, ...access, ...elders, ...cardsAndCanteens, ...swipesAndLedger];

export class NetworkEldersMealsAccess1763800000000 implements MigrationInterface {
  name = 'NetworkEldersMealsAccess1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await createTable(runner, table);
    await runner.query("INSERT INTO id_sequence (name, nextId) VALUES ('meals', 1)");
    // The ledger's door to the outside, which every top-up posts against; there is one, so it is here from the first.
    await runner.query("INSERT INTO ledger_account (kind, ownerId, balanceFen) VALUES ('CASH', 0, NULL)");
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.dropTable(table.name);
  }
}
