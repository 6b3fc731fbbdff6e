import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import type { Position } from '../../elders/elder-door.js';
import { positionOf } from '../../elders/position.rules.js';
import { covers, type Scope } from '../../network/scope.js';
import type { Day } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { type Refusal, refuse } from '../../shared/refusal.js';
import { insertRows, placeholders } from '../../shared/statements.js';
import { cutoffMinutesMax } from './delivery.rules.js';

/** On which terms a canteen has meals brought. */
export interface CanteenDelivery {
  canteenId: number;
  priceFen: number;
  cutoffMinutes: number;
  position: Position | null;
}

export type DeliveryTermsRefusalCode =
  | 'CANTEEN_UNKNOWN'
  | 'PRICE_OUT_OF_RANGE'
  | 'CUTOFF_OUT_OF_RANGE'
  | 'POSITION_INVALID';

export interface WantedDeliveryTerms {
  canteenId: number;
  /** Null when it brings no meals from now on. */
  priceFen: number | null;
  cutoffMinutes: number;
  latitude: number | null;
  longitude: number | null;
}

/** Sets on which terms a canteen has meals brought, in the place of those it had; orders keep their price. */
export async function configureDelivery(
  manager: EntityManager,
  wanted: WantedDeliveryTerms,
  scope: Scope,
  today: Day,
): Promise<WantedDeliveryTerms | Refusal<DeliveryTermsRefusalCode>> {
  const { canteenId, priceFen, cutoffMinutes, latitude, longitude } = wanted;
  const [canteen]: { priceFenMax: number | string }[] = await manager.query(
    `SELECT priceFenMax FROM canteen WHERE facilityId = ?${forUpdate(manager)}`,
    [canteenId],
  );
  if (!canteen || !(await covers(manager, scope, canteenId, today))) {
    return refuse('CANTEEN_UNKNOWN', { zh: '无此食堂', en: 'No such canteen' }, ['input', 'canteenId']);
  }
  const faulty = faultOf(wanted, Number(canteen.priceFenMax));
  if (faulty) return faulty;
  const position = latitude === null || longitude === null ? undefined : positionOf(latitude, longitude);
  await manager.query('DELETE FROM delivery_terms WHERE canteenId = ?', [canteenId]);
  if (priceFen === null) return wanted;
  await insertRows(
    manager,
    'delivery_terms',
    ['canteenId', 'priceFen', 'cutoffMinutes', 'latitudeMicro', 'longitudeMicro'],
    [[canteenId, priceFen, cutoffMinutes, position?.latitudeMicro ?? null, position?.longitudeMicro ?? null]],
  );
  return wanted;
}

function faultOf(
  wanted: WantedDeliveryTerms,
  priceFenMax: number,
): Refusal<DeliveryTermsRefusalCode> | undefined {
  const { priceFen, cutoffMinutes, latitude, longitude } = wanted;
  if (priceFen !== null && (priceFen <= 0 || priceFen > priceFenMax)) {
    const text = {
      zh: `须在 1 至 ${priceFenMax} 分之间，即本食堂最高餐价以内`,
      en: `must be 1 to ${priceFenMax} fen, the dearest meal of the canteen`,
    };
    return refuse('PRICE_OUT_OF_RANGE', text, ['input', 'priceFen']);
  }
  if (cutoffMinutes < 0 || cutoffMinutes > cutoffMinutesMax) {
    const text = {
      zh: `须在 0 至 ${cutoffMinutesMax} 分钟之间`,
      en: `must be 0 to ${cutoffMinutesMax} minutes`,
    };
    return refuse('CUTOFF_OUT_OF_RANGE', text, ['input', 'cutoffMinutes']);
  }
  const isHalf = (latitude === null) !== (longitude === null);
  const isNowhere = latitude !== null && longitude !== null && !positionOf(latitude, longitude);
  if (!isHalf && !isNowhere) return undefined;
  const text = {
    zh: '经纬度须同时填写，纬度 -90 至 90，经度 -180 至 180',
    en: 'Latitude, -90 to 90, and longitude, -180 to 180, come together',
  };
  return refuse('POSITION_INVALID', text, ['input', latitude === null ? 'longitude' : 'latitude']);
}

/** The terms of these canteens; one that brings no meals is missing. One statement. */
export async function deliveryTermsOf(
  manager: EntityManager,
  canteenIds: readonly number[],
): Promise<Map<number, CanteenDelivery>> {
  if (canteenIds.length === 0) return new Map();
  const rows: TermsRow[] = await manager.query(
    `SELECT canteenId, priceFen, cutoffMinutes, latitudeMicro, longitudeMicro
       FROM delivery_terms WHERE canteenId IN (${placeholders(canteenIds)})`,
    [...canteenIds],
  );
  return new Map(
    rows.map(({ canteenId, priceFen, cutoffMinutes, latitudeMicro, longitudeMicro }) => {
      const position =
        latitudeMicro === null || longitudeMicro === null ? null : { latitudeMicro, longitudeMicro };
      return [canteenId, { canteenId, priceFen: Number(priceFen), cutoffMinutes, position }];
    }),
  );
}

interface TermsRow {
  canteenId: number;
  priceFen: number | string;
  cutoffMinutes: number;
  latitudeMicro: number | null;
  longitudeMicro: number | null;
}

/** A canteen's terms as the audit log shows them; its row stays locked from the first look on. */
export async function deliveryTermsState(
  manager: EntityManager,
  canteenId: number,
): Promise<AuditedState | undefined> {
  const rows: unknown[] = await manager.query(
    `SELECT facilityId FROM canteen WHERE facilityId = ?${forUpdate(manager)}`,
    [canteenId],
  );
  if (rows.length === 0) return undefined;
  const terms = (await deliveryTermsOf(manager, [canteenId])).get(canteenId);
  return {
    about: { facilityId: canteenId, subject: `facility:${canteenId}` },
    values: { priceFen: terms?.priceFen ?? null, cutoffMinutes: terms?.cutoffMinutes ?? null },
  };
}
