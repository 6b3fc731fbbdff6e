import type { EntityManager } from 'typeorm';
import { MealCard } from '../../entities/meals/meal-card.entity.js';
import { lockElder } from '../elders/find-elder.js';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { isDuplicateKey } from '../shared/database.js';
import { isCardUid, normalizedCardUid } from './card.rules.js';
import { type CardRefusal, refuseCard } from './card-refusals.js';
import { reopenAccount } from './close-meal-account.js';
import { asOf } from './find-card.js';
import { openLedgerAccounts } from './ledger.js';

export interface CardIssue {
  elderId: number;
  uid: string;
  /** The first day on which it no longer pays; null for a card without an end. */
  expiresOn?: Day | null;
}

/**
 * Gives an elder who has no active card one, and with the first card an account of zero fen. An account that was
 * closed is opened again by it.
 *
 * The uid, which the chip had before anybody asked, is what makes a retry harmless: asking again for the
 * card that this elder already holds is answered with that card. Refusals come in the order of
 * cardRefusalCodes and write nothing.
 */
export async function issueCard(
  manager: EntityManager,
  issue: CardIssue,
  scope: Scope,
  today: Day,
): Promise<MealCard | CardRefusal> {
  const uid = normalizedCardUid(issue.uid);
  if (!isCardUid(uid)) return refuseCard('UID_MALFORMED', ['uid']);
  const elder = await lockElder(manager, issue.elderId, scope, today);
  if (!elder) return refuseCard('ELDER_UNKNOWN', ['elderId']);
  const active = await manager.findOneBy(MealCard, { activeElderId: elder.id });
  if (active?.uid === uid) return asOf(active, today);
  if (elder.status !== 'ACTIVE') return refuseCard('ELDER_NOT_ACTIVE', ['elderId']);
  if (active) return refuseCard('ELDER_HAS_CARD', ['elderId']);
  const expiresOn = issue.expiresOn ?? null;
  if (expiresOn !== null && expiresOn <= today) return refuseCard('DAY_OUT_OF_RANGE', ['expiresOn']);
  const taken = refuseCard('UID_TAKEN', ['uid']);
  if (await manager.existsBy(MealCard, { uid })) return taken;
  try {
    const card = await insertActiveCard(manager, { elderId: elder.id, uid, expiresOn, today });
    await openLedgerAccounts(manager, [{ kind: 'ELDER', ownerId: elder.id }]);
    await reopenAccount(manager, elder.id);
    return card;
  } catch (error) {
    // The elder is locked, so nobody else opens this account; the uid went to another elder just now.
    if (isDuplicateKey(error)) return taken;
    throw error;
  }
}

/** @throws a duplicate-key error when the uid is registered or the elder has an active card */
export async function insertActiveCard(
  manager: EntityManager,
  { elderId, uid, expiresOn, today }: { elderId: number; uid: string; expiresOn: Day | null; today: Day },
): Promise<MealCard> {
  const card = manager.create(MealCard, {
    uid,
    elderId,
    activeElderId: elderId,
    status: 'ACTIVE',
    issuedOn: today,
    expiresOn,
    stoppedAt: null,
  });
  await manager.insert(MealCard, card);
  return card;
}
