import type { EntityManager } from 'typeorm';
import type { PaymentMeans } from '../../entities/visits/family-payment.entity.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
import { paymentReasonName } from './sealed-care.js';

/** A payment of a family, or one that takes another back. */
export interface FamilyPaymentFound {
  id: number;
  visitId: number;
  /** Below zero for one that takes another back. */
  fen: number;
  means: PaymentMeans;
  takenById: number;
  /** The name of whom it was paid to. */
  takenBy: string;
  /** The name of who wrote it down. */
  recordedBy: string;
  recordedAt: Date;
  reversesId: number | null;
  reason: string | null;
}

/** What families paid for each of these visits, in the order in which it was written. One statement. */
export async function paymentsOfVisits(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, FamilyPaymentFound[]>> {
  const payments = new Map<number, FamilyPaymentFound[]>(visitIds.map((id) => [id, []]));
  if (visitIds.length === 0) return payments;
  const rows: (Omit<FamilyPaymentFound, 'fen' | 'recordedAt' | 'reason'> &
    Record<'fen' | 'recordedAt', number | string> & { reasonSealed: string | null })[] = await manager.query(
    `SELECT payment.id, payment.visitId, payment.fen, payment.means, payment.takenById, taker.name AS takenBy,
            writer.name AS recordedBy, payment.recordedAt, payment.reversesId, payment.reasonSealed
       FROM family_payment payment
       JOIN account taker ON taker.id = payment.takenById
       JOIN account writer ON writer.id = payment.recordedById
      WHERE payment.visitId IN (${placeholders(visitIds)}) ORDER BY payment.visitId, payment.id`,
    [...visitIds],
  );
  const cipher = cipherOf(manager);
  for (const { fen, recordedAt, reasonSealed, ...row } of rows) {
    payments.get(row.visitId)?.push({
      ...row,
      fen: Number(fen),
      recordedAt: new Date(Number(recordedAt)),
      reason: reasonSealed === null ? null : cipher.decrypt(paymentReasonName, reasonSealed),
    });
  }
  return payments;
}

/** What families have paid for each of these visits, what was taken back left out, in fen. One statement. */
export async function paidOfVisits(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, number>> {
  if (visitIds.length === 0) return new Map();
  const rows: { visitId: number; fen: number | string }[] = await manager.query(
    `SELECT visitId, SUM(fen) AS fen FROM family_payment
      WHERE visitId IN (${placeholders(visitIds)}) GROUP BY visitId`,
    [...visitIds],
  );
  return new Map(rows.map(({ visitId, fen }) => [visitId, Number(fen)]));
}
