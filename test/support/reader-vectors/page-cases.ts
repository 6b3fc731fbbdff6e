import type { SnapshotPage } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import { ListBook } from './list-book.js';
import type { KeyName } from './page-seal.js';
import { publicKeyOf } from './page-seal.js';
import { amount, group, rule, set } from './rule-words.js';
import type { ListCase } from './vector-list.js';

const rules = [
  set('S', [
    group('FIRST', [rule('AGED-80', amount(500), { who: { ageFrom: 80 } }), rule('AGED-60', amount(200))]),
  ]),
];

/** The canteen at eleven: `early` is listed, `lost` is blocked, `old` is 80. */
export const morning: ListCase = {
  id: 'morning',
  en: '',
  zh: '',
  sets: rules,
  cards: { early: { balanceFen: 1000 }, lost: { stopped: true }, old: { born: '1940-01-01' }, gone: {} },
  taps: [],
};

/** An hour later: `early` is reported lost, `lost` is active again, `gone` and `old` went, `late` came; meals are cheaper. */
export const noon: ListCase = {
  ...morning,
  id: 'noon',
  canteen: { priceFenMax: 2500 },
  cards: { early: { balanceFen: 1000, stopped: true }, lost: {}, late: { balanceFen: 1700 } },
};

export const states = { morning, noon };

/** A page that is signed as the server does; one that differs in a field from another says so. */
export interface GoodPage {
  payload: SnapshotPage;
  key: KeyName;
  says?: { en: string; zh: string };
}

const first = new ListBook('00112233445566aa');
first.refresh(morning, '2026-03-10T03:00:00.000Z');
const early = Number.POSITIVE_INFINITY;
const [whole] = first.pages(undefined, early) as [SnapshotPage];
const inThree = first.pages(undefined, 3) as [SnapshotPage, SnapshotPage, SnapshotPage];
const at = positionOf(whole);
first.refresh(noon, '2026-03-10T04:00:00.000Z');
const [changes] = first.pages(at, early) as [SnapshotPage];
const changesInTwo = first.pages(at, 4) as [SnapshotPage, SnapshotPage];
const after = positionOf(changes);
first.refresh(noon, '2026-03-10T05:00:00.000Z');
const [nothingNew] = first.pages(after, early) as [SnapshotPage];

const other = new ListBook('ffeeddccbbaa9988');
other.refresh(noon, '2026-03-10T04:00:00.000Z');
const [anew] = other.pages(undefined, early) as [SnapshotPage];
const anewInTwo = other.pages(undefined, 4) as [SnapshotPage, SnapshotPage];

function positionOf({ version }: SnapshotPage) {
  const [, base, at] = version.split('.').map(Number);
  return { base: base ?? 0, version: at ?? 0 };
}

const { k1, k2 } = { k1: publicKeyOf('k1'), k2: publicKeyOf('k2') };
const page = (payload: SnapshotPage): GoodPage => ({ payload: { ...payload, keys: [k1] }, key: 'k1' });
function but(from: SnapshotPage, differs: object, en: string, zh: string, key: KeyName = 'k1'): GoodPage {
  return { payload: { ...from, keys: [k1], ...differs }, key, says: { en, zh } };
}

/** By the names that loads use. */
export const goodPages: Record<string, GoodPage> = {
  whole: page(whole),
  first: page(inThree[0]),
  second: page(inThree[1]),
  third: page(inThree[2]),
  changes: page(changes),
  'changes-1': page(changesInTwo[0]),
  'changes-2': page(changesInTwo[1]),
  'nothing-new': page(nothingNew),
  anew: page(anew),
  'anew-1': page(anewInTwo[0]),
  'anew-2': page(anewInTwo[1]),
  'whole-both-keys': but(whole, { keys: [k1, k2] }, '`whole` with both keys', 'whole，带两把密钥'),
  'whole-next-key': but(whole, { keys: [k2] }, '`whole` with k2 as its only key', 'whole，只带 k2'),
  'whole-by-k2': but(whole, { keys: [k2] }, '`whole`, signed by k2', 'whole，由 k2 签名', 'k2'),
  'changes-next-key': but(changes, { keys: [k2] }, '`changes`, signed by k2', 'changes，由 k2 签名', 'k2'),
  'format-2': but(whole, { format: 2 }, '`whole` in format 2', 'whole，格式 2'),
  'other-canteen': but(whole, { canteenId: '13' }, '`whole` of canteen 13', 'whole，属于食堂 13'),
  'other-reader': but(whole, { readerId: '35' }, '`whole` for reader 35', 'whole，属于刷卡机 35'),
  'changes-other-list': but(
    changes,
    { list: 'ffeeddccbbaa9988' },
    '`changes` of another list',
    'changes，属于另一名单',
  ),
  'removed-unknown': but(
    nothingNew,
    { removed: { cards: ['0'.repeat(32)], entitlements: ['0'.repeat(16)] } },
    '`nothing-new`, and what was never there is removed',
    'nothing-new，移除本不存在者',
  ),
  'out-of-date': but(
    whole,
    { validUntil: whole.serverTime },
    '`whole` whose `validUntil` is its `serverTime`',
    'whole，validUntil 等于 serverTime',
  ),
  'field-added': but(whole, { weather: 'RAIN' }, '`whole` with a field `weather`', 'whole，多一字段 weather'),
};
