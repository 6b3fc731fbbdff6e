import type { Caller } from '../src/access/caller.js';
import { scopeFor } from '../src/access/caller.js';
import {
  type IdentityLook,
  type IdentityLookObserver,
  identityScopeOf,
} from '../src/access/identity-looks.js';
import type { PersonalRecords } from '../src/elders/personal-records.js';
import type { CanteenTermsCache } from '../src/meals/canteen-terms.js';
import type { SwipeLimits } from '../src/meals/swipe.rules.js';
import type { TakesSwipes } from '../src/meals/swipe-intake.js';
import type { Scope } from '../src/network/scope.js';
import type { Clock } from '../src/shared/clock.js';
import type { Database } from '../src/shared/database.js';
import type { IdBlocks } from '../src/shared/ids.js';
import type { Language } from '../src/shared/text.js';
import { createLoaders, type Loaders } from './loaders/index.js';

/** What the process holds for all requests. */
export interface Services {
  database: Database;
  clock: Clock;
  ids: IdBlocks;
  intake: TakesSwipes;
  /** Prices, windows and rules for questions that write nothing. */
  canteenTerms: CanteenTermsCache;
  swipeLimits: SwipeLimits;
  /** The most that one top-up may be, in fen. */
  topUpFenMax: number;
  /** What the areas hold about an elder, for its export and its erasure. */
  personalRecords: readonly PersonalRecords[];
  /** How many days after its end an elder's file is kept. */
  elderRetentionDays: number;
  /** Is told of every look at a whole identity. Where nobody is told, nobody sees one. */
  identityLooks?: IdentityLookObserver;
}

/** One per request: who is calling, in which language, at what instant, and its loaders. */
export class Context {
  /** Every rule of one request sees the same instant. */
  readonly now: Date;
  private made: Loaders | undefined;

  constructor(
    readonly services: Services,
    /** Undefined when the request carried no token, or one that nobody was ever given. */
    readonly caller: Caller | undefined,
    readonly language: Language,
  ) {
    this.now = services.clock.now();
  }

  get database(): Database {
    return this.services.database;
  }

  /** Made when first asked for: a swipe needs none of them. */
  get loaders(): Loaders {
    this.made ??= createLoaders(this);
    return this.made;
  }

  /** What was loaded before a change must not answer after it. */
  forgetLoaders(): void {
    this.made = undefined;
  }

  /** Where the caller sees identities whole. */
  get identityScope(): Scope {
    return this.caller && this.services.identityLooks ? identityScopeOf(this.caller) : [];
  }

  /** Tells of looks at whole identities; before they are answered. */
  async noteIdentityLooks(looks: readonly Pick<IdentityLook, 'elderId' | 'field'>[]): Promise<void> {
    if (looks.length === 0) return;
    const { identityLooks } = this.services;
    if (!identityLooks) throw new Error('an identity would be shown of which nobody is told');
    const { accountId, now } = this;
    await identityLooks.looked(looks.map(({ elderId, field }) => ({ accountId, elderId, field, at: now })));
  }

  /** Where the caller may ask `operation`; the guard has already refused those who may nowhere. */
  scopeFor(operation: string): Scope {
    return this.caller ? scopeFor(this.caller, operation) : [];
  }

  /** The caller's account; only behind the guard. */
  get accountId(): number {
    if (!this.caller) throw new Error('a resolver without a caller ran: the guard did not stand before it');
    return this.caller.accountId;
  }
}
