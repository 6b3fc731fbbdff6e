import type { AuditCheck } from '../shared/audit-check.js';

const newest = (alias: string) => `NOT EXISTS (SELECT 1 FROM elder_assessment later
              WHERE later.elderId = ${alias}.elderId
                AND later.place > ${alias}.place)`;

/** What must be true of assessments at any time. */
export const assessmentChecks: readonly AuditCheck[] = [
  {
    name: 'the level on a file is that of its last assessment, and counts as long',
    sql: `SELECT a.id, a.elderId FROM elder_assessment a JOIN elder e ON e.id = a.elderId
           WHERE ${newest('a')}
             AND (e.abilityLevel IS NULL OR e.abilityLevel <> a.level
                  OR COALESCE(a.countsUntil, '-') <> COALESCE(e.abilityExpiresOn, '-'))`,
  },
  {
    name: 'assessments of an elder lie in the order of their days',
    sql: `SELECT a.id, b.id AS otherId FROM elder_assessment a JOIN elder_assessment b
              ON b.elderId = a.elderId AND b.place > a.place
           WHERE b.assessedOn < a.assessedOn`,
  },
  {
    name: 'no assessment is better than its score',
    sql: `SELECT a.id FROM elder_assessment a
           WHERE a.kind = 'ASSESSED' AND a.level < (SELECT MIN(l.level) FROM assessment_level l
                                                     WHERE l.scaleId = a.scaleId AND l.scoreMin <= a.score)`,
  },
  {
    name: 'a level counts no longer than its assessment',
    sql: 'SELECT id FROM elder_assessment WHERE expiresOn IS NOT NULL AND (countsUntil IS NULL OR countsUntil > expiresOn)',
  },
  {
    name: 'an open change of state is marked as that of its elder, and is of the last assessment’s day or later',
    sql: `SELECT c.id FROM elder_state_change c WHERE c.openElderId IS NOT NULL
             AND (c.openElderId <> c.elderId
                  OR EXISTS (SELECT 1 FROM elder_assessment a
                              WHERE a.elderId = c.elderId AND a.assessedOn > c.changedOn))`,
  },
];
