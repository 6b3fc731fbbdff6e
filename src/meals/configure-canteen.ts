import type { EntityManager } from 'typeorm';
import { covers, type Scope, supervises } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { type CanteenRoom, roomFault, storeRoom } from './canteen-room.js';
import { openLedgerAccounts } from './ledger.js';
import { mealFenMax } from './meal-price.rules.js';
import { faultyWindow, type ServingWindow } from './meal-window.rules.js';

export type CanteenRefusalCode =
  | 'PRICE_OUT_OF_RANGE'
  | 'WINDOW_INVALID'
  | 'SEATS_INVALID'
  | 'POSITION_INVALID'
  | 'CANTEEN_UNKNOWN'
  | 'ROOM_NOT_YOURS';

export interface CanteenSettings {
  canteenId: number;
  priceFenMax: number;
  windows: readonly ServingWindow[];
  /** What is not said stays as it was. */
  room?: Partial<CanteenRoom>;
}

/** Sets a canteen's dearest meal and its meal windows, replacing those it had. */
export async function configureCanteen(
  manager: EntityManager,
  settings: CanteenSettings,
  scope: Scope,
  today: Day,
): Promise<CanteenSettings | Refusal<CanteenRefusalCode>> {
  const { canteenId, priceFenMax, windows } = settings;
  if (priceFenMax <= 0 || priceFenMax > mealFenMax) {
    const text = { zh: `须在 1 至 ${mealFenMax} 分之间`, en: `must be 1 to ${mealFenMax} fen` };
    return refuse('PRICE_OUT_OF_RANGE', text, ['input', 'priceFenMax']);
  }
  const faulty = faultyWindow(windows);
  if (faulty !== undefined) {
    const text = {
      zh: '时段须在一天之内、起早于止、每餐一个且互不重叠',
      en: 'must begin before it ends within one day, once for each meal, without overlap',
    };
    return refuse('WINDOW_INVALID', text, ['input', 'windows', String(faulty)]);
  }
  const unfit = roomFault(settings.room ?? {});
  if (unfit) return refuse(unfit.code, unfit.text, ['input', unfit.field]);
  const facilities: { kind: string }[] = await manager.query(
    `SELECT kind FROM facility WHERE id = ?${forUpdate(manager)}`,
    [canteenId],
  );
  const isCanteen = facilities[0]?.kind === 'ELDER_CANTEEN';
  if (!isCanteen || !(await covers(manager, scope, canteenId, today))) {
    return refuse('CANTEEN_UNKNOWN', { zh: '无此食堂', en: 'No such canteen' }, ['input', 'canteenId']);
  }
  if (saysRoom(settings.room) && !(await supervises(manager, scope, canteenId, today))) {
    // It is what the canteen's own figures are held against.
    const text = { zh: '座位和位置由上级登记', en: 'is registered by whoever supervises the canteen' };
    return refuse('ROOM_NOT_YOURS', text, ['input', 'seats']);
  }
  await store(manager, settings);
  return settings;
}

function saysRoom(room: Partial<CanteenRoom> = {}): boolean {
  return Object.values(room).some((value) => value !== undefined);
}

async function store(manager: EntityManager, { canteenId, priceFenMax, windows, room }: CanteenSettings) {
  const existing = await manager.query('SELECT facilityId FROM canteen WHERE facilityId = ?', [canteenId]);
  if (existing.length > 0) {
    await manager.query('UPDATE canteen SET priceFenMax = ? WHERE facilityId = ?', [priceFenMax, canteenId]);
  } else {
    await insertRows(manager, 'canteen', ['facilityId', 'priceFenMax'], [[canteenId, priceFenMax]]);
    await openLedgerAccounts(manager, [
      { kind: 'CANTEEN_RECEIVABLE', ownerId: canteenId },
      { kind: 'CANTEEN_DISCOUNT', ownerId: canteenId },
    ]);
  }
  await storeRoom(manager, canteenId, room ?? {});
  await manager.query('DELETE FROM meal_window WHERE canteenId = ?', [canteenId]);
  await insertRows(
    manager,
    'meal_window',
    ['canteenId', 'meal', 'fromMinute', 'toMinute'],
    windows.map(({ meal, fromMinute, toMinute }) => [canteenId, meal, fromMinute, toMinute]),
  );
}
