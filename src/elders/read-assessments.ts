import type { EntityManager } from 'typeorm';
import type { AssessmentKind } from '../../entities/elders/elder-assessment.entity.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { placeholders } from '../shared/statements.js';
import { type Findings, levelOn } from './assessment.rules.js';

/** The names that are authenticated with what was found and said; never to be changed. */
export const findingsName = (id: number) => `elder_assessment.findings#${id}`;
export const changeNoteName = (id: number) => `elder_state_change.note#${id}`;

export const sealedAssessments: readonly SealedTable[] = [
  { table: 'elder_assessment', idColumn: 'id', columns: { findingsSealed: findingsName } },
  { table: 'elder_state_change', idColumn: 'id', columns: { noteSealed: changeNoteName } },
];

/** An assessment as it is kept. */
export interface KeptAssessment {
  id: number;
  elderId: number;
  kind: AssessmentKind;
  assessedOn: Day;
  level: number;
  score: number | null;
  findings: Findings | null;
  expiresOn: Day | null;
  countsUntil: Day | null;
  recordedAt: Date;
}

type Row = Omit<KeptAssessment, 'id' | 'findings' | 'recordedAt'> & {
  id: number | string;
  findingsSealed: string | null;
  recordedAt: number | string;
};

/** The assessments of these elders, each elder's in the order of their days. One statement. */
export async function assessmentsOf(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, KeptAssessment[]>> {
  const found = new Map<number, KeptAssessment[]>(elderIds.map((id) => [id, []]));
  if (elderIds.length === 0) return found;
  const rows: Row[] = await manager.query(
    `SELECT id, elderId, kind, CAST(assessedOn AS CHAR) AS assessedOn, level, score, findingsSealed,
            CAST(expiresOn AS CHAR) AS expiresOn, CAST(countsUntil AS CHAR) AS countsUntil, recordedAt
       FROM elder_assessment WHERE elderId IN (${placeholders(elderIds)}) ORDER BY elderId, place`,
    [...elderIds],
  );
  const cipher = cipherOf(manager);
  for (const { findingsSealed, ...row } of rows) {
    const id = Number(row.id);
    const findings: Findings | null =
      findingsSealed === null ? null : JSON.parse(cipher.decrypt(findingsName(id), findingsSealed));
    found.get(row.elderId)?.push({ ...row, id, findings, recordedAt: new Date(Number(row.recordedAt)) });
  }
  return found;
}

/**
 * The level that counted for each of these elders on a day. Of a file without assessments it is the level that the file
 * was opened with, from that day on. Two statements, however many.
 */
export async function levelsOn(
  manager: EntityManager,
  elderIds: readonly number[],
  day: Day,
): Promise<Map<number, number | null>> {
  if (elderIds.length === 0) return new Map();
  const ids = placeholders(elderIds);
  const files: { id: number; level: number | null; assessedOn: Day; countsUntil: Day | null }[] =
    await manager.query(
      `SELECT id, abilityLevel AS level, CAST(registeredOn AS CHAR) AS assessedOn,
              CAST(abilityExpiresOn AS CHAR) AS countsUntil FROM elder WHERE id IN (${ids})`,
      [...elderIds],
    );
  const rows: { elderId: number; level: number; assessedOn: Day; countsUntil: Day | null }[] =
    await manager.query(
      `SELECT elderId, level, CAST(assessedOn AS CHAR) AS assessedOn, CAST(countsUntil AS CHAR) AS countsUntil
         FROM elder_assessment WHERE elderId IN (${ids}) ORDER BY elderId, place`,
      [...elderIds],
    );
  return new Map(
    files.map(({ id, level, ...file }) => {
      const kept = rows.filter(({ elderId }) => elderId === id);
      const counted = kept.length > 0 || level === null ? kept : [{ ...file, level }];
      return [id, levelOn(counted, day)];
    }),
  );
}
