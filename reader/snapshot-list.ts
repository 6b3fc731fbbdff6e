import type { SnapshotStore } from '../src/meals/reader-lists/decide-offline.rules.js';
import type { SnapshotPage, SnapshotTerms } from '../src/meals/reader-lists/reader-snapshot.rules.js';
import { Facts, type ListFacts } from './facts.js';
import { PageRefused } from './snapshot-page.js';
import { emptyJournal, inTransaction, type StoreFile } from './store.js';

type Kind = 'card' | 'blocked' | 'entitlement' | 'terms';

/** The list on the reader's disk by which it decides alone, and a new one while that is being loaded. */
export class SnapshotList {
  private readonly facts: Facts;

  constructor(private readonly file: StoreFile) {
    this.facts = new Facts(file);
  }

  /** What to ask the next page with; undefined for a first load. */
  get since(): string | undefined {
    return (this.facts.get('incomingList') ?? this.facts.get('currentList'))?.version || undefined;
  }

  /** Until when the complete list may be trusted; undefined when there is none. */
  get validUntil(): Date | undefined {
    const current = this.facts.get('currentList');
    return current && new Date(current.validUntil);
  }

  /** The state of the server's books that the complete list shows. */
  get asOfMs(): number {
    return Date.parse(this.facts.get('currentList')?.asOf ?? '1970-01-01T00:00:00Z');
  }

  /** Whoever is no reader any more keeps no list of cards. */
  erase(): void {
    inTransaction(this.file, () => {
      this.file.prepare('DELETE FROM list_item').run();
      this.facts.delete('incomingList');
      this.facts.delete('currentList');
    });
    emptyJournal(this.file);
  }

  /** Begins with a first load next time; what is there stays until then. */
  startOver(): void {
    this.facts.delete('incomingList');
    const current = this.facts.get('currentList');
    // A version that no list has, so that the server is asked without one.
    if (current) this.facts.set('currentList', { ...current, version: '' });
  }

  /**
   * Takes a page whose signature is good, whole or not at all.
   *
   * @throws PageRefused when it does not follow what is stored
   */
  apply(page: SnapshotPage): void {
    inTransaction(this.file, () => {
      const before = this.listBefore(page);
      const { list, version, asOf, validUntil, salt } = page;
      // What a page that is not the last says of the whole list does not hold yet.
      const dates =
        before && !page.last ? { asOf: before.asOf, validUntil: before.validUntil } : { asOf, validUntil };
      const generation = before?.generation ?? this.beginGeneration();
      const after: ListFacts = { generation, list, version, salt, ...dates };
      this.write(generation, page);
      const isCurrent = generation === this.facts.get('currentList')?.generation;
      if (isCurrent) this.facts.set('currentList', after);
      else if (page.last) this.replaceCurrent(after);
      else this.facts.set('incomingList', after);
    });
  }

  /** What decides alone; undefined without a complete list. */
  store(): SnapshotStore | undefined {
    const current = this.facts.get('currentList');
    const terms = current && this.find<SnapshotTerms>(current.generation, 'terms', '');
    if (!current || !terms) return undefined;
    const { generation, salt } = current;
    return {
      terms,
      salt,
      validUntil: new Date(current.validUntil),
      card: (ref) => this.find(generation, 'card', ref),
      blocked: (ref) => this.find(generation, 'blocked', ref),
      entitlement: (id) => this.find(generation, 'entitlement', id),
    };
  }

  /** Which of the stored lists the page goes on from; undefined for one that begins a list. */
  private listBefore(page: SnapshotPage): ListFacts | undefined {
    if (page.full && page.since === null) return undefined;
    const lists = [this.facts.get('incomingList'), this.facts.get('currentList')];
    const before = lists.find((each) => each?.list === page.list && each.version === page.since);
    if (!before) throw new PageRefused(`it goes on from ${page.since}, which is not stored`);
    return before;
  }

  private beginGeneration(): number {
    const earlier = this.facts.get('incomingList');
    if (earlier) this.deleteGeneration(earlier.generation);
    return Math.max(this.facts.get('currentList')?.generation ?? 0, earlier?.generation ?? 0) + 1;
  }

  private replaceCurrent(list: ListFacts): void {
    const earlier = this.facts.get('currentList');
    if (earlier) this.deleteGeneration(earlier.generation);
    this.facts.set('currentList', list);
    this.facts.delete('incomingList');
  }

  private write(generation: number, page: SnapshotPage): void {
    const put = this.file.prepare(
      'INSERT OR REPLACE INTO list_item (generation, kind, ref, body) VALUES (?, ?, ?, ?)',
    );
    const drop = this.file.prepare('DELETE FROM list_item WHERE generation = ? AND kind = ? AND ref = ?');
    const set = (kind: Kind, ref: string, body: object) =>
      put.run(generation, kind, ref, JSON.stringify(body));
    const forget = (kind: Kind, ref: string) => drop.run(generation, kind, ref);
    if (page.terms) set('terms', '', page.terms);
    for (const entitlement of page.entitlements) set('entitlement', entitlement.id, entitlement);
    for (const card of page.cards) {
      set('card', card.ref, card);
      forget('blocked', card.ref);
    }
    for (const blocked of page.blocked) {
      set('blocked', blocked.ref, blocked);
      forget('card', blocked.ref);
    }
    for (const ref of page.removed.cards) {
      forget('card', ref);
      forget('blocked', ref);
    }
    for (const id of page.removed.entitlements) forget('entitlement', id);
  }

  private deleteGeneration(generation: number): void {
    this.file.prepare('DELETE FROM list_item WHERE generation = ?').run(generation);
  }

  private find<Item>(generation: number, kind: Kind, ref: string): Item | undefined {
    const [body] = this.file
      .prepare('SELECT body FROM list_item WHERE generation = ? AND kind = ? AND ref = ?')
      .pluck()
      .all(generation, kind, ref) as string[];
    return body === undefined ? undefined : JSON.parse(body);
  }
}
