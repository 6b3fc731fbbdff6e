import type { EntityManager } from 'typeorm';
import { insertRows, placeholders } from '../shared/statements.js';
import {
  type AskedOfCatalog,
  type GrantRow,
  grantColumns,
  type HoursCatalog,
  readHoursCatalog,
} from './hours-catalog.js';
import {
  type GrantChange,
  type HoursFact,
  type HoursLine,
  hoursPositions,
  isReserved,
  nextStep,
  writeHours,
} from './hours-ledger.js';
import { adjustment, type HoursQuestion, type Purse, Purses } from './hours-purses.rules.js';
import { borneFen, type HoursPart } from './hours-split.rules.js';

/** Who pays a visit: minutes of government hours with what they are worth, and what the family is left with. */
export interface HoursOffer {
  hoursMinutes: number;
  subsidyFen: number;
  selfPaidFen: number;
}

/**
 * What hours would pay, question by question, each after those before it. Writes nothing.
 *
 * @param moved visits that would be moved: what is reserved for them counts as given back
 */
export async function offerHours(
  manager: EntityManager,
  questions: readonly HoursQuestion[],
  { moved = [] }: { moved?: readonly number[] } = {},
): Promise<HoursOffer[]> {
  if (questions.length === 0) return [];
  const catalog = await readHoursCatalog(manager, catalogFor(questions));
  const returning = new Map<number, number>();
  for (const { lines } of (await hoursPositions(manager, moved)).values()) {
    for (const { account, ownerId, minutes } of lines) {
      if (account === 'RESERVED') returning.set(ownerId, (returning.get(ownerId) ?? 0) + minutes);
    }
  }
  const purses = new Purses(catalog, returning);
  return questions.map((question) => offerOf(question, purses.take(question)));
}

/** What hours pay of some visits, read once: as long as the elders stay locked it can be reserved as it was offered. */
export interface HoursPlan {
  offers: readonly HoursOffer[];
  /** Reserves it for the visits of the questions, in their order, which were inserted meanwhile. */
  reserve(manager: EntityManager, visitIds: readonly number[], now: Date): Promise<void>;
}

/** Looks at what hours would pay, question by question, each after those before it. Writes nothing by itself. */
export function planHours(catalog: HoursCatalog, questions: readonly HoursQuestion[]): HoursPlan {
  const purses = new Purses(catalog);
  const taken = questions.map((question) => ({ question, parts: purses.take(question) }));
  return {
    offers: taken.map(({ question, parts }) => offerOf(question, parts)),
    async reserve(writing, visitIds, now) {
      const paid = taken
        .map(({ question, parts }, index) => ({
          visit: { ...question, visitId: visitIds[index] as number },
          parts,
        }))
        .filter(({ parts }) => parts.length > 0);
      if (paid.length > 0) await writeReservations(writing, paid, catalog, now);
    },
  };
}

/**
 * Reserves the hours that `offerHours` offers, for visits that were inserted just now. The elders are locked. What a
 * grant is given for the first time, or is given more or less than before, is written as well.
 */
export async function reserveHours(
  manager: EntityManager,
  visits: readonly (HoursQuestion & { visitId: number })[],
  now: Date,
): Promise<readonly HoursOffer[]> {
  if (visits.length === 0) return [];
  const { offers, reserve } = planHours(await readHoursCatalog(manager, catalogFor(visits)), visits);
  const visitIds = visits.map(({ visitId }) => visitId);
  await reserve(manager, visitIds, now);
  return offers;
}

/** What must be known to say what hours pay of these. */
export function catalogFor(
  questions: readonly Pick<HoursQuestion, 'elderId' | 'stationId' | 'serviceId' | 'day'>[],
): AskedOfCatalog {
  const days = questions.map(({ day }) => day).sort();
  return {
    elderIds: distinct(questions.map(({ elderId }) => elderId)),
    stationIds: distinct(questions.map(({ stationId }) => stationId)),
    serviceIds: distinct(questions.map(({ serviceId }) => serviceId)),
    fromDay: days[0] ?? '',
    toDay: days.at(-1) ?? '',
  };
}

function distinct(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}

function offerOf({ priceFen }: HoursQuestion, parts: readonly HoursPart<Purse>[]): HoursOffer {
  const hoursMinutes = parts.reduce((sum, { minutes }) => sum + minutes, 0);
  const subsidyFen = parts.reduce((sum, { fen }) => sum + fen, 0);
  return { hoursMinutes, subsidyFen, selfPaidFen: priceFen - subsidyFen };
}

interface Paid {
  visit: HoursQuestion & { visitId: number };
  parts: HoursPart<Purse>[];
}

async function writeReservations(
  manager: EntityManager,
  paid: readonly Paid[],
  catalog: HoursCatalog,
  now: Date,
): Promise<void> {
  const used = [...new Set(paid.flatMap(({ parts }) => parts.map(({ purse }) => purse)))];
  const rows = await grantRows(manager, used, now);
  const rowOf = (purse: Purse): GrantRow => {
    const row = rows.get(purse);
    if (!row) throw new Error(`the grant ${purse.grant.code} of elder ${purse.elderId} was not made`);
    return row;
  };
  const given = await grantFacts(manager, used, rowOf);
  const positions = await hoursPositions(
    manager,
    paid.map(({ visit }) => visit.visitId),
  );
  const facts: HoursFact[] = paid.map(({ visit, parts }) => {
    const { visitId, elderId, stationId } = visit;
    const position = positions.get(visitId);
    if (!position || isReserved(position)) throw new Error(`visit ${visitId} has its hours reserved already`);
    const lines = parts.flatMap((part) => reservedLines(part, rowOf(part.purse).id, stationId, catalog));
    return {
      kind: 'RESERVE',
      grantId: null,
      visitId,
      step: nextStep(position, 'OPEN'),
      elderId,
      stationId,
      lines,
    };
  });
  const taken = paid.flatMap(({ parts }) =>
    parts.map(({ purse, minutes }): GrantChange => {
      return { grantId: rowOf(purse).id, grantedMinutes: 0, leftMinutes: -minutes };
    }),
  );
  await writeHours(manager, [...given.facts, ...facts], [...given.changes, ...taken], now);
}

/** The rows of these grants; those that are not there yet are inserted, with nothing in them. */
async function grantRows(
  manager: EntityManager,
  purses: readonly Purse[],
  now: Date,
): Promise<Map<Purse, GrantRow>> {
  const missing = purses.filter(({ row }) => row === null);
  const rows = new Map(purses.flatMap((purse) => (purse.row ? [[purse, purse.row] as const] : [])));
  if (missing.length === 0) return rows;
  await insertRows(
    manager,
    'hours_grant',
    [
      'elderId',
      'ruleId',
      'setCode',
      'grantCode',
      'period',
      'fromDay',
      'toDay',
      'grantedMinutes',
      'leftMinutes',
      'grantedAt',
    ],
    missing.map(({ elderId, set, grant, period: { period, fromDay, toDay } }) => [
      elderId,
      set.ruleId,
      set.code,
      grant.code,
      period,
      fromDay,
      toDay,
      0,
      0,
      now.getTime(),
    ]),
  );
  const elderIds = distinct(missing.map(({ elderId }) => elderId));
  const periods = [...new Set(missing.map(({ period }) => period.period))];
  const made: GrantRow[] = await manager.query(
    `SELECT ${grantColumns} FROM hours_grant
      WHERE elderId IN (${placeholders(elderIds)}) AND period IN (${placeholders(periods)})`,
    [...elderIds, ...periods],
  );
  for (const purse of missing) {
    const row = made.find(
      (each) =>
        each.elderId === purse.elderId &&
        each.period === purse.period.period &&
        each.setCode === purse.set.code &&
        each.grantCode === purse.grant.code,
    );
    if (row) rows.set(purse, row);
  }
  return rows;
}

/** What makes grants come to what the rules say now: their first minutes, or a change of them. */
async function grantFacts(
  manager: EntityManager,
  purses: readonly Purse[],
  rowOf: (purse: Purse) => GrantRow,
): Promise<{ facts: HoursFact[]; changes: GrantChange[] }> {
  const due = purses
    .map((purse) => ({ purse, row: rowOf(purse), minutes: adjustment(rowOf(purse), purse.grant.minutes) }))
    .filter(({ minutes }) => minutes !== 0);
  if (due.length === 0) return { facts: [], changes: [] };
  const ids = due.map(({ row }) => row.id);
  const steps: { grantId: number; step: number }[] = await manager.query(
    `SELECT grantId, MAX(step) AS step FROM hours_posting WHERE grantId IN (${placeholders(ids)}) GROUP BY grantId`,
    ids,
  );
  const last = new Map(steps.map(({ grantId, step }) => [grantId, step]));
  const facts = due.map(({ purse, row, minutes }): HoursFact => {
    const step = (last.get(row.id) ?? 0) + 1;
    const { ruleId } = purse.set;
    return {
      kind: step === 1 ? 'GRANT' : 'ADJUST',
      grantId: row.id,
      visitId: null,
      step,
      elderId: purse.elderId,
      stationId: null,
      lines: [
        { account: 'PROGRAMME', ownerId: ruleId, grantId: row.id, minutes: -minutes, fen: 0 },
        { account: 'LEFT', ownerId: row.id, grantId: row.id, minutes, fen: 0 },
      ],
    };
  });
  const changes = due.map(({ purse, row, minutes }) => ({
    grantId: row.id,
    grantedMinutes: minutes,
    leftMinutes: minutes,
    ruleId: purse.set.ruleId,
  }));
  return { facts, changes };
}

function reservedLines(
  { purse, minutes, fen }: HoursPart<Purse>,
  grantId: number,
  stationId: number,
  { funders }: HoursCatalog,
): HoursLine[] {
  const of = (account: HoursLine['account'], ownerId: number, more: Partial<HoursLine>): HoursLine => ({
    account,
    ownerId,
    grantId,
    minutes: 0,
    fen: 0,
    ...more,
  });
  return [
    of('LEFT', grantId, { minutes: -minutes }),
    of('RESERVED', grantId, { minutes }),
    ...borneFen(purse.grant, fen).map((share) => {
      const funderId = funders.get(share.funder);
      if (funderId === undefined) throw new Error(`there is no funder ${share.funder}`);
      return of('PROMISED_BY', funderId, { fen: -share.fen });
    }),
    of('PROMISED_TO', stationId, { fen }),
  ];
}
