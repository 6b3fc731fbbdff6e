import type { EntityManager } from 'typeorm';
import type { Gender } from '../../../entities/visits/caregiver.entity.js';
import { doorsOf } from '../../elders/elder-door.js';
import { openField, type SealedIdentity } from '../../elders/sealed-fields.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { placeholders } from '../../shared/statements.js';
import type { FactElder } from './plan-facts.js';

/** Where these elders live, and who may bring what is brought by the same gender alone. Three statements. */
export async function readFactElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, FactElder>> {
  if (elderIds.length === 0) return new Map();
  const doors = await doorsOf(manager, elderIds);
  const told: { elderId: number; setAt: number | string }[] = await manager.query(
    `SELECT elderId, setAt FROM elder_door WHERE elderId IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  const toldAt = new Map(told.map(({ elderId, setAt }) => [elderId, Number(setAt)]));
  const rows: (SealedIdentity & { id: number })[] = await manager.query(
    `SELECT id, idNumberSealed, phoneSealed, addressSealed FROM elder
      WHERE id IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  const cipher = cipherOf(manager);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        position: doors.get(row.id)?.position ?? null,
        doorSetAt: toldAt.get(row.id) ?? null,
        gender: genderOf(openField(cipher, 'idNumber', row)),
      },
    ]),
  );
}

/** GB 11643-1999: the digit before the check character is odd for men. */
function genderOf(idNumber: string | null): Gender | null {
  if (idNumber === null) return null;
  return Number(idNumber.charAt(16)) % 2 === 1 ? 'MALE' : 'FEMALE';
}

/** How far back a face is familiar. */
const familiarMs = 90 * 86_400_000;

/** How often each caregiver was with each elder over the three months before `until`. One statement. */
export async function readHistory(
  manager: EntityManager,
  elderIds: readonly number[],
  until: Date,
): Promise<Map<number, Map<number, number>>> {
  const history = new Map<number, Map<number, number>>();
  if (elderIds.length === 0) return history;
  const rows: { elderId: number; caregiverId: number; times: number | string }[] = await manager.query(
    `SELECT visit.elderId, part.caregiverId, COUNT(*) AS times
       FROM visit JOIN visit_caregiver part ON part.visitId = visit.id
      WHERE visit.elderId IN (${placeholders(elderIds)}) AND visit.startsAt >= ? AND visit.startsAt < ?
        AND visit.status NOT IN ('CANCELLED', 'NO_SHOW')
      GROUP BY visit.elderId, part.caregiverId`,
    [...elderIds, until.getTime() - familiarMs, until.getTime()],
  );
  for (const { elderId, caregiverId, times } of rows) {
    const ofElder = history.get(elderId) ?? new Map<number, number>();
    history.set(elderId, ofElder.set(caregiverId, Number(times)));
  }
  return history;
}
