import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { missingEver } from '../../src/meals/missing-sequences.js';
import type { SequenceRange } from '../../src/meals/sequence-ranges.rules.js';
import { insertRows } from '../../src/shared/statements.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addAccount, addDiner, buildTown, noon, type Town } from '../support/town.js';

interface SequenceVector {
  received: number[];
  explained?: SequenceRange[];
  missing: SequenceRange[];
}

const vectors: { sequences: SequenceVector[] } = JSON.parse(
  readFileSync('docs/reader-test-vectors.json', 'utf8'),
);

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

it.each(vectors.sequences)(
  'of $received, $missing is missing',
  async ({ received, explained = [], missing }) => {
    const readerId = await addAccount(town, 'reader');
    const { uid } = await addDiner(town);
    const taps = received.map((sequence) => ({ ...tap(town, { cardUid: uid, sequence }), readerId }));
    await intakeOf(town).recordAll(taps);
    const rows = explained.map(({ from, to }) => [
      readerId,
      from,
      to,
      'lost',
      noon.getTime(),
      town.managerId,
    ]);
    await open.database.write(async (manager) => {
      if (rows.length === 0) return;
      const columns = ['readerId', 'fromSequence', 'toSequence', 'reason', 'at', 'byId'];
      await insertRows(manager, 'sequence_explanation', columns, rows);
    });
    expect(await open.database.read((manager) => missingEver(manager, readerId))).toEqual(missing);
  },
);
