import { type Day, dayOf } from '../shared/china-time.js';

/** What is counted day by day: beds of the first three, days on which they are taken or closed of the rest. */
export const measures = ['REGISTERED', 'NURSING', 'IN_SERVICE', 'OUT', 'STAY', 'LEAVE', 'HELD'] as const;
export type Measure = (typeof measures)[number];

/** The window, the facilities and the instant by which holds count. */
export interface SpansAsked {
  /** Null for all there are. */
  facilityIds: readonly number[] | null;
  /** Over [from, to). */
  from: Day;
  to: Day;
  now: Date;
}

/** Rows that each cover days [first, end), as SQL; `end` is NULL without one. */
export interface Spans {
  what: Measure;
  /** Spans of beds, of which those for nursing are counted as well. */
  withNursing?: boolean;
  /** Taken off the measure instead of added to it. */
  isTakenOff: boolean;
  first: string;
  end: string;
  /** The tables of FROM, the condition of WHERE, and the values of their question marks. */
  tables: string;
  tableValues: readonly unknown[];
  where: string;
  whereValues: readonly unknown[];
  /** The alias that has the facility. */
  owner: string;
  /** The joins that lead to the bed as `b`; none when it is among the tables. */
  toBed: string;
}

const earlier = (one: string, other: string) =>
  `CASE WHEN ${other} IS NULL OR ${one} < ${other} THEN ${one} ELSE ${other} END`;
const later = (one: string, other: string) => `CASE WHEN ${one} > ${other} THEN ${one} ELSE ${other} END`;

/** All spans of all measures that may share a day with the window. */
export function spansOf(asked: SpansAsked): Spans[] {
  return [...bedSpans(asked), ...takenSpans(asked)];
}

/** Of all but the beds themselves. */
export function takenSpans(asked: SpansAsked): Spans[] {
  return [
    outSpans(asked),
    ...openAndEnded('STAY', 'bed_stay s', 's', ' JOIN bed b ON b.id = s.bedId', asked),
    ...openAndEnded(
      'LEAVE',
      'stay_leave l',
      'l',
      ' JOIN bed_stay s ON s.id = l.stayId JOIN bed b ON b.id = s.bedId',
      asked,
    ),
    ...heldSpans(asked),
  ];
}

const inFacilities = (alias: string, { facilityIds }: SpansAsked) =>
  facilityIds === null ? '1 = 1' : `${alias}.facilityId IN (${facilityIds.map(() => '?').join(', ')})`;

function bedSpans(asked: SpansAsked): Spans[] {
  const registered: Spans = {
    what: 'REGISTERED',
    withNursing: true,
    isTakenOff: false,
    first: 'b.registeredOn',
    end: 'b.closedOn',
    tables: 'bed b',
    tableValues: [],
    where: inFacilities('b', asked),
    whereValues: asked.facilityIds ?? [],
    owner: 'b',
    toBed: '',
  };
  return [registered, { ...registered, what: 'IN_SERVICE', withNursing: false, first: 'b.inServiceFrom' }];
}

/** Times out of service, as far as the bed is registered and would be in service. */
function outSpans(asked: SpansAsked): Spans {
  return {
    what: 'OUT',
    isTakenOff: false,
    first: later('o.fromDay', 'b.inServiceFrom'),
    end: `CASE WHEN o.toDay IS NULL THEN b.closedOn ELSE ${earlier('o.toDay', 'b.closedOn')} END`,
    tables: 'bed_out_of_service o JOIN bed b ON b.id = o.bedId',
    tableValues: [],
    where: `${inFacilities('o', asked)} AND (o.toDay IS NULL OR (o.toDay > o.fromDay AND o.toDay > b.inServiceFrom))
            AND (b.closedOn IS NULL OR (b.closedOn > o.fromDay AND b.closedOn > b.inServiceFrom))`,
    whereValues: asked.facilityIds ?? [],
    owner: 'o',
    toBed: '',
  };
}

/**
 * Rows without an end apart from those that have one, so that each is one range of the index, and those that ended before
 * the window are not read.
 */
function openAndEnded(
  what: Measure,
  tables: string,
  alias: string,
  toBed: string,
  asked: SpansAsked,
): Spans[] {
  const open: Spans = {
    what,
    isTakenOff: false,
    first: `${alias}.fromDay`,
    end: `${alias}.toDay`,
    tables,
    tableValues: [],
    where: `${inFacilities(alias, asked)} AND ${alias}.toDay IS NULL`,
    whereValues: asked.facilityIds ?? [],
    owner: alias,
    toBed,
  };
  const ended = { where: `${inFacilities(alias, asked)} AND ${alias}.toDay > ?` };
  return [open, { ...open, ...ended, whereValues: [...(asked.facilityIds ?? []), asked.from] }];
}

/**
 * Days that holds keep, as heldDays in bed.rules.ts says. A hold keeps no bed that somebody had after all, or that was
 * closed, as was entered later: those days are taken off again.
 */
function heldSpans(asked: SpansAsked): Spans[] {
  const { facilityIds, from, to, now } = asked;
  const today = dayOf(now);
  const kept: Spans = {
    what: 'HELD',
    isTakenOff: false,
    first: 'h.fromDay',
    end: 'h.untilDay',
    tables: `(SELECT k.bedId, k.facilityId, k.fromDay,
                     CASE WHEN k.endedOn IS NOT NULL THEN CAST(k.endedOn AS CHAR)
                          WHEN k.expiresAt > ? THEN '9999-12-31' ELSE CAST(k.expiresOn AS CHAR) END AS untilDay
                FROM bed_hold k WHERE ${inFacilities('k', asked)} AND k.expiresOn >= ? AND k.fromDay < ?) h`,
    // A hold that counts keeps days beyond its last one too, so that today's are asked for of any window.
    tableValues: [now.getTime(), ...(facilityIds ?? []), from < today ? from : today, to],
    where: 'h.untilDay > h.fromDay',
    whereValues: [],
    owner: 'h',
    toBed: ' JOIN bed b ON b.id = h.bedId',
  };
  const overlapped = (table: string, alias: string, isLive: string): Spans => ({
    ...kept,
    isTakenOff: true,
    first: later(`${alias}.fromDay`, 'h.fromDay'),
    end: earlier('h.untilDay', `${alias}.toDay`),
    tables: `${kept.tables} JOIN ${table} ${alias} ON ${alias}.bedId = h.bedId AND ${alias}.fromDay < h.untilDay
              AND (${alias}.toDay IS NULL OR ${alias}.toDay > h.fromDay) AND ${isLive}`,
  });
  return [
    kept,
    overlapped('bed_stay', 's', 's.cancelledAt IS NULL'),
    overlapped('bed_out_of_service', 'o', '(o.toDay IS NULL OR o.toDay > o.fromDay)'),
  ];
}
