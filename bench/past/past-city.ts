import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { swipeColumns } from '../../src/meals/decided-swipe.js';
import { cashOwnerId, ledgerAccountId, postingInserts } from '../../src/meals/ledger.js';
import { type Day, instantOn } from '../../src/shared/china-time.js';
import type { Insert } from '../../src/shared/statements.js';
import { type BareCity, readBareCity } from '../bare/bare-rows.js';

/** An elder of the demo city, as far as past lunches ask. */
interface Diner {
  elderId: number;
  cardId: number;
  uid: string;
  accountId: number;
  balanceFen: number;
}

export interface PastCity extends BareCity {
  diners: readonly Diner[];
  cashAccountId: number;
}

/** Who eats every other day comes so often between two top-ups. */
export const daysPerTopUp = 30;
const lunchesPerTopUp = daysPerTopUp / 2;

const subsidyFen = 300;
const lunchFromMinute = 11 * 60;
const lunchMinutes = 115;

export async function readPastCity(manager: EntityManager): Promise<PastCity> {
  const diners: Diner[] = await manager.query(
    `SELECT c.elderId, c.id AS cardId, c.uid, a.id AS accountId, a.balanceFen
       FROM meal_card c JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId
      WHERE c.status = 'ACTIVE' ORDER BY c.elderId`,
  );
  return {
    ...(await readBareCity(manager)),
    diners: diners.map((diner) => ({ ...diner, balanceFen: Number(diner.balanceFen) })),
    cashAccountId: await ledgerAccountId(manager, 'CASH', cashOwnerId),
  };
}

/** A set meal costs 8 to 12 yuan, at each canteen the same; the city bears 3. */
function priceAt(canteen: number): number {
  return 800 + (canteen % 5) * 100;
}

/** Each elder eats at the nearest canteen. */
function canteenOf(diner: number, { canteens }: BareCity): number {
  return diner % canteens.length;
}

/** Who eats on a day: one half of the elders on even days, the other on odd ones. */
export function dinersOn(dayNumber: number, { diners }: Pick<PastCity, 'diners'>): number[] {
  return Array.from(
    { length: Math.ceil((diners.length - (dayNumber % 2)) / 2) },
    (_, place) => place * 2 + (dayNumber % 2),
  );
}

/** What the elders `from` to `to` paid in on a day: what their lunches until the next time cost them. */
export function topUpsOf(city: PastCity, { day, from, to, firstId }: Part): Insert[] {
  const at = instantOn(day, 9 * 60);
  const some = city.diners.slice(from, to).map((diner, place) => {
    const fen = lunchesPerTopUp * (priceAt(canteenOf(from + place, city)) - subsidyFen);
    return { ...diner, fen, id: firstId + place * 2 };
  });
  return [
    {
      table: 'top_up',
      columns: ['id', 'requestId', 'cardId', 'fen', 'at'],
      rows: some.map(({ id, cardId, fen }) => [id, randomUUID(), cardId, fen, at.getTime()]),
    },
    ...postingInserts(
      some.map(({ id, accountId, fen }) => ({
        id: id + 1,
        kind: 'TOP_UP' as const,
        sourceId: id,
        at,
        entries: [
          { accountId, fen },
          { accountId: city.cashAccountId, fen: -fen },
        ],
      })),
    ),
  ];
}

export interface Part {
  day: Day;
  from: number;
  to: number;
  /** The first of as many unused ids as there are lunches, or of twice as many as there are top-ups. */
  firstId: number;
}

/** Lunches of these elders on a day, accepted as they were tapped; `earlier` of them since the last top-up. */
export function lunchesOf(
  city: PastCity,
  diners: readonly number[],
  { day, firstId, dayNumber }: { day: Day; firstId: number; dayNumber: number },
): Insert[] {
  const midnightMs = instantOn(day, 0).getTime();
  const earlier = Math.floor((dayNumber % daysPerTopUp) / 2);
  const lunches = diners.flatMap((index, place) => {
    const diner = city.diners[index];
    const canteen = city.canteens[canteenOf(index, city)];
    if (!diner || !canteen) return [];
    const grossFen = priceAt(canteenOf(index, city));
    const selfPaidFen = grossFen - subsidyFen;
    // Spread over the time of lunch, no two neighbours in the same minute.
    const atMs =
      midnightMs + (lunchFromMinute + ((index * 37) % lunchMinutes)) * 60_000 + (index % 60) * 1000;
    const balanceFen = diner.balanceFen + (lunchesPerTopUp - earlier - 1) * selfPaidFen;
    return {
      id: firstId + place,
      diner,
      canteen,
      grossFen,
      selfPaidFen,
      atMs,
      balanceFen,
      sequence: dayNumber * 1000 + place,
    };
  });
  return [
    {
      table: 'swipe',
      columns: swipeColumns,
      rows: lunches.map(({ id, diner, canteen, grossFen, selfPaidFen, atMs, balanceFen, sequence }) => [
        id,
        randomUUID(),
        canteen.readerId,
        canteen.canteenId,
        sequence,
        diner.uid,
        atMs,
        atMs + 300,
        grossFen,
        'DINE_IN',
        0,
        'ACCEPTED',
        null,
        diner.elderId,
        day,
        'LUNCH',
        'LUNCH',
        subsidyFen,
        0,
        selfPaidFen,
        balanceFen,
        city.ruleId,
        'SET_MEAL',
        `${city.ruleId}.0=${subsidyFen}`,
      ]),
    },
    ...postingInserts(
      lunches.map(({ id, diner, canteen, grossFen, selfPaidFen, atMs }) => ({
        id,
        kind: 'SWIPE' as const,
        sourceId: id,
        at: new Date(atMs + 300),
        entries: [
          { accountId: canteen.receivableAccountId, fen: grossFen },
          { accountId: city.funderAccountId, fen: -subsidyFen },
          { accountId: diner.accountId, fen: -selfPaidFen },
        ],
      })),
    ),
  ];
}
