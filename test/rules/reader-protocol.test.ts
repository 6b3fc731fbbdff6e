import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { swipeOutcomes } from '../../entities/meals/swipe.entity.js';
import { headline } from '../../reader/reader-texts.rules.js';
import { mayBeGiven } from '../../reader/tap-desk.js';
import { readerReasons, type TapResult } from '../../reader/tap-result.js';
import { settingsList } from '../../src/config/settings.js';
import { snapshotRefusals } from '../../src/meals/reader-lists/snapshot-refusals.js';
import { swipeMessage } from '../../src/meals/swipe-messages.js';

const protocol = readFileSync('docs/reader-protocol.md', 'utf8');

/** The cells of every row of a table in the document, by its first cell. */
const rows = new Map(
  [...protocol.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => {
    const cells = row.split(' | ');
    return [cells[0]?.replaceAll('`', '') ?? '', cells] as const;
  }),
);

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
