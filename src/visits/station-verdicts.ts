import type { EntityManager } from 'typeorm';
import type { EvidenceVerdict } from '../../entities/visits/visit-evidence.entity.js';
import { forUpdate } from '../shared/database.js';
import { correctHours, giveBackHours, useHours } from './hours-closing.js';
import { hoursPositions } from './hours-ledger.js';

/**
 * Locks what all statements of a home-care station pass by, and what decides whether a visit comes into one; false
 * when the facility is no such station.
 */
export async function lockStation(manager: EntityManager, facilityId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT id FROM facility WHERE id = ? AND kind = 'HOME_CARE_STATION'${forUpdate(manager)}`,
    [facilityId],
  );
  return rows.length > 0;
}

/** A use, or hours that were lost by calling off too late, is taken back: funders and family owe nothing, and the hours are the elder's again. The elder is locked. */
export async function takeVisitBack(manager: EntityManager, visitId: number, now: Date): Promise<void> {
  await correctHours(manager, [visitId], now);
  await giveBackHours(manager, [visitId], now);
}

/**
 * What follows for the money from what somebody decided about a visit's evidence. A visit that was used and is blocked
 * now is taken back: where its use is in a statement already, as a correction of the open month, else in none at all.
 * One that was taken back so and is let through again is used anew. The station and the elder are locked.
 */
export async function followVerdict(
  manager: EntityManager,
  { visitId, verdict, now }: { visitId: number; verdict: EvidenceVerdict; now: Date },
): Promise<void> {
  const position = (await hoursPositions(manager, [visitId])).get(visitId);
  const kind = position?.last?.kind;
  if (verdict === 'BLOCK' && kind === 'USE') await takeVisitBack(manager, visitId, now);
  const isTakenBack = kind === 'GIVE_BACK' && (await wasUsed(manager, visitId));
  if (verdict === 'PAY' && isTakenBack && !(await isUpheld(manager, visitId))) {
    await useHours(manager, [visitId], now);
  }
}

async function wasUsed(manager: EntityManager, visitId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    "SELECT id FROM hours_posting WHERE visitId = ? AND kind = 'CORRECT' LIMIT 1",
    [visitId],
  );
  return rows.length > 0;
}

/** What the street decided about a line is not undone by deciding about the taps again. */
async function isUpheld(manager: EntityManager, visitId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT dispute.id FROM hours_posting posting
       JOIN statement_dispute dispute ON dispute.kind = 'STATION' AND dispute.postingId = posting.id
      WHERE posting.visitId = ? AND dispute.decision = 'UPHELD' LIMIT 1`,
    [visitId],
  );
  return rows.length > 0;
}
