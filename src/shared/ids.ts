import type { Database } from './database.js';

/**
 * Hands out increasing ids for rows that must be known before they are inserted, so that a batch of
 * swipes, postings and entries takes three statements and no question in between.
 *
 * Each server reserves a block at a time. A block that a crash leaves unused is a gap, never a double.
 */
export class IdBlocks {
  private next = 0;
  private end = 0;

  constructor(
    private readonly database: Database,
    private readonly blockSize = 10_000,
  ) {}

  /** `count` consecutive ids, the first of which is returned. `count` is at most the block's size. */
  async take(count: number): Promise<number> {
    if (count > this.blockSize) throw new Error(`${count} ids are more than a block of ${this.blockSize}`);
    while (this.next + count > this.end) await this.reserve();
    const first = this.next;
    this.next += count;
    return first;
  }

  private async reserve(): Promise<void> {
    const end = await this.database.write(async (manager) => {
      await manager.query('UPDATE id_sequence SET nextId = nextId + ? WHERE name = ?', [
        this.blockSize,
        'meals',
      ]);
      const rows: { nextId: number | string }[] = await manager.query(
        'SELECT nextId FROM id_sequence WHERE name = ?',
        ['meals'],
      );
      return Number(rows[0]?.nextId);
    });
    this.next = end - this.blockSize;
    this.end = end;
  }
}
