import type { EntityManager } from 'typeorm';
import { MealCard } from '../../entities/meals/meal-card.entity.js';
import { lockElder } from '../elders/find-elder.js';
import { maskedName } from '../elders/masked-name.rules.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';
import { isUuid } from '../shared/uuid.js';
import { cardStatusAfter } from './card.rules.js';
import { stopCard } from './find-card.js';
import { faultyField, type Heir, openHeir, sealHeir } from './heirs.js';
import { lockBalance, payOut, type SealedHeir } from './pay-out.js';

/** Why an account was not closed, in order of precedence: the first that applies is answered. */
export const accountRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'HEIR_INVALID',
  'ELDER_UNKNOWN',
  'REQUEST_ID_REUSED',
  'ACCOUNT_UNKNOWN',
  'ACCOUNT_CLOSED',
  'HEIR_REQUIRED',
  'ELDER_NOT_DECEASED',
] as const;
export type AccountRefusalCode = (typeof accountRefusalCodes)[number];
export type AccountRefusal = Refusal<AccountRefusalCode>;

export interface AccountClosing {
  /** A UUID; sending it again with the same content changes nothing. */
  requestId: string;
  elderId: number;
  /** Who gets the money after a death: needed then when there is any, and refused as long as no death is entered. */
  heir: Heir | null;
  byId: number;
  now: Date;
  /** An unused id for the payout and its posting. */
  id: number;
}

/** An account that was closed, and what was paid out at that. */
export interface ClosedAccount {
  elderId: number;
  paidOutFen: number;
  closedAt: Date;
  /** The name is masked; null when the elder got the money, or there was none. */
  heir: { name: string; relation: string } | null;
}

const texts: Record<Exclude<AccountRefusalCode, 'HEIR_INVALID'>, readonly [field: string, text: Text]> = {
  REQUEST_ID_MALFORMED: ['requestId', { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' }],
  ELDER_UNKNOWN: ['elderId', { zh: '没有这位老人的档案', en: 'There is no such elder' }],
  REQUEST_ID_REUSED: [
    'requestId',
    {
      zh: '该请求编号已用于其他内容，未作任何更改',
      en: 'The request id was used before with other content; nothing was written',
    },
  ],
  ACCOUNT_UNKNOWN: ['elderId', { zh: '该老人没有就餐账户', en: 'The elder has no meal account' }],
  ACCOUNT_CLOSED: [
    'elderId',
    { zh: '该账户已经注销，且没有余额', en: 'The account is closed already, and is empty' },
  ],
  HEIR_REQUIRED: [
    'heir',
    {
      zh: '老人已去世且账户有余额，须登记领取人',
      en: 'The elder has died and there is money: say who gets it',
    },
  ],
  ELDER_NOT_DECEASED: [
    'heir',
    {
      zh: '档案中没有登记老人去世，余额只能退给老人本人；如已去世，请先登记',
      en: 'No death is entered in the file, so the money is the elder’s own; enter the death first',
    },
  ],
};

function refuseAccount(code: keyof typeof texts): AccountRefusal {
  const [field, text] = texts[code];
  return refuse(code, text, [field]);
}

/**
 * Closes an elder's meal account: pays the whole balance out once, to the elder or after a death to an heir, and closes every
 * card, so that nothing is paid in or eaten any more. Who is alive and gets a new card later has the account opened
 * again by it. Money that comes back to a closed account, as when a meal is voided, is paid out by another closing,
 * which says anew who gets it.
 */
export async function closeMealAccount(
  manager: EntityManager,
  closing: AccountClosing,
  scope: Scope,
): Promise<ClosedAccount | AccountRefusal> {
  const { id, elderId, byId, now } = closing;
  const requestId = closing.requestId.toLowerCase();
  const heir = closing.heir && trimmed(closing.heir);
  if (!isUuid(requestId)) return refuseAccount('REQUEST_ID_MALFORMED');
  const fault = heir && faultyField(heir);
  if (fault) return refuseHeir(fault);
  const elder = await lockElder(manager, elderId, scope, dayOf(now));
  if (!elder) return refuseAccount('ELDER_UNKNOWN');
  const earlier = await earlierAnswer(manager, { requestId, elderId, heir });
  if (earlier) return earlier;
  const cards = await lockCards(manager, elderId);
  const account = await lockBalance(manager, elderId);
  if (!account) return refuseAccount('ACCOUNT_UNKNOWN');
  const fen = account.balanceFen;
  if (fen === 0 && (await isAccountClosed(manager, elderId))) return refuseAccount('ACCOUNT_CLOSED');
  if (elder.status === 'DECEASED' && fen > 0 && !heir) return refuseAccount('HEIR_REQUIRED');
  if (elder.status !== 'DECEASED' && heir) return refuseAccount('ELDER_NOT_DECEASED');
  await closeCards(manager, cards, now);
  // One closing of an account is in force; an earlier one that paid out less than all stays on record.
  await reopenAccount(manager, elderId);
  const payout = { id, requestId, kind: 'CLOSING', elderId, cardId: null, fen, byId, now } as const;
  const sealed = heir ? { heir: sealHeir(cipherOf(manager), heir) } : {};
  await payOut(manager, { ...payout, ...sealed }, account.id);
  return { elderId, paidOutFen: fen, closedAt: now, heir: heir && shown(heir) };
}

function refuseHeir(field: keyof Heir): AccountRefusal {
  const text = {
    zh: '须填写，且不得过长或含控制字符',
    en: 'is empty, too long, or holds a control character',
  };
  return refuse('HEIR_INVALID', text, ['heir', field]);
}

function trimmed({ name, relation, documentReference }: Heir): Heir {
  return { name: name.trim(), relation: relation.trim(), documentReference: documentReference.trim() };
}

function shown({ name, relation }: Heir): ClosedAccount['heir'] {
  return { name: maskedName(name), relation };
}

/** True from the closing until a new card opens the account again. */
export async function isAccountClosed(manager: EntityManager, elderId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query('SELECT id FROM balance_payout WHERE closedElderId = ?', [
    elderId,
  ]);
  return rows.length > 0;
}

/** A new card was issued, or money came back. The closing stays on record. */
export async function reopenAccount(manager: EntityManager, elderId: number): Promise<void> {
  await manager.query('UPDATE balance_payout SET closedElderId = NULL WHERE closedElderId = ?', [elderId]);
}

/** The answer to a request id that was used before; undefined when it is new. */
async function earlierAnswer(
  manager: EntityManager,
  { requestId, elderId, heir }: Pick<AccountClosing, 'requestId' | 'elderId' | 'heir'>,
): Promise<ClosedAccount | AccountRefusal | undefined> {
  const rows: StoredClosing[] = await manager.query(
    `SELECT elderId, kind, fen, at, heirNameSealed, heirRelation, heirDocumentSealed
       FROM balance_payout WHERE requestId = ?`,
    [requestId],
  );
  const [row] = rows;
  if (!row) return undefined;
  const stored = row.heirNameSealed === null ? null : openHeir(cipherOf(manager), row);
  const isSame =
    row.kind === 'CLOSING' &&
    row.elderId === elderId &&
    stored?.name === heir?.name &&
    stored?.relation === heir?.relation &&
    stored?.documentReference === heir?.documentReference;
  if (!isSame) return refuseAccount('REQUEST_ID_REUSED');
  const closedAt = new Date(Number(row.at));
  return { elderId, paidOutFen: Number(row.fen), closedAt, heir: stored && shown(stored) };
}

type StoredClosing = { [Column in keyof SealedHeir]: string | null } & {
  elderId: number;
  kind: string;
  fen: number | string;
  at: number | string;
};

/** Behind the elder, whom the caller has locked; swipes wait here. */
async function lockCards(manager: EntityManager, elderId: number): Promise<MealCard[]> {
  await manager.query(`SELECT id FROM meal_card WHERE elderId = ? ORDER BY id${forUpdate(manager)}`, [
    elderId,
  ]);
  return manager.findBy(MealCard, { elderId });
}

async function closeCards(manager: EntityManager, cards: readonly MealCard[], now: Date): Promise<void> {
  for (const card of cards) {
    const status = cardStatusAfter(card.status, 'CLOSE');
    if (status) await stopCard(manager, card, status, now);
  }
}
