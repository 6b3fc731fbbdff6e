import type { EntityManager } from 'typeorm';
import type { DisputedLine, SettlementKind } from '../settlement/settlement-kind.js';
import { forUpdate } from '../shared/database.js';
import { lockTimes } from './change-visit.js';
import { findLines } from './find-station-lines.js';
import { hoursPositions } from './hours-ledger.js';
import { stationDocument } from './station-document.js';
import { draftShares, draftSums, lineShares, ownCounts } from './station-drafts.js';
import { earlierOpenMonth, unsettledLines } from './station-lines.js';
import { lockStation, takeVisitBack } from './station-verdicts.js';

/** What home-care stations bring to the statements of a month. */
export const stationSettlement: SettlementKind = {
  name: 'STATION',
  lines: {
    name: 'station_line',
    columns: ['visitId', 'minutes', 'hoursMinutes', 'score', 'paidBecause'],
    source: 'NULL',
  },
  facilitiesSql: "SELECT id AS facilityId FROM facility WHERE kind = 'HOME_CARE_STATION'",
  lock: lockStation,
  earlierOpenMonth,
  unsettledLines,
  settle,
  lineShares,
  draftSums,
  draftShares,
  ownCounts,
  findLines,
  document: stationDocument,
  // No rules grant the operator of a station anything beside what visits cost.
  operatorShares: async () => [],
  owe: async () => {
    throw new Error('the operator of a home-care station gets nothing');
  },
  bornByFunders,
  canUphold,
  uphold,
};

/** What is in no statement any more, or not yet, is looked for again. The station is locked. */
async function settle(manager: EntityManager, statementId: number, does: 'FIX' | 'RELEASE'): Promise<void> {
  await manager.query(
    `UPDATE hours_posting SET openStationId = ${does === 'FIX' ? 'NULL' : 'stationId'}
      WHERE id IN (SELECT postingId FROM station_line WHERE statementId = ?)`,
    [statementId],
  );
}

/** Of a use, and of what funders pay for a visit that was called off too late; what takes money back bears nothing. */
async function bornByFunders(manager: EntityManager, postingId: number): Promise<number> {
  const rows: { fen: number | string | null }[] = await manager.query(
    `SELECT SUM(-entry.fen) AS fen
       FROM hours_posting posting
       JOIN hours_entry entry ON entry.postingId = posting.id AND entry.account = 'FUNDER'
      WHERE posting.id = ? AND posting.kind IN ('USE', 'FORFEIT')`,
    [postingId],
  );
  return Number(rows[0]?.fen ?? 0);
}

/** Not when it was taken back since. The elder stays locked, and with it what the visit used. */
async function canUphold(manager: EntityManager, { postingId }: DisputedLine): Promise<boolean> {
  const visit = await lockVisitOf(manager, postingId);
  const position = (await hoursPositions(manager, [visit.visitId])).get(visit.visitId);
  const isOwed = position?.last?.kind === 'USE' || position?.last?.kind === 'FORFEIT';
  return isOwed && position.last?.step === visit.step;
}

/** Nobody owes anything for the visit any more, and the elder has the hours back. */
async function uphold(
  manager: EntityManager,
  { postingId }: DisputedLine,
  { now }: { now: Date },
): Promise<void> {
  const { visitId } = await lockVisitOf(manager, postingId);
  await takeVisitBack(manager, visitId, now);
}

async function lockVisitOf(
  manager: EntityManager,
  postingId: number,
): Promise<{ visitId: number; step: number }> {
  const rows: { visitId: number; step: number; elderId: number }[] = await manager.query(
    `SELECT visitId, step, elderId FROM hours_posting WHERE id = ?${forUpdate(manager)}`,
    [postingId],
  );
  const [row] = rows;
  if (!row) throw new Error(`there is no posting of hours ${postingId}`);
  await lockTimes(manager, { elderIds: [row.elderId], caregiverIds: [] });
  return row;
}
