import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { AfterStay, ElderDays } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { insertRows, writeTogether } from '../shared/statements.js';
import { announceBoards } from './bed-news.js';

/** The name that is authenticated with what was said about an end; stored in no row, and never to be changed. */
export const stayNoteName = 'bed_stay.endNote';

export const sealedStayNotes: SealedTable = {
  table: 'bed_stay',
  idColumn: 'id',
  columns: { endNoteSealed: () => stayNoteName },
};

export interface NewStay {
  id: number;
  bedId: number;
  facilityId: number;
  elderId: number;
  from: Day;
  admittedOn: Day;
  previousStayId: number | null;
  contractSignedOn: Day | null;
  trialEndsOn: Day;
  byId: number;
  now: Date;
}

export function beginStay(manager: EntityManager, stay: NewStay): Promise<void> {
  return beginStays(manager, [stay]);
}

/** Begins stays whose beds and elders are locked and free. One statement. */
export function beginStays(manager: EntityManager, stays: readonly NewStay[]): Promise<void> {
  announceBoards(
    manager,
    stays.map(({ facilityId }) => facilityId),
  );
  return insertRows(
    manager,
    'bed_stay',
    [
      'id',
      'bedId',
      'facilityId',
      'elderId',
      'fromDay',
      'openBedId',
      'openElderId',
      'admittedOn',
      'previousStayId',
      'contractSignedOn',
      'trialEndsOn',
      'enteredAt',
      'enteredById',
    ],
    stays.map(({ id, bedId, facilityId, elderId, from, admittedOn, previousStayId, ...stay }) => [
      ...[id, bedId, facilityId, elderId, from, bedId, elderId, admittedOn, previousStayId],
      ...[stay.contractSignedOn, stay.trialEndsOn, stay.now.getTime(), stay.byId],
    ]),
  );
}

export interface StayEnd {
  id: number;
  /** Of the bed. */
  facilityId: number;
  on: Day;
  /** A code of discharge_reason. */
  reason: string;
  note: string | null;
  /** Null when nobody did it by itself, as when the elder's file ended. */
  byId: number | null;
  now: Date;
  /** Taken back before it began: it then ends where it would have begun. */
  isCancelled?: boolean;
  /** The question that this end is the answer to, and that whoever ends the stay answers. */
  answeredTransferId?: number;
}

/** Ends a stay that is locked before its end, if it has one, with the leave that is under way and the question to take it over. */
export async function endStay(manager: EntityManager, end: StayEnd): Promise<void> {
  const { id, on, reason, note, byId, now, isCancelled = false, answeredTransferId = 0 } = end;
  announceBoards(manager, [end.facilityId]);
  const sealed = note === null ? null : cipherOf(manager).encrypt(stayNoteName, note);
  await writeTogether(manager, [
    {
      sql: `UPDATE bed_stay SET toDay = ?, openBedId = NULL, openElderId = NULL, endReason = ?, endNoteSealed = ?,
                   endedAt = ?, endedById = ?, cancelledAt = ?
             WHERE id = ? AND (toDay IS NULL OR toDay > ?)`,
      parameters: [on, reason, sealed, now.getTime(), byId, isCancelled ? now.getTime() : null, id, on],
      affects: 1,
    },
  ]);
  // A leave that was planned within a reservation is taken back with it: it ends where it would have begun.
  await manager.query(
    `UPDATE stay_leave SET toDay = CASE WHEN fromDay > ? THEN fromDay ELSE ? END, openStayId = NULL
      WHERE openStayId = ?`,
    [on, on, id],
  );
  await manager.query(
    `UPDATE stay_transfer SET state = 'WITHDRAWN', openStayId = NULL, answeredAt = ?, answeredById = ?
      WHERE openStayId = ? AND id <> ?`,
    [now.getTime(), byId, id, answeredTransferId],
  );
}

/** In which types of beds an elder lives, so that others look after the meals. */
export function isInstitutional(type: BedType): boolean {
  return type === 'GENERAL' || type === 'NURSING';
}

/** Tells other areas of days that are over or under way of which it changed whether an elder lives in an institution. */
export function tellOfStay(
  manager: EntityManager,
  days: ElderDays,
  today: Day,
  afterwards: readonly AfterStay[],
): Promise<void> {
  return tellOfStays(manager, [days], today, afterwards);
}

/** The same of several elders, each once; those whose days lie ahead are nobody's business yet. */
export async function tellOfStays(
  manager: EntityManager,
  days: readonly ElderDays[],
  today: Day,
  afterwards: readonly AfterStay[],
): Promise<void> {
  const begun = days.filter(({ fromDay }) => fromDay <= today);
  if (begun.length === 0) return;
  for (const each of afterwards) await each(manager, begun);
}
