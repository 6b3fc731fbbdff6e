import type { Database } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import type { Head } from './chain.rules.js';
import type { OutsideHead } from './outside-heads.js';

export interface ComparedHeads {
  /** Heads that the database agrees with. */
  agreeing: number;
  /** Lines of the file that are no head, such as half a line after a crash. */
  unreadable: number;
  /** What is wrong, in words; undefined when nothing is. */
  broken: string | undefined;
}

const batchSize = 500;

/**
 * Compares heads that were written outside the database with the chain that is in it. A log that was rewritten
 * with all its hashes, or cut off with its counter, is whole in itself and shows here.
 */
export async function compareHeads(
  database: Database,
  heads: AsyncIterable<OutsideHead | { unreadableLine: number }>,
  start: Head,
): Promise<ComparedHeads> {
  const comparison = new Comparison(database, start);
  for await (const head of heads) {
    if ('unreadableLine' in head) comparison.unreadable += 1;
    else await comparison.add(head);
  }
  return comparison.result();
}

class Comparison {
  unreadable = 0;
  private batch: Head[] = [];
  private agreeing = 0;
  private startSeen = false;
  /** The first link that differs, and the last one before it that agrees. */
  private firstWrong: Head | undefined;
  private firstMissing: Head | undefined;
  private lastRight = 0;

  constructor(
    private readonly database: Database,
    private readonly start: Head,
  ) {}

  async add(head: Head): Promise<void> {
    if (head.seq < this.start.seq) return;
    this.batch.push(head);
    if (this.batch.length >= batchSize) await this.flush();
  }

  async result(): Promise<ComparedHeads> {
    await this.flush();
    return { agreeing: this.agreeing, unreadable: this.unreadable, broken: this.broken() };
  }

  private broken(): string | undefined {
    const { firstWrong, firstMissing, start } = this;
    if (firstWrong) {
      const after = this.lastRight < firstWrong.seq ? ` after link ${this.lastRight} and` : '';
      return `REWRITTEN: link ${firstWrong.seq} is not the one that was written outside; the log was rewritten${after} at link ${firstWrong.seq} or before`;
    }
    if (firstMissing)
      return `TRUNCATED: link ${firstMissing.seq} was written outside and is not in the database`;
    if (start.seq > 0 && !this.startSeen) {
      return `START_UNKNOWN: the log begins after link ${start.seq}, which was not written outside: it was not pruned by the command, or these are the heads of another server`;
    }
    return undefined;
  }

  private async flush(): Promise<void> {
    const heads = this.batch;
    this.batch = [];
    if (heads.length === 0) return;
    const seqs = heads.map(({ seq }) => seq);
    const rows: { seq: number | string; hash: string }[] = await this.database.read((manager) =>
      manager.query(`SELECT seq, hash FROM audit_link WHERE seq IN (${placeholders(seqs)})`, seqs),
    );
    const hashes = new Map(rows.map(({ seq, hash }) => [Number(seq), hash]));
    hashes.set(this.start.seq, this.start.hash);
    for (const head of heads) this.compare(head, hashes.get(head.seq));
  }

  private compare(head: Head, hash: string | undefined): void {
    if (hash === undefined) {
      if (head.seq < (this.firstMissing?.seq ?? Number.POSITIVE_INFINITY)) this.firstMissing = head;
    } else if (hash !== head.hash) {
      if (head.seq < (this.firstWrong?.seq ?? Number.POSITIVE_INFINITY)) this.firstWrong = head;
    } else {
      this.agreeing += 1;
      // Heads that were written after the rewriting agree again and say nothing.
      if (!this.firstWrong) this.lastRight = Math.max(this.lastRight, head.seq);
      if (head.seq === this.start.seq) this.startSeen = true;
    }
  }
}
