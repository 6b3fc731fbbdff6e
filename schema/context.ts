import type { Caller } from '../src/access/caller.js';
import { scopeFor } from '../src/access/caller.js';
import type { Asker } from '../src/access/grants.js';
import type { StaffAccess } from '../src/access/staff-access.js';
import type { CanteenTermsCache } from '../src/meals/canteen-terms.js';
import type { SwipeLimits } from '../src/meals/swipe.rules.js';
import type { TakesSwipes } from '../src/meals/swipe-intake.js';
import type { Scope } from '../src/network/scope.js';
import { dayOf } from '../src/shared/china-time.js';
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
  /** How people sign in. */
  staff: StaffAccess;
}

/** One per request: who is calling, in which language, at what instant, and its loaders. */
export class Context {
  /** Every rule of one request sees the same instant. */
  readonly now: Date;
  private made: Loaders | undefined;
  private passwordTried = false;

  constructor(
    readonly services: Services,
    /** Undefined when the request carried no token, or one that nobody was ever given. */
    readonly caller: Caller | undefined,
    readonly language: Language,
    /** Where the request comes from, as the server saw it. */
    readonly address = 'unknown',
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

  /** Where the caller may ask `operation`; the guard has already refused those who may nowhere. */
  scopeFor(operation: string): Scope {
    return this.caller ? scopeFor(this.caller, operation) : [];
  }

  /** The caller's account; only behind the guard. */
  get accountId(): number {
    if (!this.caller) throw new Error('a resolver without a caller ran: the guard did not stand before it');
    return this.caller.accountId;
  }

  /** Who asks about accounts: at the machine's time, and by the tree as the business clock has it. */
  get asker(): Asker {
    if (!this.caller) throw new Error('a resolver without a caller ran: the guard did not stand before it');
    return { caller: this.caller, now: this.services.staff.clock.now(), today: dayOf(this.now) };
  }

  /**
   * True once in a request: an operation may show one password or refresh token. Aliases would make a
   * thousand tries of one request.
   */
  takeTry(): boolean {
    const first = !this.passwordTried;
    this.passwordTried = true;
    return first;
  }
}
