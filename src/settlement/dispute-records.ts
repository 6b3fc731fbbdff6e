import type { EntityManager } from 'typeorm';
import { erasedText } from '../elders/erasure.rules.js';
import { placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';

/** Where the disputes about an elder are found. */
export interface DisputesAbout {
  /** SQL from FROM on, with the dispute as `d` and one question mark for the elder. */
  from: string;
  /** The column that says what the disputed line is about, such as `p.visitId`. */
  about: string;
}

type Row = Record<string, number | string | null>;

/** What was said for and against lines about the elder, as its file is exported. */
export async function disputesOf(
  manager: EntityManager,
  { from, about }: DisputesAbout,
  elderId: number,
): Promise<Row[]> {
  const rows: Row[] = await manager.query(
    `SELECT ${about}, d.reason, d.raisedAt, d.answer, d.decision, d.decisionReason, d.decidedAt
       ${from} ORDER BY d.id`,
    [elderId],
  );
  const instant = (ms: number | string | null | undefined) =>
    ms === null || ms === undefined ? null : new Date(Number(ms)).toISOString();
  return rows.map(({ raisedAt, decidedAt, ...row }) => ({
    ...row,
    raisedAt: instant(raisedAt),
    decidedAt: instant(decidedAt),
  }));
}

/** Names a dispute that waits for its decision, if there is one: no file is erased before. */
export async function openDisputes(
  manager: EntityManager,
  { from }: DisputesAbout,
  elderId: number,
): Promise<Text[]> {
  const rows: unknown[] = await manager.query(`SELECT d.id ${from} AND d.decision IS NULL LIMIT 1`, [
    elderId,
  ]);
  return rows.length > 0 ? [{ zh: '待决定的争议', en: 'a dispute that waits for its decision' }] : [];
}

/** The ids are read first: few lines of all are disputed, and none is looked through. */
export async function eraseDisputes(
  manager: EntityManager,
  { from }: DisputesAbout,
  elderId: number,
): Promise<void> {
  const rows: { id: number | string }[] = await manager.query(`SELECT d.id ${from}`, [elderId]);
  const ids = rows.map(({ id }) => Number(id));
  if (ids.length === 0) return;
  await manager.query(
    `UPDATE statement_dispute
        SET reason = ?, answer = CASE WHEN answer IS NULL THEN NULL ELSE ? END,
            decisionReason = CASE WHEN decisionReason IS NULL THEN NULL ELSE ? END
      WHERE id IN (${placeholders(ids)})`,
    [erasedText, erasedText, erasedText, ...ids],
  );
}
