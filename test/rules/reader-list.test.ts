import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Facts, type ListFacts } from '../../reader/facts.js';
import { SnapshotList } from '../../reader/snapshot-list.js';
import { PageRefused } from '../../reader/snapshot-page.js';
import { closeStore, openStore, type StoreFile } from '../../reader/store.js';
import type { SnapshotPage } from '../../src/meals/reader-lists/reader-snapshot.rules.js';

let folder: string;
let file: StoreFile;
const now = new Date('2026-03-10T04:00:00Z');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yinling-reader-list-'));
  file = openStore(join(folder, 'store.sqlite'), { now, beginsAnew: false });
});
afterEach(() => {
  closeStore(file);
  rmSync(folder, { recursive: true, force: true });
});

function reopen(): void {
  closeStore(file);
  file = openStore(join(folder, 'store.sqlite'), { now, beginsAnew: false });
}

describe('the list', () => {
  const base: SnapshotPage = {
    format: 1,
    canteenId: '1',
    readerId: '2',
    list: 'L',
    since: null,
    version: 'L.1',
    full: true,
    last: true,
    asOf: '2026-03-10T04:00:00.000Z',
    validUntil: '2026-03-12T04:00:00.000Z',
    serverTime: '2026-03-10T04:00:00.000Z',
    keys: [],
    salt: '00',
    terms: { openedOn: '2020-01-01', closedOn: null, priceFenMax: 3000, windows: [], days: [], sets: [] },
    entitlements: [{ id: 'e', sets: {} }],
    cards: [{ ref: 'a', entitlement: 'e', spendableFen: 1 }],
    blocked: [{ ref: 'b', why: 'CARD_NOT_ACTIVE' }],
    removed: { cards: [], entitlements: [] },
  };
  const changes = { entitlements: [], cards: [], blocked: [], full: false };
  const list = () => new SnapshotList(file);
  const refs = () =>
    ['a', 'b', 'c'].map((ref) =>
      list().store()?.card(ref) ? 'card' : list().store()?.blocked(ref) ? 'blocked' : '-',
    );

  it('changes page by page, and a card is listed or blocked, never both', () => {
    list().apply(base);
    expect(refs()).toEqual(['card', 'blocked', '-']);
    list().apply({
      ...base,
      ...changes,
      since: 'L.1',
      version: 'L.2',
      cards: [{ ref: 'b', entitlement: 'e', spendableFen: 2 }],
      blocked: [{ ref: 'a', why: 'ELDER_NOT_ACTIVE' }],
    });
    expect(refs()).toEqual(['blocked', 'card', '-']);
    list().apply({
      ...base,
      ...changes,
      since: 'L.2',
      version: 'L.3',
      removed: { cards: ['a', 'x'], entitlements: [] },
    });
    expect(refs()).toEqual(['-', 'card', '-']);
    expect(list().since).toBe('L.3');
  });

  it.each<[string, Partial<SnapshotPage>]>([
    ['the version before', { since: 'L.0', version: 'L.5' }],
    ['another list', { list: 'M', since: 'L.1', version: 'M.2' }],
  ])('takes no page that goes on from %s, and nothing of it', (_, page) => {
    list().apply(base);
    const cards = [{ ref: 'c', entitlement: 'e', spendableFen: 2 }];
    expect(() => list().apply({ ...base, ...changes, cards, ...page })).toThrow(PageRefused);
    expect(refs()).toEqual(['card', 'blocked', '-']);
    expect(list().since).toBe('L.1');
  });

  it('is replaced by another only when that is whole, over a power cut too', () => {
    list().apply(base);
    const anew = {
      ...base,
      list: 'M',
      cards: [],
      blocked: [],
      last: false,
      validUntil: '2026-03-13T04:00:00.000Z',
    };
    list().apply({ ...anew, version: 'M.1' });
    reopen();
    expect(refs()).toEqual(['card', 'blocked', '-']);
    expect(list().validUntil?.toISOString()).toBe(base.validUntil);
    expect(list().since).toBe('M.1');
    const cards = [{ ref: 'c', entitlement: 'e', spendableFen: 2 }];
    list().apply({ ...anew, full: false, since: 'M.1', version: 'M.2', last: true, cards });
    expect(refs()).toEqual(['-', '-', 'card']);
    expect(list().validUntil?.toISOString()).toBe(anew.validUntil);
    expect(new Facts(file).get('incomingList')).toBeUndefined();
  });

  it('is no older for a page that is not the last one', () => {
    list().apply(base);
    const more: Partial<SnapshotPage> = { ...changes, last: false, validUntil: '2026-03-20T04:00:00.000Z' };
    list().apply({ ...base, ...more, since: 'L.1', version: 'L.2' });
    expect(list().validUntil?.toISOString()).toBe(base.validUntil);
  });

  it('is asked for from its beginning after it had to be given up, and trusted meanwhile', () => {
    list().apply(base);
    list().startOver();
    expect(list().since).toBeUndefined();
    expect(refs()).toEqual(['card', 'blocked', '-']);
    const { version } = new Facts(file).get('currentList') as ListFacts;
    expect(version).toBe('');
  });

  it('is erased with everything in it', () => {
    list().apply(base);
    list().erase();
    expect(list().store()).toBeUndefined();
    expect(list().validUntil).toBeUndefined();
    expect(list().since).toBeUndefined();
    expect(file.prepare('SELECT COUNT(*) FROM list_item').pluck().all()).toEqual([0]);
  });

  it('that was erased cannot be read off the disk either', () => {
    const cards = Array.from({ length: 500 }, (_, index) => {
      return { ref: `${'5ca1ab1e'.repeat(3)}${10_000_000 + index}`, entitlement: 'e', spendableFen: 1 };
    });
    list().apply({ ...base, cards });
    const onDisk = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(onDisk().join()).toContain('5ca1ab1e');
    list().erase();
    expect(onDisk().join()).not.toContain('5ca1ab1e');
  });
});
