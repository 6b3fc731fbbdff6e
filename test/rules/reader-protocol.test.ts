import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { swipeOutcomes } from '../../entities/meals/swipe.entity.js';
import { headline } from '../../reader/reader-texts.rules.js';
import { mayBeGiven } from '../../reader/tap-desk.js';
import { readerReasons, type TapResult } from '../../reader/tap-result.js';
import { settingsList } from '../../src/config/settings.js';
import { cardRef } from '../../src/meals/reader-lists/card-ref.rules.js';
import { decideOffline, type OwnTap } from '../../src/meals/reader-lists/decide-offline.rules.js';
import type { SnapshotPage } from '../../src/meals/reader-lists/reader-snapshot.rules.js';
import { snapshotRefusals } from '../../src/meals/reader-lists/snapshot-refusals.js';
import { SnapshotSigner } from '../../src/meals/reader-lists/snapshot-signer.js';
import type { SwipeCommand } from '../../src/meals/swipe.rules.js';
import { swipeMessage } from '../../src/meals/swipe-messages.js';
import { dayOf, minuteOfDay } from '../../src/shared/china-time.js';
import { openPage, ReaderStore } from '../support/reader-store.js';

interface Vectors {
  refs: { salt: string; uid: string; ref: string }[];
  signature: { privateKey: string; publicKey: string; page: string; tampered: string; payload: SnapshotPage };
  decisions: {
    name: string;
    tap: Omit<SwipeCommand, 'swipeId' | 'sequence' | 'swipedAt' | 'offline'> & { swipedAt: string };
    own?: OwnTap[];
    expect: Record<string, unknown>;
  }[];
  days: { instant: string; day: string; minute: number }[];
}

const vectors: Vectors = JSON.parse(readFileSync('docs/reader-test-vectors.json', 'utf8'));
const protocol = readFileSync('docs/reader-protocol.md', 'utf8');
const { signature } = vectors;

/** The cells of every row of a table in the document, by its first cell. */
const rows = new Map(
  [...protocol.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => {
    const cells = row.split(' | ');
    return [cells[0]?.replaceAll('`', '') ?? '', cells] as const;
  }),
);

it.each(vectors.refs)('the card $uid is $ref', ({ salt, uid, ref }) => {
  expect(cardRef(salt, uid)).toBe(ref);
});

it('the page of the vectors is verified, and one that was touched is not', async () => {
  expect(openPage(signature.page, signature.publicKey)).toEqual(signature.payload);
  expect(() => openPage(signature.tampered, signature.publicKey)).toThrow('the signature is wrong');
  const seed = Buffer.from(signature.privateKey, 'base64url');
  const signer = new SnapshotSigner([{ id: 'k1', seed }]);
  expect(signer.publicKeys).toEqual([{ id: 'k1', publicKey: signature.publicKey }]);
  const page = await signer.sign(signature.payload);
  expect(page.split('.')[0]).toBe(signature.page.split('.')[0]);
  expect(openPage(page, signature.publicKey)).toEqual(signature.payload);
});

describe('a reader with that page decides', () => {
  const store = new ReaderStore();
  store.apply(signature.payload);

  it.each(vectors.decisions.map((each) => [each.name, each] as const))(
    '%s',
    (_, { tap, own = [], expect: wanted }) => {
      const said = decideOffline({ store, tap: { ...tap, swipedAt: new Date(tap.swipedAt) }, own });
      if (!('split' in said)) return expect(said).toEqual(wanted);
      const { subsidyFen, discountFen, selfPaidFen, uses } = said.split;
      const gave = Object.fromEntries(
        uses.map(({ setCode, groupCode, ruleCode, fen }) => [`${setCode}/${groupCode}/${ruleCode}`, fen]),
      );
      expect({ answer: said.answer, meal: said.meal, subsidyFen, discountFen, selfPaidFen, gave }).toEqual(
        wanted,
      );
    },
  );
});

it.each(vectors.days)('$instant is minute $minute of $day', ({ instant, day, minute }) => {
  expect([dayOf(new Date(instant)), minuteOfDay(new Date(instant))]).toEqual([day, minute]);
});

describe('the document', () => {
  it('lists every outcome in its order, with the words that the elder sees', () => {
    const listed = [...rows.keys()].filter((name) => (swipeOutcomes as readonly string[]).includes(name));
    expect(listed).toEqual([...swipeOutcomes]);
    for (const outcome of swipeOutcomes) {
      const [, zh, en] = rows.get(outcome) ?? [];
      const said = { outcome, reviewReason: null, field: null };
      expect([zh, en]).toEqual([swipeMessage(said, 'zh'), swipeMessage(said, 'en')]);
    }
  });

  it('says what a reader shows of what it answers by itself', () => {
    for (const code of readerReasons) {
      const { zh, en } = headline({ verdict: 'REFUSED', by: 'READER', code } as TapResult);
      const given = mayBeGiven({ verdict: 'REFUSED', by: 'READER', code }) ? 'yes' : 'no';
      const isServers = code === 'NOT_UNDERSTOOD';
      expect(rows.get(code)?.slice(1)).toEqual([zh, en, isServers ? 'no' : given]);
    }
    const alone = headline({ verdict: 'TAKEN', by: 'READER', code: 'ACCEPTED' } as TapResult);
    expect(rows.get('ACCEPTED, alone')?.slice(1, 3)).toEqual([alone.zh, alone.en]);
  });

  it('lists every refusal of a list, and every limit with its default', () => {
    for (const { refused } of Object.values(snapshotRefusals)) expect(rows.has(refused)).toBe(true);
    const limits = [...rows.values()].filter(([, name]) => /^`[A-Z_]+`$/.test(name ?? ''));
    expect(limits).toHaveLength(7);
    for (const [, name, value] of limits) {
      const setting = settingsList.find((each) => `\`${each.name}\`` === name);
      expect([name, value]).toEqual([name, setting?.default]);
    }
  });

  it('asks only what the schema answers', () => {
    const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
    const queries = [...protocol.matchAll(/```graphql\n(.+?)```/gs)].map(([, query = '']) => query);
    expect(queries.length).toBe(6);
    for (const query of queries) expect(validate(schema, parse(query))).toEqual([]);
  });
});
