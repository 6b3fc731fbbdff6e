import type { StoreFile } from './store.js';

/** The canteen and the account that a store belongs to, for good. */
export interface Binding {
  readerId: string;
  canteenId: string;
  canteenCode: string;
  canteenName: string;
}

/** What a store holds once: each under a name, as JSON. */
interface KnownFacts {
  binding: Binding;
  nextSequence: number;
  clock: { offsetMs: number; latestMs: number };
  revoked: boolean;
  /** What a meal costs where nothing else is typed, in fen. */
  priceFen: number;
  snapshotKeys: { id: string; publicKey: string }[];
  currentList: ListFacts;
  incomingList: ListFacts;
}

/** What a list says of itself beside its items. */
export interface ListFacts {
  generation: number;
  list: string;
  version: string;
  asOf: string;
  validUntil: string;
  salt: string;
}

/** Reads and writes facts one by one; several belong in a transaction of the caller's. */
export class Facts {
  constructor(private readonly file: StoreFile) {}

  get<Name extends keyof KnownFacts>(name: Name): KnownFacts[Name] | undefined {
    const [value] = this.file.prepare('SELECT value FROM fact WHERE name = ?').pluck().all(name) as string[];
    return value === undefined ? undefined : JSON.parse(value);
  }

  set<Name extends keyof KnownFacts>(name: Name, value: KnownFacts[Name]): void {
    this.file
      .prepare('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)')
      .run(name, JSON.stringify(value));
  }

  delete(name: keyof KnownFacts): void {
    this.file.prepare('DELETE FROM fact WHERE name = ?').run(name);
  }
}
