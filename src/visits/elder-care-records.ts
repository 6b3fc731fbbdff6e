import type { EntityManager } from 'typeorm';
import type { PersonalRecords } from '../elders/personal-records.js';
import { cipherOf } from '../shared/database-cipher.js';
import { evidenceNotes } from './decide-evidence.js';
import { checkPositionName } from './keep-check.js';
import {
  careAlertNoteName,
  measurementName,
  noteName,
  objectionNoteName,
  objectionReasonName,
  ratingCommentName,
  visitAlertNoteName,
} from './sealed-care.js';

type Row = Record<string, string | number | boolean | null>;

/** What carrying visits out has kept about an elder: taps at the door, evidence, notes, measurements, alerts, ratings. */
export const elderCareRecords: PersonalRecords = {
  name: 'care',

  async collect(manager, elderId) {
    const read = (sql: string): Promise<Row[]> => manager.query(sql, [elderId]);
    const cipher = cipherOf(manager);
    const opened = (name: string, sealed: unknown) =>
      typeof sealed === 'string' ? cipher.decrypt(name, sealed) : null;
    const visitIds = (await read('SELECT id FROM visit WHERE elderId = ? ORDER BY id')).map(({ id }) =>
      Number(id),
    );
    const reasons = await evidenceNotes(manager, visitIds);
    const checks = await read(checksSql);
    const notes = await read(
      'SELECT visitId, textSealed, writtenAt FROM care_note WHERE elderId = ? ORDER BY id',
    );
    const measurements = await read(
      'SELECT visitId, kind, valueSealed, measuredAt FROM care_measurement WHERE elderId = ? ORDER BY id',
    );
    return {
      checks: checks.map(({ positionSealed, ...row }) => ({
        ...withInstants(row),
        position: opened(checkPositionName, positionSealed),
      })),
      evidence: (await read(evidenceSql)).map((row) => ({
        ...withInstants(row),
        note: reasons.get(Number(row.visitId)) ?? null,
      })),
      notes: notes.map(({ textSealed, ...row }) => ({
        ...withInstants(row),
        text: opened(noteName, textSealed),
      })),
      measurements: measurements.map(({ valueSealed, ...row }) => ({
        ...withInstants(row),
        value: Number(opened(measurementName, valueSealed)) / 10,
      })),
      limits: await read('SELECT kind, low, high FROM care_limit WHERE elderId = ? ORDER BY id'),
      measurementAlerts: (await read(careAlertsSql)).map(({ id, noteSealed, ...row }) => ({
        ...withInstants(row),
        note: opened(careAlertNoteName(Number(id)), noteSealed),
      })),
      visitAlerts: (await read(visitAlertsSql)).map(({ id, noteSealed, ...row }) => ({
        ...withInstants(row),
        note: opened(visitAlertNoteName(Number(id)), noteSealed),
      })),
      ratings: (await read(ratingsSql)).map(({ commentSealed, ...row }) => ({
        ...withInstants(row),
        comment: opened(ratingCommentName(Number(row.visitId)), commentSealed),
      })),
      objections: (await read(objectionsSql)).map(({ reasonSealed, noteSealed, ...row }) => ({
        ...withInstants(row),
        reason: opened(objectionReasonName(Number(row.visitId)), reasonSealed),
        note: opened(objectionNoteName(Number(row.visitId)), noteSealed),
      })),
      doorTags: (await read('SELECT issuedAt, revokedAt FROM door_tag WHERE elderId = ? ORDER BY id')).map(
        withInstants,
      ),
    };
  },

  /** Notes and measurements are nothing without the person; of visits the times and the decisions stay. */
  async erase(manager: EntityManager, elderId: number) {
    const ofVisits = 'visitId IN (SELECT id FROM visit WHERE elderId = ?)';
    for (const sql of [
      'DELETE FROM care_alert WHERE elderId = ?',
      'DELETE FROM care_measurement WHERE elderId = ?',
      'DELETE FROM care_note WHERE elderId = ?',
      'DELETE FROM care_limit WHERE elderId = ?',
      'DELETE FROM door_tag WHERE elderId = ?',
      `UPDATE visit_check SET positionSealed = NULL WHERE ${ofVisits}`,
      `UPDATE visit_evidence SET noteSealed = NULL WHERE ${ofVisits}`,
      `UPDATE visit_alert SET noteSealed = NULL WHERE ${ofVisits}`,
      `UPDATE visit_rating SET commentSealed = NULL WHERE ${ofVisits}`,
      `UPDATE visit_objection SET reasonSealed = NULL, noteSealed = NULL WHERE ${ofVisits}`,
      `UPDATE visit_event SET reasonSealed = NULL WHERE ${ofVisits}`,
    ]) {
      await manager.query(sql, [elderId]);
    }
  },
};

const checksSql = `SELECT c.visitId, c.kind, c.deviceAt, c.receivedAt, c.countsAt, c.isOffline, c.positionSealed,
    c.distanceMetres, c.accuracyMetres, c.tag, c.doubts
  FROM visit_check c JOIN visit v ON v.id = c.visitId WHERE v.elderId = ? ORDER BY c.id`;
const evidenceSql = `SELECT e.visitId, e.score, e.decision, e.reasons, e.decided, e.decidedAt
  FROM visit_evidence e JOIN visit v ON v.id = e.visitId WHERE v.elderId = ? ORDER BY e.visitId`;
const careAlertsSql = `SELECT a.id, m.visitId, m.kind, a.direction, a.raisedAt, a.closedAt, a.outcome, a.noteSealed
  FROM care_alert a JOIN care_measurement m ON m.id = a.measurementId WHERE a.elderId = ? ORDER BY a.id`;
const visitAlertsSql = `SELECT a.id, a.visitId, a.kind, a.level, a.raisedAt, a.closedAt, a.outcome, a.noteSealed
  FROM visit_alert a JOIN visit v ON v.id = a.visitId WHERE v.elderId = ? ORDER BY a.id`;
const ratingsSql = `SELECT r.visitId, r.stars, r.commentSealed, r.ratedAt, r.changedAt
  FROM visit_rating r JOIN visit v ON v.id = r.visitId WHERE v.elderId = ? ORDER BY r.visitId`;

const objectionsSql = `SELECT o.visitId, o.reasonSealed, o.madeAt, o.decision, o.decidedAt, o.noteSealed
  FROM visit_objection o JOIN visit v ON v.id = o.visitId WHERE v.elderId = ? ORDER BY o.visitId`;

function withInstants(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value === null) return [name, null];
      if (name.endsWith('At')) return [name, new Date(Number(value)).toISOString()];
      return [name, name === 'isOffline' ? Boolean(value) : value];
    }),
  );
}
