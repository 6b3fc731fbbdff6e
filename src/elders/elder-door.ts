import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import type { FieldCipher } from '../shared/field-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { insertRows, placeholders } from '../shared/statements.js';

/** A place on the earth in millionths of a degree (WGS 84), a step of which is a decimetre. */
export interface Position {
  latitudeMicro: number;
  longitudeMicro: number;
}

/** How an elder's door is found. */
export interface Door {
  position: Position | null;
  note: string | null;
}

/**
 * The names that are authenticated with a value. They say whose door it is: a position that somebody copied from
 * another elder's row does not open there. They are stored in no row and must never change.
 */
const positionName = (elderId: number) => `elder_door.position#${elderId}`;
const noteName = (elderId: number) => `elder_door.note#${elderId}`;

export const sealedDoors: SealedTable = {
  table: 'elder_door',
  idColumn: 'elderId',
  columns: { positionSealed: positionName, noteSealed: noteName },
};

/** Writes the door of an elder who is locked, in the place of what was known of it. */
export async function keepDoor(
  manager: EntityManager,
  elderId: number,
  { position, note }: Door,
  { byId, now }: { byId: number; now: Date },
): Promise<void> {
  const cipher = cipherOf(manager);
  const place = position && `${position.latitudeMicro} ${position.longitudeMicro}`;
  const positionSealed = place === null ? null : cipher.encrypt(positionName(elderId), place);
  const noteSealed = note === null ? null : cipher.encrypt(noteName(elderId), note);
  await manager.query('DELETE FROM elder_door WHERE elderId = ?', [elderId]);
  await insertRows(
    manager,
    'elder_door',
    ['elderId', 'positionSealed', 'noteSealed', 'setAt', 'setById'],
    [[elderId, positionSealed, noteSealed, now.getTime(), byId]],
  );
}

/** The doors of these elders; who has none told is missing. One statement. */
export async function doorsOf(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, Door>> {
  if (elderIds.length === 0) return new Map();
  const rows: DoorRow[] = await manager.query(
    `SELECT elderId, positionSealed, noteSealed FROM elder_door WHERE elderId IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  const cipher = cipherOf(manager);
  return new Map(rows.map((row) => [row.elderId, opened(cipher, row)]));
}

function opened(cipher: FieldCipher, { elderId, positionSealed, noteSealed }: DoorRow): Door {
  return {
    position: openPosition(cipher, elderId, positionSealed),
    note: noteSealed === null ? null : cipher.decrypt(noteName(elderId), noteSealed),
  };
}

/** The place of a door as its row holds it, for whoever has the row from a join; null where none is told. */
export function openPosition(
  cipher: FieldCipher,
  elderId: number,
  positionSealed: string | null,
): Position | null {
  if (positionSealed === null) return null;
  const place = cipher.decrypt(positionName(elderId), positionSealed);
  const [latitudeMicro = 0, longitudeMicro = 0] = place.split(' ').map(Number);
  return { latitudeMicro, longitudeMicro };
}

interface DoorRow {
  elderId: number;
  positionSealed: string | null;
  noteSealed: string | null;
}
