import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { forUpdate } from '../shared/database.js';

/** A recorded swipe as the audit log shows it before and after it is voided; it stays locked from the first look on. */
export async function swipeState(manager: EntityManager, swipeId: string): Promise<AuditedState | undefined> {
  const rows: SwipeRow[] = await manager.query(
    `SELECT swipeId, canteenId, elderId, outcome, grossFen, selfPaidFen, voidedAt
       FROM swipe WHERE swipeId = ?${forUpdate(manager)}`,
    [swipeId.toLowerCase()],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { canteenId: facilityId, elderId, outcome, voidedAt } = row;
  return {
    about: { facilityId, elderId, subject: `swipe:${row.swipeId}` },
    values: {
      outcome,
      grossFen: Number(row.grossFen),
      selfPaidFen: Number(row.selfPaidFen),
      voided: voidedAt !== null,
    },
  };
}

interface SwipeRow {
  swipeId: string;
  canteenId: number;
  elderId: number | null;
  outcome: string;
  grossFen: number | string;
  selfPaidFen: number | string;
  voidedAt: number | string | null;
}
