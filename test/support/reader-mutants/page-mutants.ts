import type { Mutant } from './mutant.js';

const page = 'reader/snapshot-page.ts';
const list = 'reader/snapshot-list.ts';
const loader = 'reader/list-loader.ts';

/** Wrong readers: of pages and what is stored of them. */
export const pageMutants: readonly Mutant[] = [
  ['checks no signature', page, 'if (!isSigned(', 'if (false && !isSigned('],
  [
    'checks the signature over the second part alone',
    page,
    'Buffer.from(text), key',
    'Buffer.from(text.split(".")[1]), key',
  ],
  ['takes any algorithm', page, "alg: z.literal('EdDSA')", 'alg: z.string()'],
  [
    'takes what was signed for another purpose',
    page,
    "typ: z.literal('yinling-reader-snapshot')",
    'typ: z.string()',
  ],
  [
    'takes any key for the one that is named',
    page,
    'keys.find(({ id }) => id === parsedHead.data.kid)',
    'keys[0]',
  ],
  ['takes more than three parts', page, '|| more.length > 0', ''],
  ['unpacks without end', page, '{ maxOutputLength: unpackedMax }', '{}'],
  [
    'takes a text that is not compressed',
    page,
    'return gunzipSync(Buffer.from(body, ',
    "if (body.startsWith('ey')) return Buffer.from(body, 'base64url').toString();\n    return gunzipSync(Buffer.from(body, ",
  ],
  ['takes any format', page, 'format: z.literal(1)', 'format: z.number()'],
  [
    'wants no fields that it does not know',
    page,
    'const pageShape = z.looseObject({',
    'const pageShape = z.strictObject({ terms: z.unknown(),',
  ],
  ['takes a page of another canteen', loader, 'page.canteenId !== canteenId ||', ''],
  ['takes a page for another reader', loader, '|| page.readerId !== readerId', ''],
  [
    'takes a page that is out of date',
    loader,
    'if (last && Date.parse(validUntil) <= Date.parse(serverTime))',
    'if (false)',
  ],
  [
    'takes a page of any time',
    loader,
    'if (nowMs !== undefined && Math.abs(nowMs - Date.parse(serverTime)) > driftMsMax)',
    'if (false)',
  ],
  [
    'takes a page from ahead',
    loader,
    'Math.abs(nowMs - Date.parse(serverTime)) > driftMsMax',
    'nowMs - Date.parse(serverTime) > driftMsMax',
  ],
  [
    'takes a page of before',
    loader,
    'Math.abs(nowMs - Date.parse(serverTime)) > driftMsMax',
    'Date.parse(serverTime) - nowMs > driftMsMax',
  ],
  ['refuses a page of ten minutes ago', loader, '> driftMsMax)', '>= driftMsMax)'],
  ['asks for no key', loader, 'if (!(error instanceof KeyUnknown)) throw error;', 'throw error;'],
  [
    'keeps the keys that it has',
    loader,
    "if (page.keys.length > 0) this.facts.set('snapshotKeys', page.keys);",
    '',
  ],
  [
    'keeps the old keys beside the new',
    loader,
    "this.facts.set('snapshotKeys', page.keys)",
    "this.facts.set('snapshotKeys', [...(this.facts.get('snapshotKeys') ?? []), ...page.keys])",
  ],
  [
    'refuses a full page when it asked for changes',
    loader,
    'if (page.since !== (since ?? null) && !page.full)',
    'if (page.since !== (since ?? null))',
  ],
  [
    'applies changes of another list',
    list,
    'each?.list === page.list && each.version === page.since',
    'each?.version === page.since',
  ],
  ['believes in validUntil before the last page', list, 'before && !page.last ?', 'false ?'],
  ['never believes in a later validUntil', list, 'before && !page.last ?', 'before ?'],
  [
    'puts a new list in place before it is whole',
    list,
    'else if (page.last) this.replaceCurrent(after);',
    'else if (page) this.replaceCurrent(after);',
  ],
  [
    'adds a new list to the old',
    list,
    'if (page.full && page.since === null) return undefined;',
    "if (page.full && page.since === null) return this.facts.get('currentList');",
  ],
  [
    'keeps the pages of a load that was given up',
    list,
    'if (earlier) this.deleteGeneration(earlier.generation);\n    return',
    'if (earlier) return earlier.generation;\n    return',
  ],
  [
    'forgets the terms that a page does not hold',
    list,
    "if (page.terms) set('terms', '', page.terms);",
    "set('terms', '', page.terms ?? { days: [], sets: [], windows: [] });",
  ],
  [
    'keeps the first terms',
    list,
    "if (page.terms) set('terms', '', page.terms);",
    "if (page.terms && page.full) set('terms', '', page.terms);",
  ],
  ['keeps a block when the card is listed', list, "      forget('blocked', card.ref);\n", ''],
  ['knows no new blocks', list, "set('blocked', blocked.ref, blocked);", ''],
  [
    'keeps cards that were removed',
    list,
    "for (const ref of page.removed.cards) {\n      forget('card', ref);",
    'for (const ref of page.removed.cards) {',
  ],
  [
    'takes no new cards',
    list,
    "for (const card of page.cards) {\n      set('card', card.ref, card);",
    "for (const card of page.cards) {\n      if (page.full) set('card', card.ref, card);",
  ],
  [
    'stops at what it cannot remove',
    list,
    'const forget = (kind: Kind, ref: string) => drop.run(generation, kind, ref);',
    "const forget = (kind: Kind, ref: string) => { if (/^0+$/.test(ref)) throw new PageRefused('unknown'); return drop.run(generation, kind, ref); };",
  ],
];
