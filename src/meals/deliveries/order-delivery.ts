import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { awayFate } from '../../elders/away.rules.js';
import type { ElderScope } from '../../elders/elder-scope.js';
import { lockElder } from '../../elders/find-elder.js';
import type { AwaySpan, AwaySpans } from '../../elders/institution-stays.js';
import { addDays, type Day, dayOf } from '../../shared/china-time.js';
import { isWithinDays } from '../../shared/interval.js';
import { insertRows, placeholders } from '../../shared/statements.js';
import { isUuid } from '../../shared/uuid.js';
import { type TermsByKey, termsKey } from '../canteen-terms.js';
import { readDiners } from '../diner-facts.js';
import { lockCanteen } from '../lock-canteen.js';
import type { DinerFacts } from '../rules/rule-conditions.rules.js';
import { cutoffOf, daysAheadMax, daysPerOrderMax } from './delivery.rules.js';
import { deliveryEntitlement } from './delivery-entitlement.rules.js';
import { type DeliveryRefusal, refuseDelivery } from './delivery-refusals.js';
import { type CanteenDelivery, deliveryTermsOf } from './delivery-terms.js';
import { type Delivery, deliveriesById, readDeliveries, selectDeliveries } from './read-deliveries.js';

export interface DeliveryWanted {
  /** A UUID; sending it again with the same content changes nothing. */
  requestId: string;
  elderId: number;
  canteenId: number;
  meal: Meal;
  days: readonly Day[];
  byId: number;
  now: Date;
  /** The first of as many unused ids as there are days. */
  firstId: number;
  /** Of the canteen on these days. */
  terms: TermsByKey;
  /** For how long elders are not at home. */
  spansOf: AwaySpans;
  /** Whether the caller may hear of the elder's health, which the reason of a refusal may tell. */
  showsHealth: boolean;
}

/**
 * Orders one meal of each of some days for an elder, all of them or none. It takes nothing from the elder's account:
 * what is handed over is charged then, by the rules of that day.
 */
export async function orderDelivery(
  manager: EntityManager,
  wanted: DeliveryWanted,
  scope: ElderScope,
): Promise<Delivery[] | DeliveryRefusal> {
  const requestId = wanted.requestId.toLowerCase();
  const { elderId, canteenId, meal, now } = wanted;
  const days = [...wanted.days].sort();
  if (!isUuid(requestId)) return refuseDelivery('REQUEST_ID_MALFORMED', ['input', 'requestId']);
  const faulty = daysFault(wanted);
  if (faulty) return faulty;
  const elder = await lockElder(manager, elderId, scope, dayOf(now));
  if (!elder) return refuseDelivery('ELDER_UNKNOWN', ['input', 'elderId']);
  const earlier = await earlierOrders(manager, requestId);
  if (earlier.length > 0) {
    const isSame = earlier.every(
      (one) => one.elderId === elderId && one.canteenId === canteenId && one.meal === meal,
    );
    const isAll = earlier.map(({ day }) => day).join() === days.join();
    return isSame && isAll ? earlier : refuseDelivery('REQUEST_ID_REUSED', ['input', 'requestId']);
  }
  if (elder.status !== 'ACTIVE') return refuseDelivery('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  const found = await factsFor(manager, wanted);
  if (!found) return refuseDelivery('DELIVERY_NOT_OFFERED', ['input', 'canteenId']);
  const orders: NewOrder[] = [];
  for (const day of days) {
    const feeFen = feeOn(day, wanted, found);
    if (typeof feeFen !== 'number') return feeFen;
    orders.push({ day, feeFen, grossFen: found.offer.priceFen });
  }
  const ordered = await orderedAmong(manager, elderId, meal, days);
  if (ordered !== undefined) return refuseDelivery('ALREADY_ORDERED', fieldOf(ordered, wanted.days));
  return writeOrders(manager, { ...wanted, requestId }, orders);
}

function daysFault({ days, now }: DeliveryWanted): DeliveryRefusal | undefined {
  if (days.length < 1 || days.length > daysPerOrderMax || new Set(days).size < days.length) {
    return refuseDelivery('DAYS_INVALID', ['input', 'days']);
  }
  const tooFar = [...days].sort().find((day) => day > addDays(dayOf(now), daysAheadMax));
  return tooFar === undefined ? undefined : refuseDelivery('DAYS_INVALID', fieldOf(tooFar, days));
}

/** What decides about an order beside the terms of the canteen's days. */
interface OrderFacts {
  offer: CanteenDelivery;
  diner: DinerFacts;
  /** When the elder is not at home. */
  spans: readonly AwaySpan[];
  /** Since when the canteen is closed: its terms may have been read before that was said. */
  closedOn: Day | null;
}

/** Undefined when the canteen has no meals brought. It is locked, so that it is not closed meanwhile. */
async function factsFor(
  manager: EntityManager,
  { elderId, canteenId, spansOf, now }: DeliveryWanted,
): Promise<OrderFacts | undefined> {
  const canteen = await lockCanteen(manager, canteenId);
  const offer = (await deliveryTermsOf(manager, [canteenId])).get(canteenId);
  const diner = (await readDiners(manager, [elderId])).get(elderId);
  if (!canteen || !offer || !diner) return undefined;
  const spans = await spansOf.of(manager, [elderId], dayOf(now));
  return { offer, diner, spans, closedOn: canteen.closedOn };
}

interface NewOrder {
  day: Day;
  grossFen: number;
  feeFen: number;
}

async function writeOrders(
  manager: EntityManager,
  { requestId, elderId, canteenId, meal, firstId, byId, now }: DeliveryWanted,
  orders: readonly NewOrder[],
): Promise<Delivery[]> {
  const rows = orders.map(({ day, grossFen, feeFen }, index) => {
    // Whoever asks at once under the same id for somebody else meets this one, and is answered after it.
    const ownRequestId = index === 0 ? requestId : null;
    const what = [elderId, canteenId, day, meal, meal, grossFen, feeFen];
    const state = ['ORDERED', randomUUID(), 0, now.getTime(), byId];
    return [firstId + index, requestId, ownRequestId, ...what, ...state];
  });
  await insertRows(manager, 'delivery_order', orderColumns, rows);
  return deliveriesById(
    manager,
    orders.map((_, index) => firstId + index),
  );
}

const orderColumns = [
  'id',
  'requestId',
  'ownRequestId',
  'elderId',
  'canteenId',
  'day',
  'meal',
  'liveMeal',
  'grossFen',
  'feeFen',
  'state',
  'codeSeed',
  'codeTries',
  'orderedAt',
  'orderedById',
] as const;

const awayText = {
  zh: '该老人当日入住机构或住院',
  en: 'The elder lives in an institution or is in hospital on that day',
};

/** What the bringing costs that day, or why the meal cannot be brought then. */
function feeOn(
  day: Day,
  { canteenId, meal, days, now, terms, showsHealth }: DeliveryWanted,
  { offer, diner, spans, closedOn }: OrderFacts,
): number | DeliveryRefusal {
  const field = fieldOf(day, days);
  const canteen = terms.get(termsKey({ canteenId, day }));
  // Like a reader, who orders keeps to the dearest meal of the canteen; it may have been lowered since the offer.
  if (canteen && offer.priceFen > canteen.priceFenMax) {
    return refuseDelivery('DELIVERY_NOT_OFFERED', ['input', 'canteenId']);
  }
  const isOpen = canteen !== undefined && isWithinDays(day, canteen.openedOn, closedOn);
  const cutoff = isOpen ? cutoffOf(canteen.windows, { day, meal }, offer.cutoffMinutes) : undefined;
  if (!canteen || !cutoff) return refuseDelivery('MEAL_NOT_SERVED', field);
  if (now >= cutoff) return refuseDelivery('CUTOFF_PASSED', field);
  const isAway = awayFate(day, spans, dayOf(now)) === 'CALLED_OFF';
  if (isAway) return refuseDelivery('NOT_ENTITLED', field, showsHealth ? awayText : undefined);
  const entitlement = deliveryEntitlement(canteen.subsidy.sets, { diner, day });
  if (entitlement.entitled) return entitlement.feeFen;
  return refuseDelivery('NOT_ENTITLED', field, showsHealth ? entitlement.why : undefined);
}

/** The place of a day in what the caller sent. */
function fieldOf(day: Day, days: readonly Day[]): string[] {
  return ['input', 'days', String(days.indexOf(day))];
}

function earlierOrders(manager: EntityManager, requestId: string): Promise<Delivery[]> {
  return readDeliveries(manager, {
    sql: `${selectDeliveries} WHERE o.requestId = ? ORDER BY o.day`,
    parameters: [requestId],
  });
}

/** The first of these days on which the meal is ordered already. */
async function orderedAmong(
  manager: EntityManager,
  elderId: number,
  meal: Meal,
  days: readonly Day[],
): Promise<Day | undefined> {
  const rows: { day: Day }[] = await manager.query(
    `SELECT CAST(day AS CHAR) AS day FROM delivery_order
      WHERE elderId = ? AND day IN (${placeholders(days)}) AND liveMeal = ? ORDER BY day`,
    [elderId, ...days, meal],
  );
  return rows[0]?.day;
}
