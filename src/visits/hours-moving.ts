import type { EntityManager } from 'typeorm';
import { placeholders } from '../shared/statements.js';
import { giveBackHours } from './hours-closing.js';
import { type HoursLine, hoursPositions, isReserved } from './hours-ledger.js';
import type { HoursQuestion } from './hours-purses.rules.js';
import { type HoursOffer, reserveHours } from './hours-reserving.js';

/**
 * Moves what is reserved for visits to other days: gives back and reserves anew, in the transaction that moves them.
 * The elders are locked. Hours stay as they are where the day stays within their month or week and the visit keeps
 * its length and its price. What the family is left with may change; the visit has to be told.
 */
export async function moveHours(
  manager: EntityManager,
  visits: readonly (HoursQuestion & { visitId: number })[],
  now: Date,
): Promise<HoursOffer[]> {
  const kept = await unmoved(manager, visits);
  const moving = visits.filter(({ visitId }) => !kept.has(visitId));
  await giveBackHours(
    manager,
    moving.map(({ visitId }) => visitId),
    now,
  );
  const offers = await reserveHours(manager, moving, now);
  const moved = new Map(moving.map(({ visitId }, index) => [visitId, offers[index]]));
  return visits.map(({ visitId }) => {
    const offer = kept.get(visitId) ?? moved.get(visitId);
    if (!offer) throw new Error(`visit ${visitId} was neither kept nor moved`);
    return offer;
  });
}

/** The visits whose hours pay the new time as they pay the old one. */
async function unmoved(
  manager: EntityManager,
  visits: readonly (HoursQuestion & { visitId: number })[],
): Promise<Map<number, HoursOffer>> {
  const kept = new Map<number, HoursOffer>();
  if (visits.length === 0) return kept;
  const ids = visits.map(({ visitId }) => visitId);
  const positions = await hoursPositions(manager, ids);
  const days: {
    visitId: number;
    fromDay: string;
    toDay: string;
    minutes: number;
    priceFen: number | string;
  }[] = await manager.query(
    `SELECT v.id AS visitId, MAX(CAST(g.fromDay AS CHAR)) AS fromDay, MIN(CAST(g.toDay AS CHAR)) AS toDay,
              (v.endsAt - v.startsAt) AS minutes, v.subsidyFen + v.selfPaidFen AS priceFen
         FROM visit v
         JOIN hours_posting p ON p.visitId = v.id
         JOIN hours_entry e ON e.postingId = p.id AND e.account = 'RESERVED'
         JOIN hours_grant g ON g.id = e.grantId
        WHERE v.id IN (${placeholders(ids)})
        GROUP BY v.id, v.endsAt, v.startsAt, v.subsidyFen, v.selfPaidFen`,
    ids,
  );
  for (const { visitId, fromDay, toDay, minutes, priceFen } of days) {
    const visit = visits.find((each) => each.visitId === visitId);
    const position = positions.get(visitId);
    if (!visit || !position || !isReserved(position)) continue;
    const isSame = Number(minutes) === visit.minutes * 60_000 && Number(priceFen) === visit.priceFen;
    if (!isSame || visit.day < fromDay || visit.day >= toDay) continue;
    const of = (account: HoursLine['account'], unit: 'minutes' | 'fen') =>
      position.lines.reduce((sum, line) => (line.account === account ? sum + line[unit] : sum), 0);
    const subsidyFen = of('PROMISED_TO', 'fen');
    const offer = { hoursMinutes: of('RESERVED', 'minutes'), subsidyFen };
    kept.set(visitId, { ...offer, selfPaidFen: visit.priceFen - subsidyFen });
  }
  return kept;
}
