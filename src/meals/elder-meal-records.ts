import type { EntityManager } from 'typeorm';
import { erasedText } from '../elders/erasure.rules.js';
import type { PersonalRecords } from '../elders/personal-records.js';
import {
  type DisputesAbout,
  disputesOf,
  eraseDisputes,
  openDisputes,
} from '../settlement/dispute-records.js';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { openHeir } from './heirs.js';
import { lockBalance } from './pay-out.js';

/** What meals keep about an elder: cards, swipes, money paid in, and the account. */
export const elderMealRecords: PersonalRecords = {
  name: 'meals',

  async collect(manager, elderId) {
    const ask = async (sql: string, parameters = [elderId]) =>
      (await manager.query(sql, parameters)).map(readable) as object[];
    return {
      cards: await ask(
        `SELECT uid, status, CAST(issuedOn AS CHAR) AS issuedOn, CAST(expiresOn AS CHAR) AS expiresOn
           FROM meal_card WHERE elderId = ? ORDER BY id`,
      ),
      cardReplacements: await ask(
        `SELECT old.uid AS oldUid, new.uid AS newUid, r.at
           FROM card_replacement r
           JOIN meal_card old ON old.id = r.oldCardId JOIN meal_card new ON new.id = r.newCardId
          WHERE old.elderId = ? ORDER BY r.id`,
      ),
      topUps: await ask(
        `SELECT t.requestId, c.uid AS cardUid, t.fen, t.at
           FROM top_up t JOIN meal_card c ON c.id = t.cardId WHERE c.elderId = ? ORDER BY t.id`,
      ),
      swipes: await ask(
        `SELECT s.swipeId, s.cardUid, f.code AS canteenCode, s.swipedAt, s.receivedAt, CAST(s.mealDate AS CHAR) AS mealDate, s.meal, s.mode, s.menu,
                s.offline, s.outcome, s.reviewReason, s.grossFen, s.subsidyFen, s.discountFen, s.selfPaidFen,
                s.balanceFen, s.voidedAt, s.voidReason
           FROM swipe s JOIN facility f ON f.id = s.canteenId WHERE s.elderId = ? ORDER BY s.id`,
      ),
      reviews: await ask(
        `SELECT s.swipeId, r.number, r.reason, r.doubtedFen, r.withdrawn, r.bornBy, f.name AS funder, r.note, r.decidedAt
           FROM swipe s JOIN swipe_review r ON r.swipeRowId = s.id LEFT JOIN funder f ON f.id = r.funderId
          WHERE s.elderId = ? ORDER BY s.id, r.number`,
      ),
      disputes: await disputesOf(manager, disputes, elderId),
      fraudFlags: await ask(
        'SELECT rule, CAST(day AS CHAR) AS day, state, foundAt FROM fraud_flag WHERE elderId = ? ORDER BY id',
      ),
      payouts: await collectPayouts(manager, elderId),
      account: await ask("SELECT balanceFen FROM ledger_account WHERE kind = 'ELDER' AND ownerId = ?"),
      ledgerEntries: await ask(
        `SELECT p.kind, CAST(p.bookedOn AS CHAR) AS bookedOn, p.postedAt, n.fen
           FROM ledger_account a
           JOIN ledger_entry n ON n.accountId = a.id JOIN ledger_posting p ON p.id = n.postingId
          WHERE a.kind = 'ELDER' AND a.ownerId = ? ORDER BY p.id, n.line`,
      ),
    };
  },

  async unsettled(manager, elderId) {
    // Behind these locks, in the order of everybody else's, nobody decides, swipes or pays in.
    await manager.query(`SELECT id FROM meal_card WHERE elderId = ?${forUpdate(manager)}`, [elderId]);
    const { balanceFen = 0 } = (await lockBalance(manager, elderId)) ?? {};
    const hasRows = async (sql: string) => ((await manager.query(sql, [elderId])) as unknown[]).length > 0;
    const hasReview = await hasRows(
      `SELECT r.id FROM swipe s JOIN swipe_review r ON r.swipeRowId = s.id
        WHERE s.elderId = ? AND r.openCanteenId IS NOT NULL LIMIT 1`,
    );
    return [
      ...(balanceFen === 0 ? [] : [{ zh: '账户余额', en: 'money on the meal account' }]),
      ...(hasReview ? [{ zh: '待决定的复核', en: 'a review that waits for its decision' }] : []),
      ...(await openDisputes(manager, disputes, elderId)),
    ];
  },

  async erase(manager, elderId) {
    const cards: { id: number; uid: string }[] = await manager.query(
      `SELECT id, uid FROM meal_card WHERE elderId = ?${forUpdate(manager)}`,
      [elderId],
    );
    for (const card of cards) await eraseCard(manager, elderId, card);
    // Why a swipe was voided is free text, and may name the person.
    await manager.query('UPDATE swipe SET voidReason = ? WHERE elderId = ? AND voidReason IS NOT NULL', [
      erasedText,
      elderId,
    ]);
    await manager.query(
      'UPDATE swipe_review SET note = ? WHERE note IS NOT NULL AND swipeRowId IN (SELECT id FROM swipe WHERE elderId = ?)',
      [erasedText, elderId],
    );
    await eraseDisputes(manager, disputes, elderId);
    await manager.query(
      'UPDATE fraud_flag_event SET note = ? WHERE note IS NOT NULL AND flagId IN (SELECT id FROM fraud_flag WHERE elderId = ?)',
      [erasedText, elderId],
    );
    // An heir is known by this file alone, so nothing of the heir is kept longer than it.
    await manager.query(
      'UPDATE balance_payout SET heirNameSealed = NULL, heirRelation = NULL, heirDocumentSealed = NULL WHERE elderId = ?',
      [elderId],
    );
  },
};

/** What was said for and against a meal. */
const disputes: DisputesAbout = {
  about: 's.swipeId',
  from: 'FROM swipe s JOIN statement_dispute d ON d.sourceId = s.id WHERE s.elderId = ?',
};

/** Money paid out, with the heir in plain text: the export is the elder's own file. */
async function collectPayouts(manager: EntityManager, elderId: number): Promise<object[]> {
  const rows: PayoutRow[] = await manager.query(
    `SELECT requestId, kind, fen, at, heirNameSealed, heirRelation, heirDocumentSealed
       FROM balance_payout WHERE elderId = ? ORDER BY id`,
    [elderId],
  );
  return rows.map(({ heirNameSealed, heirRelation, heirDocumentSealed, ...payout }) => ({
    ...readable(payout),
    heir:
      heirNameSealed === null
        ? null
        : openHeir(cipherOf(manager), { heirNameSealed, heirRelation, heirDocumentSealed }),
  }));
}

interface PayoutRow extends Record<string, unknown> {
  heirNameSealed: string | null;
  heirRelation: string | null;
  heirDocumentSealed: string | null;
}

/** No chip answers so, for it is not hexadecimal. */
const erasedUid = (cardId: number) => `ERASED-${cardId}`;

async function eraseCard(
  manager: EntityManager,
  elderId: number,
  { id, uid }: { id: number; uid: string },
): Promise<void> {
  await manager.query(
    `UPDATE meal_card
        SET uid = ?, activeElderId = NULL, status = CASE status WHEN 'ACTIVE' THEN 'CLOSED' ELSE status END,
            stoppedAt = COALESCE(stoppedAt, 0)
      WHERE id = ?`,
    [erasedUid(id), id],
  );
  // Taps from before the card was issued have no elder. Two statements, because an OR would read every swipe.
  for (const [owner, parameters] of [
    ['elderId = ?', [elderId]],
    ['elderId IS NULL', []],
  ] as const) {
    await manager.query(`UPDATE swipe SET cardUid = ? WHERE ${owner} AND cardUid = ?`, [
      erasedUid(id),
      ...parameters,
      uid,
    ]);
  }
}

/** Instants stand in the columns that end in At, and in one called at; sums come as text from one of the engines. */
function readable(row: Record<string, unknown>): Record<string, unknown> {
  const values = Object.entries(row).map(([name, value]) => {
    if (value === null) return [name, null];
    if (/(^a|A)t$/.test(name)) return [name, new Date(Number(value)).toISOString()];
    if (/(^f|F)en$/.test(name)) return [name, Number(value)];
    return [name, name === 'offline' || name === 'withdrawn' ? Boolean(value) : value];
  });
  return Object.fromEntries(values);
}
