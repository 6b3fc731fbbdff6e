import type { SealedTable } from '../shared/rotate-keys.js';
import { sealedEvidenceNotes } from './decide-evidence.js';
import { sealedCheckPositions } from './keep-check.js';

/** The names that are authenticated with what is written down at visits; in no row, and never to be changed. */
export const noteName = 'care_note.text';
export const measurementName = 'care_measurement.value';
export const careAlertNoteName = (id: number) => `care_alert.note#${id}`;
export const visitAlertNoteName = (id: number) => `visit_alert.note#${id}`;
export const ratingCommentName = (visitId: number) => `visit_rating.comment#${visitId}`;

export const objectionReasonName = (visitId: number) => `visit_objection.reason#${visitId}`;
export const objectionNoteName = (visitId: number) => `visit_objection.note#${visitId}`;
export const paymentReasonName = 'family_payment.reason';

/** Every table of carrying visits out that has encrypted values. */
export const sealedCareTables: readonly SealedTable[] = [
  sealedCheckPositions,
  sealedEvidenceNotes,
  { table: 'care_note', idColumn: 'id', columns: { textSealed: () => noteName } },
  { table: 'care_measurement', idColumn: 'id', columns: { valueSealed: () => measurementName } },
  { table: 'care_alert', idColumn: 'id', columns: { noteSealed: careAlertNoteName } },
  { table: 'visit_alert', idColumn: 'id', columns: { noteSealed: visitAlertNoteName } },
  { table: 'visit_rating', idColumn: 'visitId', columns: { commentSealed: ratingCommentName } },
  {
    table: 'visit_objection',
    idColumn: 'visitId',
    columns: { reasonSealed: objectionReasonName, noteSealed: objectionNoteName },
  },
  { table: 'family_payment', idColumn: 'id', columns: { reasonSealed: () => paymentReasonName } },
];
