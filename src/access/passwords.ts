import { hash, type Options, verify } from '@node-rs/argon2';
import { passwordKept } from './password.rules.js';

/** What one password costs to try. */
export interface PasswordCost {
  memoryKibibytes: number;
  passes: number;
  lanes: number;
}

/** OWASP's password storage cheat sheet for argon2id: 19 MiB, two passes, one lane. */
const owaspCost: PasswordCost = { memoryKibibytes: 19_456, passes: 2, lanes: 1 };

/**
 * How many are worked at together: each holds a thread of the pool that the whole process has, and a core.
 * Beyond these they wait, and where too many wait the next is turned away rather than left to time out.
 */
const togetherMax = 2;
const waitingMax = 200;

/** Thrown when so many passwords wait to be looked at that one more would wait for too long. */
export class TooManyPasswords extends Error {}

/** Makes and tests hashes of passwords, by argon2id in threads of its own: the event loop goes on meanwhile. */
export class Passwords {
  private readonly options: Options;
  private readonly prefix: string;
  private readonly waiting: (() => void)[] = [];
  private atWork = 0;

  constructor({ memoryKibibytes, passes, lanes }: PasswordCost = owaspCost) {
    // The package's default algorithm is argon2id, version 19; `isOutdated` would tell of another.
    this.options = { memoryCost: memoryKibibytes, timeCost: passes, parallelism: lanes };
    this.prefix = `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${lanes}$`;
  }

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(passwordKept(password), this.options));
  }

  matches(kept: string, password: string): Promise<boolean> {
    return this.inTurn(() => verify(kept, passwordKept(password)));
  }

  /** Takes as long as `matches`, for an account that there is not: what is compared with is all zeros. */
  async matchesNobody(password: string): Promise<false> {
    await this.matches(`${this.prefix}${'A'.repeat(22)}$${'A'.repeat(43)}`, password);
    return false;
  }

  /** The hash was made at another cost than today's. */
  isOutdated(kept: string): boolean {
    return !kept.startsWith(this.prefix);
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.atWork < togetherMax) this.atWork += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      // Whoever waits takes this place over.
      const next = this.waiting.shift();
      if (next) next();
      else this.atWork -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= waitingMax) throw new TooManyPasswords('too many passwords wait');
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
