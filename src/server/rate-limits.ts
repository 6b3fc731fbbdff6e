import { HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { Buckets } from '../access/buckets.js';
import { networkOf } from '../access/network-of.rules.js';
import { limitedObjects, ObjectLimits } from '../access/object-limits.js';
import type { Settings } from '../config/settings.js';
import type { Database } from '../shared/database.js';
import type { Language } from '../shared/text.js';
import type { RequestContext } from './context.js';

/** So many seconds' worth may come at once. */
const burstSeconds = 10;

const downloadCost = 10;

/** What costs as much as a file does: a page of up to 5,000 cards, compressed and signed. */
const costly = new Set(['readerSnapshot']);

/** A refusal costs its caller nothing, so the audit log takes no more of one account's than this. */
const oneAMinute = { burst: 1, perSecond: 1 / 60 };

/** What counts for nothing: a swipe is a reader's work, and `viewer` costs only the look at the key. */
const free = new Set(['recordSwipe', 'recordSwipes', 'viewer', '__typename']);

/** The limits of one server; docs/decisions/0010 says why each is kept where it is. */
export class RateLimits {
  private readonly objects: ObjectLimits;
  private readonly accounts: Buckets;
  private readonly addresses: Buckets;
  private readonly notes = new Buckets(oneAMinute);

  constructor(settings: Settings, database: Database) {
    const { callerRatePerSecond, addressRatePerSecond, objectRatePerMinute } = settings;
    this.accounts = new Buckets(withBurst(callerRatePerSecond));
    this.addresses = new Buckets(withBurst(addressRatePerSecond));
    this.objects = new ObjectLimits(database, {
      burst: objectRatePerMinute,
      perSecond: objectRatePerMinute / 60,
    });
  }

  /** Refuses an address that asks too often without a key that anybody was given. */
  chargeAddress(address: string, language: Language): void {
    const retryAfterMs = this.addresses.charge(networkOf(address), Date.now());
    if (retryAfterMs !== null) throw rateLimited(retryAfterMs, language, 429);
  }

  /** Refuses an account that asks too often. Every field that the operation begins with counts as one. */
  async chargeAccount(context: RequestContext, operation: OperationDefinitionNode): Promise<void> {
    await this.chargeCaller(context, costOf(operation), firstFieldOf(operation));
  }

  /** Refuses an account that downloads too often: a file costs what ten fields do. */
  async chargeDownload(context: RequestContext, operation: string): Promise<void> {
    await this.chargeCaller(context, downloadCost, operation);
  }

  private async chargeCaller(context: RequestContext, cost: number, operation: string): Promise<void> {
    const { caller, language } = context;
    if (!caller) return;
    const retryAfterMs = this.accounts.charge(caller.accountId, Date.now(), cost);
    if (retryAfterMs === null) return;
    await this.note(context, operation);
    throw rateLimited(retryAfterMs, language, 429);
  }

  /** Refuses what is done to an object too often. */
  async chargeObject(
    context: RequestContext,
    operation: string,
    args: Record<string, unknown>,
  ): Promise<void> {
    const limited = limitedObjects[operation];
    if (!limited) return;
    const retryAfterMs = await this.objects.charge(limited.kind, String(args[limited.argument]), Date.now());
    if (retryAfterMs === null) return;
    await this.note(context, operation, args);
    throw rateLimited(retryAfterMs, context.language);
  }

  /** Leaves a record of the refusal, the first in a minute of each account. */
  private async note({ audit, accountId }: RequestContext, operation: string, args?: unknown): Promise<void> {
    if (this.notes.charge(accountId, Date.now()) === null)
      await audit.refused(operation, 'RATE_LIMITED', args);
  }
}

function withBurst(perSecond: number) {
  return { perSecond, burst: perSecond * burstSeconds };
}

function firstFieldOf({ selectionSet }: OperationDefinitionNode): string {
  const [first] = selectionSet.selections;
  return first?.kind === 'Field' ? first.name.value : 'graphql';
}

function costOf({ selectionSet }: OperationDefinitionNode): number {
  let cost = 0;
  for (const selection of selectionSet.selections) {
    const name = selection.kind === 'Field' ? selection.name.value : undefined;
    if (name !== undefined && costly.has(name)) cost += downloadCost;
    else if (name === undefined || !free.has(name)) cost += 1;
  }
  return cost;
}

/** @param status the HTTP status, when the whole request is refused rather than a field of it */
function rateLimited(retryAfterMs: number, language: Language, status?: number): GraphQLError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const message = {
    zh: `请求过于频繁,请在 ${seconds} 秒后重试`,
    en: `Too many requests; try again in ${seconds} s`,
  }[language];
  const http: HTTPGraphQLHead = { headers: new HeaderMap([['retry-after', String(seconds)]]) };
  if (status !== undefined) http.status = status;
  // Another package has told the compiler that headers are a record; Apollo, which reads them, wants its map.
  const forApollo: Record<string, unknown> = { http };
  return new GraphQLError(message, {
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds, ...forApollo },
  });
}
