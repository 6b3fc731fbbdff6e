import type { EntityManager } from 'typeorm';
import type { FileSet } from '../../src/rule-versions/rule-file.rules.js';
import type { RuleTable } from '../../src/rule-versions/rule-kind.js';
import { insertRows } from '../../src/shared/statements.js';

/** The sets that are missing, approved; their funders are there. What somebody has proposed since stays. */
export async function insertRuleSets(
  manager: EntityManager,
  { table }: RuleTable,
  ruleSets: readonly FileSet<object>[],
  facilityId: number,
): Promise<void> {
  const rows: { code: string }[] = await manager.query(`SELECT code FROM ${table}`);
  const present = new Set(rows.map(({ code }) => code));
  await insertRows(
    manager,
    table,
    ['code', 'version', 'facilityId', 'fromDay', 'toDay', 'status', 'document', 'proposedAt', 'decidedAt'],
    ruleSets
      .filter(({ code }) => !present.has(code))
      .flatMap(({ code, versions }) =>
        versions.map(({ fromDay, toDay, document }, index) => {
          const at = Date.parse(fromDay);
          const text = JSON.stringify(document);
          return [code, index + 1, facilityId, fromDay, toDay, 'APPROVED', text, at, at];
        }),
      ),
  );
}
