import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { enrolledReader, type ReaderRefusalCode, revokeTokens } from './enrolled-reader.js';
import type { OpenedAccount } from './open-account.js';
import { hashToken, newToken } from './tokens.js';

/** 30 days: a key that nobody has entered by then is not going to be. */
export const overlapMinutesMax = 43_200;

export type RotateReaderRefusalCode = ReaderRefusalCode | 'OVERLAP_OUT_OF_RANGE';

export interface Rotation {
  accountId: number;
  /** How long the old key goes on working beside the new one; 0 for a reader that was lost. */
  overlapMinutes: number;
  now: Date;
}

/** Gives a reader a new key; the old ones stop by themselves when the overlap is over. */
export async function rotateReader(
  manager: EntityManager,
  { accountId, overlapMinutes, now }: Rotation,
  scope: Scope,
): Promise<OpenedAccount | Refusal<RotateReaderRefusalCode>> {
  const reader = await enrolledReader(manager, accountId, now, scope);
  if (typeof reader !== 'string') return reader;
  if (!Number.isInteger(overlapMinutes) || overlapMinutes < 0 || overlapMinutes > overlapMinutesMax) {
    const text = {
      zh: `并用时间须为 0 至 ${overlapMinutesMax} 分钟`,
      en: `The overlap is 0 to ${overlapMinutesMax} minutes`,
    };
    return refuse('OVERLAP_OUT_OF_RANGE', text, ['overlapMinutes']);
  }
  await revokeTokens(manager, accountId, new Date(now.getTime() + overlapMinutes * 60_000));
  const token = newToken();
  await insertRows(
    manager,
    'access_token',
    ['accountId', 'hash', 'createdAt'],
    [[accountId, hashToken(token), now.getTime()]],
  );
  return { accountId, token };
}
