import type { EntityManager } from 'typeorm';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
import { measurementName, noteName } from './sealed-care.js';

export interface FoundNote {
  id: number;
  visitId: number;
  text: string;
  caregiverName: string;
  writtenAt: Date;
}

/** The first `rowsMax`, the newest first: of those older than the one with this id, where one is named. */
export interface CarePage {
  beforeId?: number | undefined;
  rowsMax: number;
}

/** The newest notes of each elder, the newest first. One statement for all elders. */
export async function notesOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
  { beforeId, rowsMax }: CarePage,
): Promise<Map<number, FoundNote[]>> {
  const rows: (Omit<FoundNote, 'text' | 'writtenAt'> & {
    elderId: number;
    textSealed: string;
    writtenAt: number | string;
  })[] = await manager.query(
    `SELECT numbered.id, numbered.elderId, numbered.visitId, numbered.textSealed, numbered.writtenAt,
            account.name AS caregiverName
       FROM (SELECT note.*, ROW_NUMBER() OVER (PARTITION BY note.elderId ORDER BY note.id DESC) AS turn
               FROM care_note note
              WHERE note.elderId IN (${placeholders(elderIds) || 'NULL'})${
                beforeId === undefined ? '' : ' AND note.id < ?'
              }) numbered
       JOIN caregiver ON caregiver.id = numbered.caregiverId
       JOIN account ON account.id = caregiver.accountId
      WHERE turn <= ? ORDER BY numbered.id DESC`,
    [...elderIds, ...(beforeId === undefined ? [] : [beforeId]), rowsMax],
  );
  const cipher = cipherOf(manager);
  const notes = new Map<number, FoundNote[]>(elderIds.map((id) => [id, []]));
  for (const { elderId, textSealed, writtenAt, ...row } of rows) {
    const text = cipher.decrypt(noteName, textSealed);
    notes.get(elderId)?.push({ ...row, text, writtenAt: new Date(Number(writtenAt)) });
  }
  return notes;
}

export interface FoundMeasurement {
  id: number;
  visitId: number;
  kind: MeasurementKind;
  /** Tenths of the unit. */
  tenths: number;
  measuredAt: Date;
  /** Beyond which of its limits it lay; null for neither. */
  beyond: 'LOW' | 'HIGH' | null;
}

/** The newest measurements of each elder, of one kind where one is named, the newest first. One statement. */
export async function measurementsOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
  { kind, beforeId, rowsMax }: CarePage & { kind?: MeasurementKind | undefined },
): Promise<Map<number, FoundMeasurement[]>> {
  const rows: (Omit<FoundMeasurement, 'tenths' | 'measuredAt'> & {
    elderId: number;
    valueSealed: string;
    measuredAt: number | string;
  })[] = await manager.query(
    `SELECT numbered.id, numbered.elderId, numbered.visitId, numbered.kind, numbered.valueSealed,
            numbered.measuredAt, alert.direction AS beyond
       FROM (SELECT one.*, ROW_NUMBER() OVER (PARTITION BY one.elderId ORDER BY one.id DESC) AS turn
               FROM care_measurement one
              WHERE one.elderId IN (${placeholders(elderIds) || 'NULL'})${kind ? ' AND one.kind = ?' : ''}${
                beforeId === undefined ? '' : ' AND one.id < ?'
              }) numbered
       LEFT JOIN care_alert alert ON alert.measurementId = numbered.id
      WHERE turn <= ? ORDER BY numbered.id DESC`,
    [...elderIds, ...(kind ? [kind] : []), ...(beforeId === undefined ? [] : [beforeId]), rowsMax],
  );
  const cipher = cipherOf(manager);
  const found = new Map<number, FoundMeasurement[]>(elderIds.map((id) => [id, []]));
  for (const { elderId, valueSealed, measuredAt, ...row } of rows) {
    const tenths = Number(cipher.decrypt(measurementName, valueSealed));
    found.get(elderId)?.push({ ...row, tenths, measuredAt: new Date(Number(measuredAt)) });
  }
  return found;
}
