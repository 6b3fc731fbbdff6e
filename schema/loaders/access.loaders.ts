import DataLoader from 'dataloader';
import { type Relative, relativesOfElders } from '../../src/access/relatives.js';
import { addressesOfReaders, type ListedAddress } from '../../src/access/stored-traces.js';
import { eldersCovered } from '../../src/elders/elder-scope.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { batchSizeMax } from './grouped-loader.js';

/** Edges of card readers: one statement, however many readers. */
export function accessLoaders(context: Context) {
  const { database } = context;
  return {
    /** Those who are no more too. */
    relativesByElder: new DataLoader<number, Relative[]>(
      async (elderIds) => {
        const relatives = await database.read((manager) => relativesOfElders(manager, elderIds));
        return elderIds.map((elderId) => relatives.get(elderId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** Which of an elder's relatives the caller sees: all of them, or the grants that are its own. */
    relativesSeen: new DataLoader<number, 'all' | number[]>(
      async (elderIds) => {
        const grants = context.caller?.grants.filter(({ role }) => role === 'FAMILY') ?? [];
        const places = context.scopeFor('Elder.relatives');
        const covered = await database.read((manager) =>
          eldersCovered(manager, places, elderIds, dayOf(context.now)),
        );
        return elderIds.map((elderId) => {
          const own = grants.filter((grant) => grant.elderId === elderId);
          return covered.has(elderId) || own.some(({ mayLetIn }) => mayLetIn)
            ? 'all'
            : own.map(({ id }) => id);
        });
      },
      { maxBatchSize: batchSizeMax },
    ),

    addressesByReader: new DataLoader<number, ListedAddress[]>(
      async (readerIds) => {
        const addresses = await database.read((manager) => addressesOfReaders(manager, readerIds));
        return readerIds.map((readerId) => addresses.get(readerId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}
