import type { FieldCipher } from '../shared/field-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';

/** The name that is authenticated with a note says whose it is; stored in no row, and never to be changed. */
const noteName = (visitId: number) => `visit_booking.note#${visitId}`;

export const sealedVisitNotes: SealedTable = {
  table: 'visit_booking',
  idColumn: 'visitId',
  columns: { noteSealed: noteName },
};

export function sealNote(cipher: FieldCipher, visitId: number, note: string | null): string | null {
  return note === null ? null : cipher.encrypt(noteName(visitId), note);
}

export function openNote(cipher: FieldCipher, visitId: number, noteSealed: string | null): string | null {
  return noteSealed === null ? null : cipher.decrypt(noteName(visitId), noteSealed);
}
