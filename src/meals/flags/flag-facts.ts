import type { EntityManager } from 'typeorm';
import { type InstitutionStays, stayKey } from '../../elders/institution-stays.js';
import { addDays, type Day, instantOn } from '../../shared/china-time.js';
import { placeholders, type Statement } from '../../shared/statements.js';
import type { CanteenDayKey } from '../canteen-terms.js';
import type { CanteenDayFacts } from './detect-flags.rules.js';
import type { SwipeFact } from './flag-findings.rules.js';
import { daysLookedBack, type EarlierTap } from './flag-same-order.rules.js';
import type { Seats } from './flag-seats.rules.js';
import { readThresholds } from './flag-thresholds.js';
import type { Thresholds } from './flag-thresholds.rules.js';
import { type CanteenPlace, wayMsMax } from './flag-travel.rules.js';

/** More swipes than a canteen has on a day, whatever its readers do; beyond them a day is judged by the first. */
const swipesMax = 20_000;

/** Reads what a canteen's day shows: eight statements at most, however many swipes. */
export async function readDayFacts(
  manager: EntityManager,
  key: CanteenDayKey,
  stays: InstitutionStays,
): Promise<CanteenDayFacts> {
  const { day } = key;
  const thresholds = await readThresholds(manager, day);
  const swipes = await readSwipes(manager, ownSql, [key.canteenId, day]);
  const { travels, eve } = await readTravels(manager, key, thresholds);
  const places = await readPlaces(manager, [
    ...new Set([key.canteenId, ...[...travels, ...eve].map(({ canteenId }) => canteenId)]),
  ]);
  const earlier = await readEarlier(manager, key, daysLookedBack(thresholds.ORDER_DAYS));
  const elderIds = [...new Set(swipes.flatMap(({ elderId }) => (elderId === null ? [] : [elderId])))];
  const living = await stays.on(manager, elderIds, [day]);
  return {
    day,
    thresholds,
    swipes,
    travels,
    eve,
    places,
    earlier,
    seats: places.get(key.canteenId) ?? { seats: null, seatings: null },
    livesInInstitution: (elderId) => living.has(stayKey(elderId, day)),
  };
}

/** What nobody took back, from readers whose clock can be believed. */
const isSign = (alias: string) => `${alias}.voidedAt IS NULL AND ${alias}.outcome <> 'CLOCK_OUT_OF_RANGE'`;

/** A courier who hands meals over, elder by elder in walking order, is no reader, and has no habits of one. */
const factColumns = `s.id, s.canteenId, CASE WHEN s.sequence >= 0 THEN s.readerId END AS readerId, s.elderId, s.cardUid, s.swipedAt AS swipedAtMs,
       s.receivedAt AS receivedAtMs, s.mode, s.outcome, s.reviewReason, s.meal,
       CAST(e.endedOn AS CHAR) AS elderEndedOn,
       CASE WHEN o.orderedById = o.endedById THEN o.endedById END AS ownHandId`;

const factTables = `swipe s LEFT JOIN elder e ON e.id = s.elderId
   LEFT JOIN delivery_order o ON o.swipeRowId = s.id`;

const ownSql = `SELECT ${factColumns}
  FROM ${factTables}
 WHERE s.canteenId = ? AND s.mealDate = ? AND ${isSign('s')}
 ORDER BY s.id LIMIT ${swipesMax}`;

/** More elders than swipe at one canteen and at another within a day. */
const travellersMax = 5000;

/**
 * Who swiped here, and elsewhere on the day, or late enough on its eve. Each elder's day is found by the index of
 * meals, which one day at a time takes; CROSS JOIN keeps SQLite from beginning elsewhere than here.
 */
export function travellersQuery({ canteenId, day }: CanteenDayKey, thresholds: Thresholds): Statement {
  const wayMs = wayMsMax(thresholds);
  const there = `FROM swipe own
 CROSS JOIN swipe there ON there.elderId = own.elderId AND there.mealDate = ?
 WHERE own.canteenId = ? AND own.mealDate = ? AND own.elderId IS NOT NULL AND there.canteenId <> own.canteenId`;
  return {
    sql: `SELECT own.elderId ${there}
 UNION
SELECT own.elderId ${there} AND own.swipedAt < ? AND there.swipedAt > own.swipedAt - ?
 LIMIT ${travellersMax}`,
    parameters: [
      ...[day, canteenId, day],
      ...[addDays(day, -1), canteenId, day, instantOn(day, 0).getTime() + wayMs, wayMs],
    ],
  };
}

/**
 * The day and its eve, of each elder who swiped elsewhere too. Day by day as an index takes them, and in no order:
 * asked for the first so many by id, MariaDB would rather walk through all swipes there are.
 */
async function readTravels(
  manager: EntityManager,
  key: CanteenDayKey,
  thresholds: Thresholds,
): Promise<{ travels: SwipeFact[]; eve: SwipeFact[] }> {
  const { sql: travellers, parameters } = travellersQuery(key, thresholds);
  const rows: { elderId: number }[] = await manager.query(travellers, [...parameters]);
  const elderIds = rows.map(({ elderId }) => elderId);
  const sql = `SELECT ${factColumns}
    FROM ${factTables}
   WHERE s.elderId IN (${placeholders(elderIds) || 'NULL'}) AND s.mealDate = ? AND ${isSign('s')}`;
  return {
    travels: await readSwipes(manager, sql, [...elderIds, key.day]),
    eve: await readSwipes(manager, sql, [...elderIds, addDays(key.day, -1)]),
  };
}

type RawFact = SwipeFact & {
  id: number | string;
  swipedAtMs: number | string;
  receivedAtMs: number | string;
};

async function readSwipes(manager: EntityManager, sql: string, parameters: unknown[]): Promise<SwipeFact[]> {
  const rows: RawFact[] = await manager.query(sql, parameters);
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    swipedAtMs: Number(row.swipedAtMs),
    receivedAtMs: Number(row.receivedAtMs),
  }));
}

async function readPlaces(
  manager: EntityManager,
  canteenIds: readonly number[],
): Promise<Map<number, CanteenPlace & Seats>> {
  const rows: (CanteenPlace & Seats & { id: number })[] = await manager.query(
    `SELECT f.id, f.divisionCode, c.seats, c.seatings, c.latitudeMicrodegrees, c.longitudeMicrodegrees
       FROM facility f LEFT JOIN canteen c ON c.facilityId = f.id
      WHERE f.id IN (${placeholders(canteenIds)})`,
    [...canteenIds],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function readEarlier(
  manager: EntityManager,
  { canteenId, day }: CanteenDayKey,
  days: number,
): Promise<EarlierTap[]> {
  const rows: (EarlierTap & { id: number | string; swipedAtMs: number | string; day: Day })[] =
    await manager.query(
      `SELECT s.id, s.readerId, s.cardUid, s.swipedAt AS swipedAtMs, s.meal, CAST(s.mealDate AS CHAR) AS day
         FROM swipe s
        WHERE s.canteenId = ? AND s.mealDate >= ? AND s.mealDate < ? AND s.meal IS NOT NULL AND s.sequence >= 0
          AND ${isSign('s')}
        ORDER BY s.mealDate DESC, s.id LIMIT ${swipesMax}`,
      [canteenId, addDays(day, -days), day],
    );
  return rows.map((row) => ({ ...row, id: Number(row.id), swipedAtMs: Number(row.swipedAtMs) }));
}
