import type { EntityManager } from 'typeorm';
import type { FlagRule, FlagState } from '../../../entities/meals/fraud-flag.entity.js';
import type { SwipeOutcome } from '../../../entities/meals/swipe.entity.js';
import { maskedName } from '../../elders/masked-name.rules.js';
import { nowhere, type Scope, supervises } from '../../network/scope.js';
import type { Day } from '../../shared/china-time.js';
import { placeholders, type Statement } from '../../shared/statements.js';
import { type SupervisedPlaces, supervisedPlaces } from './flag-scope.js';

/** A sign of fraud as whoever supervises the canteen sees it. */
export interface Flag {
  id: number;
  rule: FlagRule;
  day: Day;
  canteenId: number;
  /** Family name kept, given name starred; null where it is about no single elder. */
  elderName: string | null;
  readerName: string | null;
  measured: number;
  threshold: number;
  swipeCount: number;
  state: FlagState;
  assigneeId: number | null;
  assigneeName: string | null;
  foundAt: Date;
}

export interface FlagFilter {
  /** This facility and everything beneath it today. */
  within?: number | undefined;
  states: readonly FlagState[];
  rule?: FlagRule | undefined;
  /** The days of the taps, [from, to). */
  from?: Day | undefined;
  to?: Day | undefined;
}

export interface FlagsPage {
  /** The place of a flag in the order of the answer. */
  after: { day: Day; id: number } | undefined;
  rowsMax: number;
}

const flagColumns = `f.id, f.rule, CAST(f.day AS CHAR) AS day, f.canteenId, e.name AS elderName,
            reader.name AS readerName, f.measured, f.threshold, f.swipes AS swipeCount, f.state, f.assigneeId,
            assignee.name AS assigneeName, f.foundAt`;

const flagJoins = `LEFT JOIN elder e ON e.id = f.elderId
       LEFT JOIN account reader ON reader.id = f.readerId
       LEFT JOIN account assignee ON assignee.id = f.assigneeId`;

/** The flags that a scope supervises, the latest day first. Three statements at most. */
export async function findFlags(
  manager: EntityManager,
  filter: FlagFilter,
  page: FlagsPage,
  scope: Scope,
  today: Day,
): Promise<Flag[]> {
  const places = await supervisedPlaces(manager, scope, filter.within, today);
  const { sql, parameters } = flagsQuery(filter, page, places);
  const rows: RawFlag[] = await manager.query(sql, [...parameters]);
  return rows.map(flagOf);
}

export function flagsQuery(
  { states, rule, from, to }: FlagFilter,
  { after, rowsMax }: FlagsPage,
  places: SupervisedPlaces | undefined,
): Statement {
  const conditions: [sql: string, parameters: unknown[]][] = [
    [`f.state IN (${placeholders(states) || 'NULL'})`, [...states]],
  ];
  if (places) conditions.push([`f.${places.condition}`, []]);
  if (rule !== undefined) conditions.push(['f.rule = ?', [rule]]);
  if (from !== undefined) conditions.push(['f.day >= ?', [from]]);
  if (to !== undefined) conditions.push(['f.day < ?', [to]]);
  if (after) {
    const { day, id } = after;
    conditions.push(['f.day <= ? AND (f.day < ? OR f.id < ?)', [day, day, id]]);
  }
  return {
    // The page is cut out before anything is joined to it.
    sql: `${places?.beneath.sql ?? ''}
     SELECT ${flagColumns}
       FROM (SELECT f.* FROM fraud_flag f
              WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
              ORDER BY f.day DESC, f.id DESC LIMIT ${rowsMax}) f
       ${flagJoins}
      ORDER BY f.day DESC, f.id DESC`,
    parameters: [
      ...(places?.beneath.parameters ?? []),
      ...conditions.flatMap(([, parameters]) => parameters),
    ],
  };
}

/** One flag, when its canteen is supervised by the scope today. */
export async function findFlag(
  manager: EntityManager,
  flagId: number,
  scope: Scope,
  today: Day,
): Promise<Flag | undefined> {
  const rows: RawFlag[] = await manager.query(
    `SELECT ${flagColumns} FROM fraud_flag f ${flagJoins} WHERE f.id = ?`,
    [flagId],
  );
  const isSeen = await supervises(manager, scope, rows[0]?.canteenId ?? nowhere, today);
  return isSeen && rows[0] ? flagOf(rows[0]) : undefined;
}

type Big = number | string;
type RawFlag = Omit<Flag, 'measured' | 'threshold' | 'foundAt'> & {
  measured: Big;
  threshold: Big;
  foundAt: Big;
};

function flagOf(row: RawFlag): Flag {
  return {
    ...row,
    elderName: row.elderName === null ? null : maskedName(row.elderName),
    measured: Number(row.measured),
    threshold: Number(row.threshold),
    foundAt: new Date(Number(row.foundAt)),
  };
}

/** A swipe that shows it. */
export interface FlagSwipe {
  swipeId: string;
  canteenName: string;
  /** Null for a meal that no reader recorded. */
  readerName: string | null;
  /** Family name kept, given name starred; null when the card is unknown. */
  elderName: string | null;
  /** The last four characters of the card's number, by which two cards are told apart. */
  cardEnd: string;
  swipedAt: Date;
  receivedAt: Date;
  outcome: SwipeOutcome;
  grossFen: number;
  subsidyFen: number;
  voided: boolean;
  reviewOpen: boolean;
}

/** How many swipes of one flag are shown; its count says how many there are. */
const shownMax = 50;

/**
 * The evidence of flags in the order of the taps; one statement, however many flags. Where there is more than is shown,
 * what was voided steps back, and what was uploaded last comes first: that is what nobody has looked at yet.
 */
export async function swipesOfFlags(
  manager: EntityManager,
  flagIds: readonly number[],
): Promise<Map<number, FlagSwipe[]>> {
  const rows: (RawFlagSwipe & { flagId: number })[] = await manager.query(
    `SELECT shown.flagId, s.swipeId, f.name AS canteenName,
            CASE WHEN s.sequence >= 0 THEN a.name END AS readerName, e.name AS elderName, s.cardUid,
            s.swipedAt, s.receivedAt, s.outcome, s.grossFen, s.subsidyFen, s.voidedAt, r.openCanteenId
       FROM (SELECT x.flagId, x.swipeId,
                    ROW_NUMBER() OVER (PARTITION BY x.flagId
                      ORDER BY CASE WHEN own.voidedAt IS NULL THEN 0 ELSE 1 END, own.receivedAt DESC, own.swipedAt DESC,
                               own.id DESC) AS turn
               FROM fraud_flag_swipe x JOIN swipe own ON own.id = x.swipeId
              WHERE x.flagId IN (${placeholders(flagIds)})) shown
       JOIN swipe s ON s.id = shown.swipeId
       JOIN facility f ON f.id = s.canteenId
       JOIN account a ON a.id = s.readerId
       LEFT JOIN elder e ON e.id = s.elderId
       LEFT JOIN swipe_review r ON r.swipeRowId = s.id AND r.openCanteenId IS NOT NULL
      WHERE shown.turn <= ${shownMax}
      ORDER BY shown.flagId, s.swipedAt, s.id`,
    [...flagIds],
  );
  const swipes = new Map<number, FlagSwipe[]>(flagIds.map((id) => [id, []]));
  for (const { flagId, cardUid, voidedAt, openCanteenId, ...row } of rows) {
    swipes.get(flagId)?.push({
      ...row,
      elderName: row.elderName === null ? null : maskedName(row.elderName),
      cardEnd: cardUid.slice(-4),
      swipedAt: new Date(Number(row.swipedAt)),
      receivedAt: new Date(Number(row.receivedAt)),
      grossFen: Number(row.grossFen),
      subsidyFen: Number(row.subsidyFen),
      voided: voidedAt !== null,
      reviewOpen: openCanteenId !== null,
    });
  }
  return swipes;
}

interface RawFlagSwipe
  extends Pick<FlagSwipe, 'swipeId' | 'canteenName' | 'readerName' | 'elderName' | 'outcome'> {
  cardUid: string;
  swipedAt: Big;
  receivedAt: Big;
  grossFen: Big;
  subsidyFen: Big;
  voidedAt: Big | null;
  openCanteenId: number | null;
}

/** One step of a flag's life. */
export interface FlagEvent {
  step: string;
  toState: FlagState;
  /** Null for the scan. */
  by: string | null;
  at: Date;
  note: string | null;
}

/** What happened to flags, the oldest first; one statement, however many flags. */
export async function eventsOfFlags(
  manager: EntityManager,
  flagIds: readonly number[],
): Promise<Map<number, FlagEvent[]>> {
  const rows: (Omit<FlagEvent, 'at' | 'by'> & { flagId: number; byName: string | null; at: Big })[] =
    await manager.query(
      `SELECT v.flagId, v.step, v.toState, a.name AS byName, v.at, v.note
       FROM fraud_flag_event v LEFT JOIN account a ON a.id = v.byId
      WHERE v.flagId IN (${placeholders(flagIds)})
      ORDER BY v.flagId, v.number`,
      [...flagIds],
    );
  const events = new Map<number, FlagEvent[]>(flagIds.map((id) => [id, []]));
  for (const { flagId, byName: by, at, ...event } of rows) {
    events.get(flagId)?.push({ ...event, by, at: new Date(Number(at)) });
  }
  return events;
}
