import type { EntityManager } from 'typeorm';
import { insertRows } from '../../src/shared/statements.js';
import type { HoursFile } from '../../src/visits/hours-file.rules.js';

/** The sets that are missing, approved; their funders are there. What somebody has proposed since stays. */
export async function insertHoursRules(
  manager: EntityManager,
  { ruleSets }: HoursFile,
  facilityId: number,
): Promise<void> {
  const rows: { code: string }[] = await manager.query('SELECT code FROM hours_rule');
  const present = new Set(rows.map(({ code }) => code));
  await insertRows(
    manager,
    'hours_rule',
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
