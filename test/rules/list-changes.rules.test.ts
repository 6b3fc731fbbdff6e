import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listChanges, type StoredItem } from '../../src/meals/reader-lists/list-changes.rules.js';
import {
  isContinued,
  type ListPosition,
  readPosition,
  writtenPosition,
} from '../../src/meals/reader-lists/list-version.rules.js';

const dayMs = 86_400_000;

/** The list of one canteen, in memory, as the tables keep it. */
class ListModel {
  items = new Map<string, string>();
  stored: StoredItem[] = [];
  head = { listId: '0123456789abcdef', version: 0, prunedTo: 0 };
  private readonly used = new Set<number>();

  refresh(nowMs: number): void {
    const changes = listChanges(this.head, this.stored, this.items, nowMs);
    for (const { version } of changes.inserted) {
      expect(this.used.has(version)).toBe(false);
      this.used.add(version);
    }
    const kept = this.stored.filter(({ itemKey }) => !changes.deletedKeys.includes(itemKey));
    this.stored = [...kept, ...changes.inserted];
    this.head = { ...this.head, version: changes.version, prunedTo: changes.prunedTo };
    expect(new Set(this.stored.map(({ itemKey }) => itemKey)).size).toBe(this.stored.length);
  }
}

/** A reader that takes pages of any size, with pauses of any length between them. */
class ReaderModel {
  private items = new Map<string, string>();
  private position: string | undefined;
  isComplete = false;

  /** The items as it uses them; undefined while it loads. */
  get list() {
    return this.isComplete ? Object.fromEntries([...this.items].sort()) : undefined;
  }

  read({ head, stored }: ListModel, size: number): void {
    const asked = this.position === undefined ? undefined : readPosition(this.position);
    const since = asked && isContinued(asked, head) ? asked : undefined;
    if (!since) {
      this.items.clear();
      this.isComplete = false;
    }
    const from: ListPosition = since ?? { listId: head.listId, base: head.version, version: 0 };
    const rows = stored
      .filter(({ version, content }) => version > from.version && (since || content !== null))
      .sort((one, other) => one.version - other.version);
    for (const { itemKey, content } of rows.slice(0, size)) {
      if (content === null) this.items.delete(itemKey);
      else this.items.set(itemKey, content);
    }
    const version = rows[Math.min(size, rows.length) - 1]?.version ?? from.version;
    this.position = writtenPosition({ ...from, version });
    if (rows.length > size) return;
    this.isComplete = true;
    for (const [key, content] of this.items) {
      if (key.startsWith('card:')) expect(this.items.has(`entitlement:${content}`)).toBe(true);
    }
  }
}

const anyStep = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), card: fc.nat(2), entitlement: fc.nat(2) }),
  fc.record({ kind: fc.constant('remove' as const), card: fc.nat(2) }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 10, max: 60 }) }),
  fc.record({ kind: fc.constant('read' as const), reader: fc.nat(2), size: fc.integer({ min: 1, max: 6 }) }),
);

it('whoever reads page by page, however seldom, ends with the list as it is', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const list = new ListModel();
      const readers = [new ReaderModel(), new ReaderModel(), new ReaderModel()];
      const cards = new Map<number, number>();
      let nowMs = 0;
      for (const step of steps) {
        if (step.kind === 'set') cards.set(step.card, step.entitlement);
        else if (step.kind === 'remove') cards.delete(step.card);
        else if (step.kind === 'wait') nowMs += step.days * dayMs;
        list.items = itemsOf(cards);
        list.refresh(nowMs);
        if (step.kind === 'read') readers[step.reader]?.read(list, step.size);
      }
      const whole = Object.fromEntries([...list.items].sort());
      for (const reader of readers) {
        for (let pages = 0; pages < 30; pages++) reader.read(list, 3);
        expect(reader.list).toEqual(whole);
      }
    }),
    { numRuns: 300 },
  );
});

function itemsOf(cards: ReadonlyMap<number, number>): Map<string, string> {
  const items = new Map([['terms:', `${cards.size}`]]);
  for (const id of new Set(cards.values())) items.set(`entitlement:${id}`, '{}');
  for (const [card, id] of cards) items.set(`card:${card}`, `${id}`);
  return items;
}

it.each([
  '',
  '12',
  '0123456789abcdef',
  '0123456789abcdef.1',
  '0123456789abcdef.1.-1',
  '0123456789ABCDEF.1.1',
  'x'.repeat(9999),
])('%s is no version', (text) => {
  expect(readPosition(text)).toBeUndefined();
});
