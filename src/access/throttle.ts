import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { networkOf } from './network-of.rules.js';
import { afterTry, forgottenAfterMs, type Pace, type Tries } from './throttle.rules.js';

/**
 * Whose tries are counted together: a user name, whether anybody has it or not, a network of one hand, or a phone, by its
 * hash, from which codes are asked for or given.
 */
export type TriesOf =
  | { userName: string }
  | { address: string }
  | { codesAskedFor: string }
  | { codesGiven: string };

/**
 * Counts a try before it is looked at, so that a hundred at once are a hundred; false when it comes too
 * early. The row stays locked until the transaction ends, on every server.
 */
export async function countTry(manager: EntityManager, of: TriesOf, pace: Pace, now: Date): Promise<boolean> {
  const subject = subjectOf(of);
  const rows: Record<keyof Tries, number | string>[] = await manager.query(
    `SELECT tries, lastAt, blockedUntil FROM sign_in_throttle WHERE subject = ?${forUpdate(manager)}`,
    [subject],
  );
  const [row] = rows;
  const before = row && {
    tries: Number(row.tries),
    lastAt: Number(row.lastAt),
    blockedUntil: Number(row.blockedUntil),
  };
  const after = afterTry(before, pace, now.getTime());
  if (!after) return false;
  if (before) {
    await manager.query(
      'UPDATE sign_in_throttle SET tries = ?, lastAt = ?, blockedUntil = ? WHERE subject = ?',
      [after.tries, after.lastAt, after.blockedUntil, subject],
    );
  } else await insertTry(manager, subject, after);
  return true;
}

/** Tries that are forgotten make room, so that names which nobody has do not fill the table. */
async function insertTry(manager: EntityManager, subject: string, after: Tries): Promise<void> {
  await manager.query('DELETE FROM sign_in_throttle WHERE lastAt < ?', [after.lastAt - forgottenAfterMs]);
  await insertRows(
    manager,
    'sign_in_throttle',
    ['subject', 'tries', 'lastAt', 'blockedUntil'],
    [[subject, after.tries, after.lastAt, after.blockedUntil]],
  );
}

/** After a proof of identity: the account's tries are forgotten, and the one that it was is given back to the address. */
export async function forgiveTries(
  manager: EntityManager,
  userName: string,
  address?: string,
): Promise<void> {
  if (address !== undefined) {
    const subject = subjectOf({ address });
    await manager.query('UPDATE sign_in_throttle SET tries = tries - 1 WHERE subject = ? AND tries > 1', [
      subject,
    ]);
  }
  await manager.query('DELETE FROM sign_in_throttle WHERE subject = ?', [subjectOf({ userName })]);
}

/** After a code opened a session: asking for it and giving it were no guessing. */
export async function forgiveCodeTries(
  manager: EntityManager,
  phoneHash: string,
  address: string,
): Promise<void> {
  await manager.query('UPDATE sign_in_throttle SET tries = tries - 2 WHERE subject = ? AND tries > 2', [
    subjectOf({ address }),
  ]);
  const subjects = [subjectOf({ codesAskedFor: phoneHash }), subjectOf({ codesGiven: phoneHash })];
  await manager.query('DELETE FROM sign_in_throttle WHERE subject IN (?, ?)', subjects);
}

const kinds = {
  userName: 'user name',
  address: 'address',
  codesAskedFor: 'codes for',
  codesGiven: 'codes of',
};

function subjectOf(of: TriesOf): string {
  const named = 'address' in of ? { address: networkOf(of.address) } : of;
  const text = Object.entries(named)
    .map(([kind, name]) => `${kinds[kind as keyof typeof kinds]} ${name}`)
    .join(' ');
  return createHash('sha256').update(text).digest('hex');
}
