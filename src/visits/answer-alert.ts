import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { noteTextOf, shortTextMax } from './note-text.rules.js';
import { careAlertNoteName, visitAlertNoteName } from './sealed-care.js';

/** The two queues of alerts, which are answered alike: somebody has seen it, and somebody says how it ended. */
export const alertQueues = {
  visit: { table: 'visit_alert', placeColumn: 'facilityId', noteName: visitAlertNoteName },
  care: { table: 'care_alert', placeColumn: 'stationId', noteName: careAlertNoteName },
} as const;
export type AlertQueue = keyof typeof alertQueues;

export interface AlertAnswer {
  queue: AlertQueue;
  id: number;
  /** How it ended; null says that it was seen. */
  outcome: string | null;
  /** What was found or done; needed with OTHER. */
  note: string | null;
  byId: number;
  now: Date;
}

export interface AlertAnswered {
  id: number;
  isClosed: boolean;
}

/** Acknowledges an alert, or closes it with how it ended. What is closed stays so; to acknowledge twice is as once. */
export async function answerAlert(
  manager: EntityManager,
  { queue, id, outcome, note, byId, now }: AlertAnswer,
  scope: Scope,
): Promise<AlertAnswered | CareRefusal> {
  const text = noteTextOf(note, shortTextMax);
  if (text === undefined || (outcome === 'OTHER' && text === null))
    return refuseCare('NOTE_INVALID', ['note']);
  if (outcome === null && text !== null) return refuseCare('NOTE_INVALID', ['note']);
  const { table, placeColumn, noteName } = alertQueues[queue];
  const rows: { placeId: number; closedAt: number | string | null }[] = await manager.query(
    `SELECT ${placeColumn} AS placeId, closedAt FROM ${table} WHERE id = ?${forUpdate(manager)}`,
    [id],
  );
  const isCovered = await covers(manager, scope, rows[0]?.placeId ?? nowhere, dayOf(now));
  if (!rows[0] || !isCovered) return refuseCare('ALERT_UNKNOWN', ['id']);
  if (rows[0].closedAt !== null) return refuseCare('WRONG_STATE', ['id']);
  if (outcome === 'WENT_ON') return refuseCare('VALUE_OUT_OF_RANGE', ['outcome']);
  await manager.query(
    `UPDATE ${table} SET acknowledgedAt = ?, acknowledgedById = ? WHERE id = ? AND acknowledgedAt IS NULL`,
    [now.getTime(), byId, id],
  );
  if (outcome === null) return { id, isClosed: false };
  const noteSealed = text === null ? null : cipherOf(manager).encrypt(noteName(id), text);
  await manager.query(
    `UPDATE ${table} SET closedAt = ?, closedById = ?, outcome = ?, noteSealed = ? WHERE id = ?`,
    [now.getTime(), byId, outcome, noteSealed, id],
  );
  return { id, isClosed: true };
}

/** An alert as the audit log shows it; its row stays locked from the first look on. */
export async function alertState(
  manager: EntityManager,
  queue: AlertQueue,
  id: number,
): Promise<AuditedState | undefined> {
  const { table, placeColumn } = alertQueues[queue];
  const rows: { placeId: number; acknowledgedById: number | null; outcome: string | null }[] =
    await manager.query(
      `SELECT ${placeColumn} AS placeId, acknowledgedById, outcome FROM ${table} WHERE id = ?${forUpdate(manager)}`,
      [id],
    );
  const [row] = rows;
  if (!row) return undefined;
  const { placeId, ...values } = row;
  return { about: { facilityId: placeId, subject: `${table}:${id}` }, values };
}
