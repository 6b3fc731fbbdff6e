import type { EntityManager } from 'typeorm';
import type { HoursPostingKind } from '../../entities/visits/hours-posting.entity.js';
import { dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { reopenExpiredHours } from './expire-hours.js';
import type { HoursDocument } from './hours-language.rules.js';
import {
  type GrantChange,
  type HoursFact,
  type HoursLine,
  type HoursPosition,
  hoursPositions,
  isReserved,
  nextStep,
  writeHours,
} from './hours-ledger.js';
import { type HoursOffer, reserveHours } from './hours-reserving.js';

/** Gives back what is reserved for visits that will not be brought. The elders are locked. Again is as once. */
export async function giveBackHours(
  manager: EntityManager,
  visitIds: readonly number[],
  now: Date,
): Promise<void> {
  await close(manager, visitIds, 'GIVE_BACK', () => 'GIVE_BACK', now);
}

/**
 * Closes what is reserved for visits that were called off too late, as the rule of each grant says: given back, lost,
 * or paid as if the visit had been brought. The elders are locked. Again is as once.
 */
export async function forfeitHours(
  manager: EntityManager,
  visitIds: readonly number[],
  now: Date,
): Promise<void> {
  const fates = await lateFates(manager, visitIds);
  await close(manager, visitIds, 'FORFEIT', (grantId) => fates.get(grantId) ?? 'GIVE_BACK', now);
}

/**
 * Uses what is reserved for visits that were brought: the funders and the family owe it to the station from now on.
 * The elders are locked. Again is as once. A visit whose hours were given back because nobody had come, and that was
 * brought after all, gets what hours pay now; then `subsidyFen` and `selfPaidFen` of the visit change.
 */
export async function useHours(
  manager: EntityManager,
  visitIds: readonly number[],
  now: Date,
): Promise<void> {
  const before = await hoursPositions(manager, visitIds);
  const again = [...before.values()].filter(({ last }) => last?.kind === 'GIVE_BACK');
  if (again.length > 0) {
    await reserveAgain(
      manager,
      again.map(({ visitId }) => visitId),
      now,
    );
  }
  const visits = await visitsToPay(manager, visitIds);
  const positions = again.length > 0 ? await hoursPositions(manager, visitIds) : before;
  const facts = visits.flatMap((visit): HoursFact[] => {
    const position = positions.get(visit.visitId);
    if (!position || position.last?.kind === 'USE') return [];
    if (position.last?.kind === 'FORFEIT') {
      throw new Error(`visit ${visit.visitId} was called off too late, and its hours are gone`);
    }
    const lines = [...closingLines(position.lines, () => 'PAY'), ...familyLines(position.lines, visit)];
    return [factOf('USE', position, visit, lines)];
  });
  await writeHours(manager, facts, [], now);
}

/**
 * Takes back that visits were used, such as when what proves them was doubted, or that their hours were lost by calling
 * off too late, as when it lay with the station: the hours are reserved again, and are to be used, given back or lost
 * anew. What of them was given back at once stays so, for it may be spent by now. The elders are locked.
 */
export async function correctHours(
  manager: EntityManager,
  visitIds: readonly number[],
  now: Date,
): Promise<void> {
  const positions = await hoursPositions(manager, visitIds);
  const used = [...positions.values()].filter(({ last }) => last?.kind === 'USE' || last?.kind === 'FORFEIT');
  const ids = used.map(({ visitId }) => visitId);
  if (ids.length === 0) return;
  const rows: (HoursLine & { visitId: number; step: number })[] = await manager.query(
    `SELECT p.visitId, p.step, e.account, e.ownerId, e.grantId, e.minutes, e.fen
       FROM hours_posting p JOIN hours_entry e ON e.postingId = p.id
      WHERE p.visitId IN (${placeholders(ids)}) AND p.kind IN ('USE', 'FORFEIT') ORDER BY p.visitId, e.line`,
    ids,
  );
  const visits = new Map((await visitsToPay(manager, ids)).map((visit) => [visit.visitId, visit]));
  const facts = used.flatMap((position): HoursFact[] => {
    const visit = visits.get(position.visitId);
    const own = rows.filter(
      ({ visitId, step }) => visitId === position.visitId && step === position.last?.step,
    );
    const back = new Set(own.filter(({ account }) => account === 'LEFT').map(({ grantId }) => grantId));
    const lines = own
      .filter(({ grantId }) => grantId === null || !back.has(grantId))
      .map(({ account, ownerId, grantId, minutes, fen }) => {
        return { account, ownerId, grantId, minutes: -minutes, fen: -Number(fen) };
      });
    return visit ? [factOf('CORRECT', position, visit, lines)] : [];
  });
  await writeHours(manager, facts, [], now);
}

type Fate = 'GIVE_BACK' | 'FORFEIT' | 'PAY';

async function close(
  manager: EntityManager,
  visitIds: readonly number[],
  kind: 'GIVE_BACK' | 'FORFEIT',
  fateOf: (grantId: number) => Fate,
  now: Date,
): Promise<void> {
  const positions = await hoursPositions(manager, visitIds);
  const open = [...positions.values()].filter(isReserved);
  if (open.length === 0) return;
  const visits = await visitsToPay(
    manager,
    open.map(({ visitId }) => visitId),
  );
  const facts = visits.flatMap((visit): HoursFact[] => {
    const position = positions.get(visit.visitId);
    return position ? [factOf(kind, position, visit, closingLines(position.lines, fateOf))] : [];
  });
  const changes = facts.flatMap(({ lines }) =>
    lines
      .filter(({ account }) => account === 'LEFT')
      .map(({ ownerId, minutes }): GrantChange => {
        return { grantId: ownerId, grantedMinutes: 0, leftMinutes: minutes };
      }),
  );
  await writeHours(manager, facts, changes, now);
}

/** What ends a reservation, grant by grant. */
function closingLines(reserved: readonly HoursLine[], fateOf: (grantId: number) => Fate): HoursLine[] {
  return reserved.flatMap((line): HoursLine[] => {
    const fate = fateOf(line.grantId ?? 0);
    const { account, minutes, fen } = line;
    const undone = { ...line, minutes: -minutes, fen: -fen };
    if (account === 'RESERVED') {
      const to = { GIVE_BACK: 'LEFT', FORFEIT: 'FORFEITED', PAY: 'USED' } as const;
      return [undone, { ...line, account: to[fate] }];
    }
    if (account === 'PROMISED_BY')
      return fate === 'PAY' ? [undone, { ...line, account: 'FUNDER' }] : [undone];
    if (account === 'PROMISED_TO') {
      return fate === 'PAY' ? [undone, { ...line, account: 'STATION_RECEIVABLE' }] : [undone];
    }
    return [];
  });
}

interface VisitToPay {
  visitId: number;
  elderId: number;
  stationId: number;
  subsidyFen: number;
  selfPaidFen: number;
}

/** What of a visit no hours pay: the family's part; of a visit without hours also what was agreed for a government. */
function familyLines(reserved: readonly HoursLine[], visit: VisitToPay): HoursLine[] {
  const { elderId, stationId, subsidyFen, selfPaidFen } = visit;
  const promised = reserved.filter(({ account }) => account === 'PROMISED_TO');
  const paid = promised.reduce((sum, { fen }) => sum + fen, 0);
  const unnamed = promised.length === 0 ? subsidyFen : 0;
  const family = subsidyFen + selfPaidFen - paid - unnamed;
  const of = (account: HoursLine['account'], ownerId: number, fen: number) => {
    return { account, ownerId, grantId: null, minutes: 0, fen };
  };
  return [
    of('FUNDER', unnamedFunder, -unnamed),
    of('FAMILY', elderId, -family),
    of('STATION_RECEIVABLE', stationId, unnamed + family),
  ];
}

/** Owes what was agreed for a government before there were rules that say which; no funder has the id. */
export const unnamedFunder = 0;

function factOf(
  kind: HoursPostingKind,
  position: HoursPosition,
  { visitId, elderId, stationId }: VisitToPay,
  lines: readonly HoursLine[],
): HoursFact {
  const step = nextStep(position, kind === 'CORRECT' ? 'OPEN' : 'CLOSE');
  return { kind, grantId: null, visitId, step, elderId, stationId, lines };
}

async function visitsToPay(manager: EntityManager, visitIds: readonly number[]): Promise<VisitToPay[]> {
  if (visitIds.length === 0) return [];
  const rows: (VisitToPay & Record<'subsidyFen' | 'selfPaidFen', number | string>)[] = await manager.query(
    `SELECT id AS visitId, elderId, stationId, subsidyFen, selfPaidFen FROM visit
      WHERE id IN (${placeholders(visitIds)}) ORDER BY id`,
    [...visitIds],
  );
  return rows.map((row) => ({
    ...row,
    subsidyFen: Number(row.subsidyFen),
    selfPaidFen: Number(row.selfPaidFen),
  }));
}

/** What the rules of reserved grants say of a visit that is called off too late. */
async function lateFates(manager: EntityManager, visitIds: readonly number[]): Promise<Map<number, Fate>> {
  if (visitIds.length === 0) return new Map();
  const rows: { grantId: number; grantCode: string; document: string }[] = await manager.query(
    `SELECT DISTINCT g.id AS grantId, g.grantCode, r.document
       FROM hours_posting p
       JOIN hours_entry e ON e.postingId = p.id AND e.account = 'RESERVED'
       JOIN hours_grant g ON g.id = e.grantId
       JOIN hours_rule r ON r.id = g.ruleId
      WHERE p.visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  return new Map(
    rows.map(({ grantId, grantCode, document }) => {
      const { grants } = JSON.parse(document) as HoursDocument;
      return [grantId, grants.find(({ code }) => code === grantCode)?.lateCancellation ?? 'GIVE_BACK'];
    }),
  );
}

async function reserveAgain(manager: EntityManager, visitIds: readonly number[], now: Date): Promise<void> {
  await reopenExpiredHours(manager, visitIds, now);
  const rows: (VisitToPay & { serviceId: number; startsAt: number | string; endsAt: number | string })[] =
    await manager.query(
      `SELECT id AS visitId, elderId, stationId, serviceId, startsAt, endsAt, subsidyFen, selfPaidFen FROM visit
        WHERE id IN (${placeholders(visitIds)}) ORDER BY startsAt, id`,
      [...visitIds],
    );
  const visits = rows.map((row) => ({
    visitId: row.visitId,
    elderId: row.elderId,
    stationId: row.stationId,
    serviceId: row.serviceId,
    day: dayOf(new Date(Number(row.startsAt))),
    minutes: (Number(row.endsAt) - Number(row.startsAt)) / 60_000,
    priceFen: Number(row.subsidyFen) + Number(row.selfPaidFen),
  }));
  const offers = await reserveHours(manager, visits, now);
  for (const [index, { visitId }] of visits.entries()) {
    const { hoursMinutes, subsidyFen, selfPaidFen } = offers[index] as HoursOffer;
    await manager.query('UPDATE visit SET subsidyFen = ?, selfPaidFen = ? WHERE id = ?', [
      subsidyFen,
      selfPaidFen,
      visitId,
    ]);
    await manager.query('UPDATE visit_booking SET hoursMinutes = ? WHERE visitId = ?', [
      hoursMinutes,
      visitId,
    ]);
  }
}
