import type { Database } from '../../src/shared/database.js';

export interface Look {
  id: number;
  accountId: number;
  elderId: number;
  /** Such as idNumber; never what it holds. */
  field: string;
}

/** The looks at whole identities that the audit log has recorded after the record `afterId`, by elder and field. */
export async function looksIn(database: Database, afterId = 0): Promise<Look[]> {
  const rows: { id: number | string; accountId: number; elderId: number; operation: string }[] =
    await database.read((manager) =>
      manager.query(
        "SELECT id, accountId, elderId, operation FROM audit_record WHERE operation LIKE 'look %' AND id > ? ORDER BY elderId, operation",
        [afterId],
      ),
    );
  return rows.map(({ id, accountId, elderId, operation }) => ({
    id: Number(id),
    accountId,
    elderId,
    field: operation.replace('look ', ''),
  }));
}
