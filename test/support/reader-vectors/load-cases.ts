import type { KeyName } from './page-seal.js';

/** Pages that reach a reader one after another, and what it decides then. */
export interface LoadCase {
  id: string;
  en: string;
  zh: string;
  /** What the reader has before; k1 where nothing is said. */
  keys?: KeyName[];
  /** What `readerSnapshotKeys` answers; nothing where nothing is said. */
  serverKeys?: KeyName[];
  steps: Step[];
  taps: LoadedTap[];
}

export interface Step {
  page: string;
  expect: 'TAKEN' | 'REFUSED';
  /** The reader’s clock; that of the page where nothing is said, null for one that is not sure. */
  clock?: string | null;
}

export interface LoadedTap {
  card: string;
  at?: string;
  fen: number;
  /** The state of the canteen by which it is decided; null where the reader has no list. */
  as: 'morning' | 'noon' | null;
  storedFor?: 'SNAPSHOT_TOO_OLD' | 'CARD_NOT_LISTED';
}

const taken = (page: string): Step => ({ page, expect: 'TAKEN' });
const refused = (page: string): Step => ({ page, expect: 'REFUSED' });

const tap = (card: string, as: LoadedTap['as'], more: Partial<LoadedTap> = {}): LoadedTap => ({
  card,
  fen: 1000,
  as,
  ...more,
});
const unlisted = { storedFor: 'CARD_NOT_LISTED' } as const;
const asInTheMorning = [
  tap('early', 'morning'),
  tap('lost', 'morning'),
  tap('old', 'morning'),
  tap('late', 'morning', unlisted),
];
const asAtNoon = [
  tap('early', 'noon'),
  tap('lost', 'noon'),
  tap('old', 'noon', unlisted),
  tap('gone', 'noon', unlisted),
  tap('late', 'noon', { fen: 1900 }),
  tap('late', 'noon', { fen: 1901 }),
  tap('lost', 'noon', { fen: 2501 }),
];
const noList = [tap('early', null)];
const morningEnds = { at: '2026-03-12T11:00' };

/** First loads and changes that a reader takes. */
const takenLoads: LoadCase[] = [
  {
    id: 'load-whole',
    en: 'A first load of one page.',
    zh: '首次加载，一页。',
    steps: [taken('whole')],
    taps: asInTheMorning,
  },
  {
    id: 'load-three',
    en: 'A first load of three pages.',
    zh: '首次加载，三页。',
    steps: [taken('first'), taken('second'), taken('third')],
    taps: asInTheMorning,
  },
  {
    id: 'load-part',
    en: 'While the last page is missing there is no list.',
    zh: '末页未到则尚无名单。',
    steps: [taken('first'), taken('second')],
    taps: noList,
  },
  {
    id: 'changes',
    en: 'Changes: a card is blocked, a blocked one listed again, one is new, two are gone; the terms are new.',
    zh: '变更：一卡停用，一卡恢复，一卡新增，两卡移除；条款更新。',
    steps: [taken('whole'), taken('changes')],
    taps: [
      ...asAtNoon,
      tap('lost', 'noon', { at: '2026-03-12T11:59:59.999' }),
      tap('lost', 'noon', { at: '2026-03-12T12:00', storedFor: 'SNAPSHOT_TOO_OLD' }),
    ],
  },
  {
    id: 'changes-part',
    en: 'The first of two pages of changes counts at once; `validUntil` waits for the last.',
    zh: '两页变更：第一页立即生效，validUntil 待末页。',
    steps: [taken('whole'), taken('changes-1')],
    taps: [
      tap('early', 'noon'),
      tap('lost', 'noon'),
      tap('gone', 'morning'),
      tap('lost', 'noon', { at: '2026-03-12T10:59:59.999' }),
      tap('lost', 'noon', { ...morningEnds, storedFor: 'SNAPSHOT_TOO_OLD' }),
    ],
  },
  {
    id: 'changes-two',
    en: 'Both pages of changes.',
    zh: '两页变更均到。',
    steps: [taken('whole'), taken('changes-1'), taken('changes-2')],
    taps: [...asAtNoon, tap('lost', 'noon', morningEnds)],
  },
  {
    id: 'changes-none',
    en: 'Nothing changed: the list may be used for longer, and its terms stay.',
    zh: '无变更：有效期延长，条款不变。',
    steps: [taken('whole'), taken('changes'), taken('nothing-new')],
    taps: [
      ...asAtNoon,
      tap('lost', 'noon', { at: '2026-03-12T12:59:59.999' }),
      tap('lost', 'noon', { at: '2026-03-12T13:00', storedFor: 'SNAPSHOT_TOO_OLD' }),
    ],
  },
  {
    id: 'removed-unknown',
    en: 'What is removed and was never there is no error.',
    zh: '移除本不存在者不算错误。',
    steps: [taken('whole'), taken('changes'), taken('removed-unknown')],
    taps: asAtNoon,
  },
  {
    id: 'anew',
    en: 'A page with `full` is taken whatever was asked, and is the whole list: what it does not hold is forgotten.',
    zh: '带 full 的页不论所问均接受，且为整份名单：未列者一概作废。',
    steps: [taken('whole'), taken('anew')],
    taps: asAtNoon,
  },
  {
    id: 'anew-part',
    en: 'Until a new list is complete the old one decides, to its own end.',
    zh: '新名单未齐前按旧名单，至其有效期止。',
    steps: [taken('whole'), taken('anew-1')],
    taps: [...asInTheMorning, tap('old', 'morning', { ...morningEnds, storedFor: 'SNAPSHOT_TOO_OLD' })],
  },
  {
    id: 'anew-two',
    en: 'The last page of the new list puts it in the place of the old.',
    zh: '新名单末页到达即替换旧名单。',
    steps: [taken('whole'), taken('anew-1'), taken('anew-2')],
    taps: [...asAtNoon, tap('lost', 'noon', morningEnds)],
  },
  {
    id: 'anew-begun-again',
    en: 'A load that begins again forgets the pages that it had.',
    zh: '重新开始的加载作废先前各页。',
    steps: [taken('anew-1'), taken('whole')],
    taps: asInTheMorning,
  },
  {
    id: 'field-added',
    en: 'A field that is not known is left alone.',
    zh: '未知字段不予理会。',
    steps: [taken('field-added')],
    taps: asInTheMorning,
  },
  {
    id: 'keys-both',
    en: 'A page brings the next key beside the old one: pages of either are taken.',
    zh: '新旧密钥并存：两者所签均可。',
    steps: [taken('whole-both-keys'), taken('changes-next-key')],
    taps: asAtNoon,
  },
  {
    id: 'keys-asked',
    en: 'A key that is not stored is asked for once.',
    zh: '未存的密钥查询一次。',
    serverKeys: ['k2'],
    steps: [taken('whole-by-k2')],
    taps: asInTheMorning,
  },
  {
    id: 'clock-near',
    en: 'The reader’s clock is ten minutes from the page’s.',
    zh: '本机时钟与页相差十分钟。',
    steps: [{ ...taken('whole'), clock: '2026-03-10T03:10:21.000Z' }],
    taps: asInTheMorning,
  },
  {
    id: 'clock-lost',
    en: 'A clock that is not sure is set by the page.',
    zh: '不可靠的时钟以页为准。',
    steps: [{ ...taken('whole'), clock: null }],
    taps: asInTheMorning,
  },
];

const bad: [page: string, en: string, zh: string][] = [
  ['touched-body', 'a letter was touched', '内容被改'],
  ['touched-signature', 'the signature was touched', '签名被改'],
  ['touched-head', 'the header was touched', '报头被改'],
  ['signed-by-another', 'another key signed it', '他钥所签'],
  ['kid-unknown', 'nobody knows its key', '密钥不明'],
  ['alg-none', 'it is not signed', '未签名'],
  ['alg-hs256', 'whoever knows the public key could have made it', '知公钥者皆可伪造'],
  ['alg-other', '`alg` is not EdDSA', 'alg 不是 EdDSA'],
  ['typ-other', '`typ` is not that of a list', 'typ 不是名单'],
  ['two-parts', 'it was cut off', '被截断'],
  ['cut-off', 'it was cut off', '被截断'],
  ['four-parts', 'it has four parts', '有四段'],
  ['not-packed', 'it is not compressed', '未压缩'],
  ['packed-half', 'it ends too early', '内容不全'],
  ['too-long', 'it is too long', '过长'],
  ['format-2', '`format` is not 1', 'format 不是 1'],
  ['other-canteen', 'it is of another canteen', '属于另一食堂'],
  ['other-reader', 'it is for another reader', '属于另一刷卡机'],
  ['out-of-date', 'its `validUntil` has passed', 'validUntil 已过'],
];

/** The time of the page that these were made of; of some nobody could read it. */
const madeAt = '2026-03-10T03:00:21.000Z';

/** Pages that a reader refuses, and what it has then. */
const refusedLoads: LoadCase[] = [
  ...bad.map(([page, en, zh]): LoadCase => {
    return {
      id: `refused-${page}`,
      en: `Refused, for ${en}.`,
      zh: `拒绝：${zh}。`,
      steps: [{ ...refused(page), clock: madeAt }],
      taps: noList,
    };
  }),
  {
    id: 'refused-and-kept',
    en: 'What was stored decides on after a page was refused.',
    zh: '拒绝一页后仍按已存名单。',
    steps: [taken('whole'), refused('other-canteen')],
    taps: asInTheMorning,
  },
  {
    id: 'refused-no-list',
    en: 'Changes, of which the list was never loaded.',
    zh: '未加载名单即来变更。',
    steps: [refused('changes')],
    taps: noList,
  },
  {
    id: 'refused-out-of-order',
    en: 'The third page after the first.',
    zh: '第一页后来第三页。',
    steps: [taken('first'), refused('third')],
    taps: noList,
  },
  {
    id: 'refused-again',
    en: 'Changes that were taken already.',
    zh: '变更重复到达。',
    steps: [taken('whole'), taken('changes'), refused('changes')],
    taps: asAtNoon,
  },
  {
    id: 'refused-changes-early',
    en: 'Changes from a version that the reader does not have yet.',
    zh: '变更所依版本尚未到达。',
    steps: [taken('whole'), refused('nothing-new')],
    taps: asInTheMorning,
  },
  {
    id: 'refused-other-list',
    en: 'Changes of another list from a version of the same name.',
    zh: '另一名单、同名版本的变更。',
    steps: [taken('whole'), refused('changes-other-list')],
    taps: asInTheMorning,
  },
  {
    id: 'refused-old-key',
    en: 'The keys of a page replace those before: a page by the old one is refused.',
    zh: '页中的密钥取代旧密钥：旧钥所签拒绝。',
    steps: [taken('whole-next-key'), refused('changes')],
    taps: asInTheMorning,
  },
  {
    id: 'refused-clock-behind',
    en: 'A page of more than ten minutes ago, by a clock that is sure: somebody kept it.',
    zh: '时钟可靠，而页在十多分钟之前：有人留存重放。',
    steps: [{ ...refused('whole'), clock: '2026-03-10T03:10:21.001Z' }],
    taps: noList,
  },
  {
    id: 'refused-clock-ahead',
    en: 'A page of more than ten minutes ahead.',
    zh: '页在十多分钟之后。',
    steps: [{ ...refused('whole'), clock: '2026-03-10T02:50:20.999Z' }],
    taps: noList,
  },
];

export const loadCases: readonly LoadCase[] = [...takenLoads, ...refusedLoads];
