import type { CardStatus } from '../../entities/meals/meal-card.entity.js';
import { type Day, dayOf } from '../shared/china-time.js';

/** The uid as it is stored: no spaces around it, hexadecimal letters in upper case. */
export function normalizedCardUid(text: string): string {
  return text.trim().toUpperCase();
}

/** True for what a card's chip can answer a reader: 4 to 10 bytes as 8 to 20 upper-case hexadecimal digits. */
export function isCardUid(text: string): boolean {
  return /^[0-9A-F]{8,20}$/.test(text);
}

/** What people do to a card. */
export const cardActions = ['REPORT_LOST', 'REPLACE', 'CLOSE'] as const;
export type CardAction = (typeof cardActions)[number];

/**
 * The life of a card: what each action makes of each status. What is not here cannot be done. A card that
 * was found again stays lost: nobody knows what was copied meanwhile, so it is replaced. No action makes a card
 * expire: it is expired from its last day on, as `cardStatusOn` tells. A card is closed with its account.
 */
export const cardTransitions: Readonly<
  Record<CardStatus, Readonly<Partial<Record<CardAction, CardStatus>>>>
> = {
  ACTIVE: { REPORT_LOST: 'LOST', REPLACE: 'REPLACED', CLOSE: 'CLOSED' },
  LOST: { REPLACE: 'REPLACED', CLOSE: 'CLOSED' },
  REPLACED: {},
  EXPIRED: { REPLACE: 'REPLACED', CLOSE: 'CLOSED' },
  CLOSED: {},
};

/** The status after the action; undefined when the status does not allow it. */
export function cardStatusAfter(status: CardStatus, action: CardAction): CardStatus | undefined {
  return cardTransitions[status][action];
}

/** True for a tap that the card pays for: one before it stopped, and before the day on which it expires. */
export function paysAt(
  { stoppedAt, expiresOn }: { stoppedAt: Date | null; expiresOn: Day | null },
  at: Date,
): boolean {
  return (stoppedAt === null || at < stoppedAt) && (expiresOn === null || dayOf(at) < expiresOn);
}

/** A card that is active in the database has expired from the day on that it says. */
export function cardStatusOn(
  { status, expiresOn }: { status: CardStatus; expiresOn: Day | null },
  day: Day,
): CardStatus {
  return status === 'ACTIVE' && expiresOn !== null && day >= expiresOn ? 'EXPIRED' : status;
}
