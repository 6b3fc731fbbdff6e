import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { covers, nowhere } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows, writeTogether } from '../shared/statements.js';
import { noteOf } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type BedRequested, earlierAnswer, keepAnswer, requestIdFault } from './bed-requests.js';
import { termsOn } from './leave-stay.js';
import type { Acting, BedReach } from './lock-elder.js';
import { lockStay } from './lock-stay.js';
import type { FoundBed } from './read-beds.js';
import type { Stay } from './read-stays.js';
import { stayById } from './read-stays.js';
import { answerName, type Transfer, transferById } from './read-transfers.js';
import { endFault } from './stay-steps.rules.js';
import { moveStay, whyNotMoved } from './transfer-stay.js';

export interface TransferAsked extends Acting {
  /** An unused id. */
  id: number;
  requestId: string;
  stayId: number;
  facilityId: number;
  on: Day;
}

/** Asks another facility to take a resident over. Nothing changes before it accepts; a stay has one open question. */
export async function askTransfer(
  manager: EntityManager,
  wanted: TransferAsked,
  reach: BedReach,
): Promise<Transfer | BedRefusal> {
  const { id, requestId, stayId, facilityId, on, byId, now } = wanted;
  const malformed = requestIdFault(wanted);
  if (malformed) return malformed;
  const requested: BedRequested = { requestId, operation: 'ASK_TRANSFER', content: [stayId, facilityId, on] };
  const found = await lockStay(manager, stayId, reach, wanted);
  if ('refused' in found) return found;
  const earlier = await earlierAnswer(manager, requested);
  if (earlier)
    return 'rowId' in earlier ? ((await transferById(manager, earlier.rowId)) as Transfer) : earlier;
  const { stay, leaves, chargedUntil } = found.locked;
  const terms = await termsOn(manager, found.locked, on);
  const fault = endFault({ stay, leaves, chargedUntil, on, today: dayOf(now), terms });
  if (fault) return fault;
  const rows: unknown[] = await manager.query('SELECT id FROM stay_transfer WHERE openStayId = ?', [stayId]);
  if (rows.length > 0) {
    const text = {
      zh: '该老人的转院申请尚未答复',
      en: 'Another facility has been asked and has not answered',
    };
    return refuseBed('WRONG_STATE', ['stayId'], text);
  }
  // Which facilities there are is no secret: they are in the directory.
  const beds: unknown[] = await manager.query('SELECT id FROM bed WHERE facilityId = ? LIMIT 1', [
    facilityId,
  ]);
  if (beds.length === 0 || facilityId === stay.facilityId) {
    const text = { zh: '须为另一家有床位的机构', en: 'must be another facility that has beds' };
    return refuseBed('BED_NOT_FREE', ['facilityId'], text);
  }
  await insertRows(
    manager,
    'stay_transfer',
    ['id', 'stayId', 'openStayId', 'toFacilityId', 'onDay', 'state', 'askedAt', 'askedById'],
    [[id, stayId, stayId, facilityId, on, 'ASKED', now.getTime(), byId]],
  );
  await keepAnswer(manager, requested, id, now);
  return (await transferById(manager, id)) as Transfer;
}

export interface TransferAccepted extends Acting {
  /** An unused id, of the new stay. */
  id: number;
  requestId: string;
  transferId: number;
  bedId: number;
  /** The day that was asked for without it. */
  on: Day | null;
  /** Why others who wait here are passed over. */
  skipReason?: string | null;
}

/** The other side takes the resident over into one of its beds, in one step. */
export async function acceptTransfer(
  manager: EntityManager,
  wanted: TransferAccepted,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const { id, requestId, transferId, bedId, byId, now } = wanted;
  const malformed = requestIdFault(wanted);
  if (malformed) return malformed;
  const skipReason = noteOf(wanted.skipReason);
  if (skipReason === undefined) return refuseBed('NOTE_INVALID', ['skipReason']);
  const content = [transferId, bedId, wanted.on, ...(skipReason === null ? [] : [skipReason])];
  const requested: BedRequested = { requestId, operation: 'ACCEPT_TRANSFER', content };
  const found = await lockTransfer(manager, transferId, reach, wanted, [bedId]);
  if ('refused' in found) return found;
  const { transfer, locked, beds } = found;
  const earlier = await earlierAnswer(manager, requested);
  if (earlier) return 'rowId' in earlier ? ((await stayById(manager, earlier.rowId, now)) as Stay) : earlier;
  if (transfer.state !== 'ASKED') return refuseBed('WRONG_STATE', ['transferId']);
  const bed = beds.get(bedId);
  const move = {
    id,
    locked,
    bed: bed?.facilityId === transfer.toFacilityId ? bed : undefined,
    on: wanted.on ?? transfer.on,
    skipReason,
    transferId,
    byId,
    now,
  };
  const fault = await whyNotMoved(manager, move);
  if (fault) return fault;
  const moved = await moveStay(manager, { ...move, bed: bed as FoundBed }, afterwards);
  if ('refused' in moved) return moved;
  await answer(manager, transfer.id, { state: 'ACCEPTED', byId, now, newStayId: id });
  await keepAnswer(manager, requested, moved.id, now);
  return moved;
}

export interface TransferAnswered extends Acting {
  transferId: number;
  /** Why; null when nothing is said. */
  note: string | null;
}

/** The other side does not take the resident over. Again is as once. */
export async function declineTransfer(
  manager: EntityManager,
  wanted: TransferAnswered,
  reach: BedReach,
): Promise<Transfer | BedRefusal> {
  const note = noteOf(wanted.note);
  if (note === undefined) return refuseBed('NOTE_INVALID', ['note']);
  const found = await lockTransfer(manager, wanted.transferId, reach, wanted);
  if ('refused' in found) return found;
  return step(manager, found.transfer, 'DECLINED', { ...wanted, note });
}

/** The side that asked takes the question back. Again is as once. */
export async function withdrawTransfer(
  manager: EntityManager,
  wanted: { transferId: number } & Acting,
  reach: BedReach,
): Promise<Transfer | BedRefusal> {
  const seen = await transferById(manager, wanted.transferId);
  const found = await lockStay(manager, seen?.stayId ?? 0, reach, wanted);
  const transfer = await transferById(manager, wanted.transferId);
  if ('refused' in found || !transfer) return refuseBed('TRANSFER_UNKNOWN', ['transferId']);
  return step(manager, transfer, 'WITHDRAWN', { ...wanted, note: null });
}

async function step(
  manager: EntityManager,
  transfer: Transfer,
  state: 'DECLINED' | 'WITHDRAWN',
  { byId, now, note }: TransferAnswered,
): Promise<Transfer | BedRefusal> {
  if (transfer.state === state) return transfer;
  if (transfer.state !== 'ASKED') return refuseBed('WRONG_STATE', ['transferId']);
  await answer(manager, transfer.id, { state, byId, now, note });
  return (await transferById(manager, transfer.id)) as Transfer;
}

/** The stay, with its elder and beds, of a question that was put to a facility within reach. */
async function lockTransfer(
  manager: EntityManager,
  transferId: number,
  reach: BedReach,
  acting: Acting,
  bedIds: readonly number[] = [],
) {
  const seen = await transferById(manager, transferId);
  const isAsked = await covers(manager, reach.beds, seen?.toFacilityId ?? nowhere, dayOf(acting.now));
  // The resident and the old bed are the other side's: that this side was asked opens them.
  const found = await lockStay(
    manager,
    isAsked ? (seen?.stayId ?? 0) : 0,
    { beds: 'everywhere', elders: 'everywhere' },
    acting,
    bedIds,
  );
  const transfer = await transferById(manager, transferId);
  if ('refused' in found || !transfer) return refuseBed('TRANSFER_UNKNOWN', ['transferId']);
  return { transfer, ...found };
}

async function answer(
  manager: EntityManager,
  id: number,
  {
    state,
    byId,
    now,
    note = null,
    newStayId = null,
  }: { state: string; note?: string | null; newStayId?: number | null } & Acting,
): Promise<void> {
  const sealed = note === null ? null : cipherOf(manager).encrypt(answerName, note);
  await writeTogether(manager, [
    {
      sql: `UPDATE stay_transfer SET state = ?, openStayId = NULL, answeredAt = ?, answeredById = ?, answerSealed = ?,
                   newStayId = ? WHERE id = ? AND state = 'ASKED'`,
      parameters: [state, now.getTime(), byId, sealed, newStayId, id],
      affects: 1,
    },
  ]);
}
