import DataLoader from 'dataloader';
import { addressesOfReaders, type ListedAddress } from '../../src/access/stored-traces.js';
import type { Context } from '../context.js';
import { batchSizeMax } from './grouped-loader.js';

/** Edges of card readers: one statement, however many readers. */
export function accessLoaders({ database }: Context) {
  return {
    addressesByReader: new DataLoader<number, ListedAddress[]>(
      async (readerIds) => {
        const addresses = await database.read((manager) => addressesOfReaders(manager, readerIds));
        return readerIds.map((readerId) => addresses.get(readerId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}
