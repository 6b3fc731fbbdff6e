import { expect, it } from 'vitest';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';

it('more ids than a block holds are an error, and no endless search for a larger block', async () => {
  // Nothing is asked of a database before the number is looked at.
  const ids = new IdBlocks({} as Database, 10);
  await expect(ids.take(11)).rejects.toThrow('11 ids are more than a block of 10');
});
