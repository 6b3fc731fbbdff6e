import { createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { SnapshotStore } from '../../src/meals/reader-lists/decide-offline.rules.js';
import type {
  BlockedCard,
  Entitlement,
  SnapshotCard,
  SnapshotChanges,
  SnapshotPage,
  SnapshotTerms,
} from '../../src/meals/reader-lists/reader-snapshot.rules.js';

/** Reads a page as docs/reader-protocol.md tells a reader to, with nothing of the code that signed it. */
export function openPage(page: string, publicKey: string): SnapshotPage {
  const [head = '', body = '', signature = ''] = page.split('.');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } });
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify(null, signed, key, Buffer.from(signature, 'base64url')))
    throw new Error('the signature is wrong');
  const json = gunzipSync(Buffer.from(body, 'base64url'), { maxOutputLength: 16 << 20 });
  return JSON.parse(json.toString());
}

/** What a reader keeps, in memory. */
export class ReaderStore implements SnapshotStore {
  readonly cards = new Map<string, SnapshotCard>();
  readonly blockList = new Map<string, BlockedCard>();
  readonly entitlements = new Map<string, Entitlement>();
  terms!: SnapshotTerms;
  salt = '';
  version: string | undefined;
  validUntil = new Date(0);

  apply(page: SnapshotPage): void {
    if (page.full) {
      for (const kept of [this.cards, this.blockList, this.entitlements]) kept.clear();
    } else if (page.since !== this.version) throw new Error(`${page.since} does not follow ${this.version}`);
    this.change(page);
    this.salt = page.salt;
    this.version = page.version;
    if (page.last) this.validUntil = new Date(page.validUntil);
  }

  change({ terms, entitlements, cards, blocked, removed }: SnapshotChanges): void {
    if (terms) this.terms = terms;
    for (const entitlement of entitlements) this.entitlements.set(entitlement.id, entitlement);
    for (const ref of [...cards, ...blocked].map((each) => each.ref).concat(removed.cards)) {
      this.cards.delete(ref);
      this.blockList.delete(ref);
    }
    for (const card of cards) this.cards.set(card.ref, card);
    for (const card of blocked) this.blockList.set(card.ref, card);
    for (const id of removed.entitlements) this.entitlements.delete(id);
  }

  card(ref: string): SnapshotCard | undefined {
    return this.cards.get(ref);
  }

  blocked(ref: string): BlockedCard | undefined {
    return this.blockList.get(ref);
  }

  entitlement(id: string): Entitlement | undefined {
    return this.entitlements.get(id);
  }

  /** Everything in it, to be compared with another's. */
  get content() {
    const sorted = <Value>(map: Map<string, Value>) => Object.fromEntries([...map].sort());
    const { terms, cards, blockList, entitlements } = this;
    return { terms, cards: sorted(cards), blocked: sorted(blockList), entitlements: sorted(entitlements) };
  }
}
