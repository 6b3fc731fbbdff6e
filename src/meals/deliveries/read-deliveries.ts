import type { EntityManager } from 'typeorm';
import type {
  ComeBackReason,
  DeliveryProof,
  DeliveryState,
} from '../../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { coversElder, type ElderScope } from '../../elders/elder-scope.js';
import { maskedName } from '../../elders/masked-name.rules.js';
import { covers, type Scope } from '../../network/scope.js';
import type { Day } from '../../shared/china-time.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { placeholders, type Statement } from '../../shared/statements.js';
import type { DeliverySide } from './delivery.rules.js';
import { openReason } from './delivery-reason.js';

/** A delivery as it stands. Amounts in fen. */
export interface Delivery {
  id: number;
  elderId: number;
  /** Family name kept, given name starred. */
  elderName: string;
  homeStationId: number | null;
  /** The day of death, of moving away or of closing the file; null while it is active. */
  elderEndedOn: Day | null;
  canteenId: number;
  day: Day;
  meal: Meal;
  grossFen: number;
  feeFen: number;
  state: DeliveryState;
  orderedAt: Date;
  orderedById: number;
  courierId: number | null;
  courierName: string | null;
  outAt: Date | null;
  endedAt: Date | null;
  /** The account that ended it; null while nobody has. */
  endedById: number | null;
  proof: DeliveryProof | null;
  photoReference: string | null;
  reason: ComeBackReason | null;
  reasonText: string | null;
  /** The id of the swipe that it became. */
  swipeId: string | null;
  codeSeed: string;
  codeTries: number;
  requestId: string;
  endRequestId: string | null;
}

/** Selects deliveries as `o` with the elder as `e`; conditions and order follow. */
export const selectDeliveries = `SELECT o.id, o.elderId, e.name AS elderName, e.homeStationId,
            CAST(e.endedOn AS CHAR) AS elderEndedOn, o.canteenId,
            CAST(o.day AS CHAR) AS day, o.meal, o.grossFen, o.feeFen, o.state, o.orderedAt, o.orderedById,
            o.courierId, c.name AS courierName, o.outAt, o.endedAt, o.endedById, o.proof, o.photoReference, o.reason,
            o.reasonSealed,
            s.swipeId, o.codeSeed, o.codeTries, o.requestId, o.endRequestId
       FROM delivery_order o
       JOIN elder e ON e.id = o.elderId
       LEFT JOIN account c ON c.id = o.courierId
       LEFT JOIN swipe s ON s.id = o.swipeRowId`;

type Big = number | string;
type AsStored = 'id' | 'grossFen' | 'feeFen' | 'orderedAt' | 'outAt' | 'endedAt' | 'reasonText';
type DeliveryRow = Omit<Delivery, AsStored> & {
  id: Big;
  grossFen: Big;
  feeFen: Big;
  orderedAt: Big;
  outAt: Big | null;
  endedAt: Big | null;
  reasonSealed: string | null;
};

/** Runs a statement that selects deliveries. */
export async function readDeliveries(
  manager: EntityManager,
  { sql, parameters }: Statement,
): Promise<Delivery[]> {
  const rows: DeliveryRow[] = await manager.query(sql, [...parameters]);
  return rows.map((row) => deliveryOf(manager, row));
}

function deliveryOf(manager: EntityManager, { reasonSealed, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    reasonText: reasonSealed === null ? null : openReason(cipherOf(manager), row.id, reasonSealed),
    id: Number(row.id),
    elderName: maskedName(row.elderName),
    grossFen: Number(row.grossFen),
    feeFen: Number(row.feeFen),
    orderedAt: new Date(Number(row.orderedAt)),
    outAt: row.outAt === null ? null : new Date(Number(row.outAt)),
    endedAt: row.endedAt === null ? null : new Date(Number(row.endedAt)),
  };
}

/** In the order of their ids; one that there is not is left out. One statement. */
export async function deliveriesById(manager: EntityManager, ids: readonly number[]): Promise<Delivery[]> {
  if (ids.length === 0) return [];
  return readDeliveries(manager, {
    sql: `${selectDeliveries} WHERE o.id IN (${placeholders(ids)}) ORDER BY o.id`,
    parameters: ids,
  });
}

/** Where a caller's deliveries lie: of these elders, of these canteens, and those given to the caller at others. */
export interface DeliveryReach {
  elders: ElderScope;
  canteens: Scope;
  own: { accountId: number; canteens: Scope };
}

/** On which sides of a delivery the caller stands; on none of one that is out of reach. */
export async function sidesOf(
  manager: EntityManager,
  delivery: Delivery,
  { elders, canteens, own }: DeliveryReach,
  today: Day,
): Promise<DeliverySide[]> {
  const { elderId: id, homeStationId, canteenId, courierId } = delivery;
  const sides: DeliverySide[] = [];
  if (await coversElder(manager, elders, { id, homeStationId }, today)) sides.push('ELDER');
  if (await covers(manager, canteens, canteenId, today)) sides.push('CANTEEN');
  const isOwn = courierId === own.accountId && (await covers(manager, own.canteens, canteenId, today));
  if (isOwn) sides.push('COURIER');
  return sides;
}
