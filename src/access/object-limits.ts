import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type Database, forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { Buckets } from './buckets.js';
import { charge, type Rate } from './rate.rules.js';

/**
 * The operations that are about one object which somebody could wear down or try out, and the argument that
 * names it. A swipe is not among them, for a limit would refuse a meal, and it is decided once for each id and meal
 * however often it is sent; nor is the report of a lost card, which must always get through; nor a sign-in, whose
 * wrong tries the throttle counts by account and by network, and which right ones must not use up.
 */
export const limitedObjects: Readonly<Record<string, { kind: string; argument: string }>> = {
  previewSwipe: { kind: 'card', argument: 'cardUid' },
  topUpCard: { kind: 'card', argument: 'cardUid' },
  refundCard: { kind: 'card', argument: 'cardUid' },
  replaceCard: { kind: 'card', argument: 'cardUid' },
  issueCard: { kind: 'card', argument: 'uid' },
};

/** What one server lets through by itself before it asks the bucket that all servers share. */
const unsharedBurst = 10;
const unsharedPart = 0.1;

const sharedChargesPerSweep = 1_000;

/**
 * Limits how often anything is done to one object, on all servers together. The usual few times cost nothing:
 * only an object that this server was asked about often goes to the database, and one that was refused there is
 * refused from memory until its time is over.
 */
export class ObjectLimits {
  private readonly unshared: Buckets;
  private readonly refusedUntilMs = new Map<string, number>();
  private charges = 0;

  constructor(
    private readonly database: Database,
    private readonly rate: Rate,
  ) {
    this.unshared = new Buckets({ burst: unsharedBurst, perSecond: rate.perSecond * unsharedPart });
  }

  /** Null when it may be done now, else after how many milliseconds. */
  async charge(kind: string, name: string, nowMs: number): Promise<number | null> {
    if (this.rate.perSecond === 0) return null;
    const bucketKey = keyOf(kind, name);
    const refusedForMs = (this.refusedUntilMs.get(bucketKey) ?? nowMs) - nowMs;
    if (refusedForMs > 0) return refusedForMs;
    this.refusedUntilMs.delete(bucketKey);
    if (this.unshared.charge(bucketKey, nowMs) === null) return null;
    const sweeping = this.charges++ % sharedChargesPerSweep === 0;
    const retryAfterMs = await this.database.write(async (manager) => {
      if (sweeping) await manager.query('DELETE FROM rate_bucket WHERE fullAt < ?', [nowMs]);
      return chargeShared(manager, bucketKey, nowMs, this.rate);
    });
    if (retryAfterMs !== null) this.remember(bucketKey, nowMs + retryAfterMs, nowMs);
    return retryAfterMs;
  }

  private remember(bucketKey: string, untilMs: number, nowMs: number): void {
    if (this.refusedUntilMs.size > sharedChargesPerSweep) {
      for (const [key, until] of this.refusedUntilMs) if (until <= nowMs) this.refusedUntilMs.delete(key);
    }
    this.refusedUntilMs.set(bucketKey, untilMs);
  }
}

/** A card's number is nobody's business in this table, and what a caller writes may be long. */
function keyOf(kind: string, name: string): string {
  return createHash('sha256').update(`${kind}:${name.trim().toUpperCase()}`).digest('hex');
}

/** The bucket that all servers share: its row is locked, looked at and written. */
async function chargeShared(
  manager: EntityManager,
  bucketKey: string,
  nowMs: number,
  rate: Rate,
): Promise<number | null> {
  const rows: { fullAt: number | string }[] = await manager.query(
    `SELECT fullAt FROM rate_bucket WHERE bucketKey = ?${forUpdate(manager)}`,
    [bucketKey],
  );
  const [row] = rows;
  const { fullAtMs, retryAfterMs } = charge(row && Number(row.fullAt), nowMs, rate);
  if (retryAfterMs !== null) return retryAfterMs;
  const fullAt = Math.ceil(fullAtMs);
  if (row) await manager.query('UPDATE rate_bucket SET fullAt = ? WHERE bucketKey = ?', [fullAt, bucketKey]);
  else await insertRows(manager, 'rate_bucket', ['bucketKey', 'fullAt'], [[bucketKey, fullAt]]);
  return null;
}
