import { elderCategories } from '../../entities/elders/elder-category-membership.entity.js';
import type { AuditCheck } from '../shared/audit-check.js';
import { erasedText } from './erasure.rules.js';

/** What must be true of elders' files at any time. */
export const eldersChecks: readonly AuditCheck[] = [
  {
    name: 'no ID number has two files',
    sql: `SELECT idNumberHash FROM elder WHERE idNumberHash IS NOT NULL
           GROUP BY idNumberHash HAVING COUNT(*) > 1`,
  },
  {
    name: 'every file has an ID number and its hash, encrypted, and an erased one has neither',
    sql: `SELECT id FROM elder
           WHERE (idNumberSealed IS NULL) <> (erasedAt IS NOT NULL)
              OR (idNumberHash IS NULL) <> (erasedAt IS NOT NULL)`,
  },
  {
    name: 'an erased file has ended, and holds nothing that tells who it was',
    sql: `SELECT e.id FROM elder e
           WHERE e.erasedAt IS NOT NULL
             AND (e.status = 'ACTIVE' OR e.name <> '${erasedText}' OR e.phoneSealed IS NOT NULL
                  OR e.addressSealed IS NOT NULL OR e.abilityLevel IS NOT NULL
                  OR EXISTS (SELECT 1 FROM elder_category c WHERE c.elderId = e.id))`,
  },
  {
    name: 'every category of an elder is one of the nation’s or of the city’s own',
    sql: `SELECT k.elderId FROM elder_category k LEFT JOIN city_category city ON city.code = k.category
           WHERE city.code IS NULL AND k.category NOT IN ('${elderCategories.join("', '")}')`,
  },
  {
    name: 'every home station is a home-care station',
    sql: `SELECT e.id FROM elder e JOIN facility f ON f.id = e.homeStationId
           WHERE f.kind <> 'HOME_CARE_STATION'`,
  },
  {
    name: 'every file that ended says when, and no other',
    sql: "SELECT id FROM elder WHERE (status = 'ACTIVE') <> (endedOn IS NULL)",
  },
];
