import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import type { PersonalRecords } from './personal-records.js';
import { assessmentsOf, changeNoteName } from './read-assessments.js';

/** What is kept of an elder's assessments. Nothing hangs on them, so erasing takes the rows out. */
export const elderAssessmentRecords: PersonalRecords = {
  name: 'assessments',

  async collect(manager: EntityManager, elderId) {
    const kept = (await assessmentsOf(manager, [elderId])).get(elderId) ?? [];
    const changes: {
      id: number | string;
      changedOn: string;
      kind: string;
      noteSealed: string | null;
      reportedAt: number | string;
    }[] = await manager.query(
      `SELECT id, CAST(changedOn AS CHAR) AS changedOn, kind, noteSealed, reportedAt FROM elder_state_change
        WHERE elderId = ? ORDER BY id`,
      [elderId],
    );
    const cipher = cipherOf(manager);
    return {
      assessments: kept.map(({ recordedAt, ...row }) => ({ ...row, recordedAt: recordedAt.toISOString() })),
      changes: changes.map(({ id, noteSealed, reportedAt, ...row }) => ({
        ...row,
        note: noteSealed === null ? null : cipher.decrypt(changeNoteName(Number(id)), noteSealed),
        reportedAt: new Date(Number(reportedAt)).toISOString(),
      })),
    };
  },

  async erase(manager: EntityManager, elderId) {
    await manager.query('DELETE FROM elder_state_change WHERE elderId = ?', [elderId]);
    await manager.query('DELETE FROM elder_assessment WHERE elderId = ?', [elderId]);
  },
};
