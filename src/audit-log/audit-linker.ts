import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { Rounds } from '../shared/rounds.js';
import type { Head } from './chain.rules.js';
import type { HeadWebhook } from './head-webhook.js';
import { linkRecords } from './link-records.js';
import { appendHead } from './outside-heads.js';

export interface AuditLinkerOptions {
  database: Database;
  clock: Clock;
  headsFile: string;
  webhook?: HeadWebhook | undefined;
  /** The head is written outside after so many links, and after so many seconds in which there was one. */
  headLinks: number;
  headSeconds: number;
  onFailure(error: unknown): void;
}

/** How long a record waits for its place, about, in milliseconds. */
const pauseMs = 500;

/** Records of one transaction. Few enough that whoever waits for the turn to write hardly notices. */
const recordsMax = 500;

/** Gives records their place in the chain within a second, and writes its head down outside the database. */
export class AuditLinker {
  private readonly rounds: Rounds;
  private unwritten: { links: number; head: Head; sinceMs: number } | undefined;

  constructor(private readonly options: AuditLinkerOptions) {
    // After a failure the records wait in the database for the next round, of this server or of another.
    this.rounds = new Rounds({ pauseMs, work: () => this.tick(), onFailure: options.onFailure });
  }

  start(): void {
    this.rounds.start();
  }

  /** Links what is left, writes the head, and gives what is on its way to the receiver a moment. */
  async stop(): Promise<void> {
    await this.rounds.stop();
    await this.link();
    await this.writeHead();
    await this.options.webhook?.settledWithin(2000);
  }

  private async tick(): Promise<void> {
    await this.link();
    if (this.headIsDue()) await this.writeHead();
  }

  /**
   * Links what is waiting. What comes meanwhile waits for the next round: at noon a batch of swipes comes every few
   * milliseconds, and a round that waited for a pause would link records one by one without ever ending.
   */
  async link(): Promise<void> {
    const { database, clock } = this.options;
    // A look first: a write would cost the database something twice a second, all night.
    const waiting: unknown[] = await database.read((manager) =>
      manager.query('SELECT recordId FROM audit_pending LIMIT 1'),
    );
    if (waiting.length === 0) return;
    for (;;) {
      const { count, head } = await database.write((manager) => linkRecords(manager, recordsMax));
      if (count === 0) return;
      const sinceMs = this.unwritten?.sinceMs ?? clock.now().getTime();
      this.unwritten = { links: (this.unwritten?.links ?? 0) + count, head, sinceMs };
      if (count < recordsMax) return;
    }
  }

  private headIsDue(): boolean {
    if (!this.unwritten) return false;
    const { headLinks, headSeconds, clock } = this.options;
    const waitedMs = clock.now().getTime() - this.unwritten.sinceMs;
    return this.unwritten.links >= headLinks || waitedMs >= headSeconds * 1000;
  }

  private async writeHead(): Promise<void> {
    if (!this.unwritten) return;
    const { headsFile, webhook, clock } = this.options;
    const head = { ...this.unwritten.head, at: clock.now().toISOString() };
    await appendHead(headsFile, head);
    this.unwritten = undefined;
    webhook?.post(head);
  }
}
