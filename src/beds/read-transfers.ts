import type { EntityManager } from 'typeorm';
import type { TransferState } from '../../entities/beds/stay-transfer.entity.js';
import type { Scope } from '../network/scope.js';
import { covers, nowhere } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';

/** The name that is authenticated with an answer; stored in no row, and never to be changed. */
export const answerName = 'stay_transfer.answer';

export const sealedTransferAnswers: SealedTable = {
  table: 'stay_transfer',
  idColumn: 'id',
  columns: { answerSealed: () => answerName },
};

/** One facility asks another to take over a resident. */
export interface Transfer {
  id: number;
  stayId: number;
  fromFacilityId: number;
  toFacilityId: number;
  on: Day;
  state: TransferState;
  /** Why it was declined. */
  answer: string | null;
  newStayId: number | null;
}

const selectTransfers = `SELECT t.id, t.stayId, s.facilityId AS fromFacilityId, t.toFacilityId,
            CAST(t.onDay AS CHAR) AS onDay, t.state, t.answerSealed, t.newStayId
       FROM stay_transfer t JOIN bed_stay s ON s.id = t.stayId`;

interface TransferRow {
  id: number | string;
  stayId: number | string;
  fromFacilityId: number;
  toFacilityId: number;
  onDay: Day;
  state: TransferState;
  answerSealed: string | null;
  newStayId: number | string | null;
}

async function read(manager: EntityManager, condition: string, parameters: unknown[]): Promise<Transfer[]> {
  const rows: TransferRow[] = await manager.query(`${selectTransfers} WHERE ${condition}`, parameters);
  return rows.map(({ id, stayId, onDay, answerSealed, newStayId, ...row }) => ({
    ...row,
    id: Number(id),
    stayId: Number(stayId),
    on: onDay,
    answer: answerSealed === null ? null : cipherOf(manager).decrypt(answerName, answerSealed),
    newStayId: newStayId === null ? null : Number(newStayId),
  }));
}

export async function transferById(manager: EntityManager, id: number): Promise<Transfer | undefined> {
  return (await read(manager, 't.id = ?', [id]))[0];
}

/** Residents whom a facility is asked to take over, and those it asks others to, the first to be asked at the head. */
export async function openTransfers(
  manager: EntityManager,
  facilityId: number,
  scope: Scope,
  today: Day,
): Promise<Transfer[]> {
  const place = (await covers(manager, scope, facilityId, today)) ? facilityId : nowhere;
  return read(
    manager,
    // What was answered is left out by an index that holds the open ones alone.
    't.openStayId IS NOT NULL AND (t.toFacilityId = ? OR s.facilityId = ?) ORDER BY t.id LIMIT 200',
    [place, place],
  );
}
