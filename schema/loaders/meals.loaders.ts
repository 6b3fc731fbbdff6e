import DataLoader from 'dataloader';
import type { MealCard } from '../../entities/meals/meal-card.entity.js';
import { funderCodes } from '../../src/meals/add-funder.js';
import { balancesOfElders, cardsOfElders } from '../../src/meals/find-card.js';
import { missingSequences } from '../../src/meals/missing-sequences.js';
import type { SequenceRange } from '../../src/meals/sequence-ranges.rules.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { batchSizeMax } from './grouped-loader.js';

/** Edges to cards and their money: one statement each, however many elders. */
export function mealsLoaders({ database, now }: Context) {
  return {
    /** The active card, else the one issued last; null for an elder who never had one. */
    cardByElder: new DataLoader<number, MealCard | null>(
      async (elderIds) => {
        const cards = await database.read((manager) => cardsOfElders(manager, elderIds, dayOf(now)));
        return elderIds.map((elderId) => cards.get(elderId) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** What a funder is called; an id that nobody has is an error. */
    funderCodeById: new DataLoader<number, string>(
      async (funderIds) => {
        const codes = await database.read((manager) => funderCodes(manager, funderIds));
        return funderIds.map((id) => codes.get(id) ?? new Error(`there is no funder ${id}`));
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** The gaps in a reader's numbers, the oldest first. */
    missingSequencesByReader: new DataLoader<number, SequenceRange[]>(
      async (readerIds) => {
        const missing = await database.read((manager) => missingSequences(manager, readerIds));
        return readerIds.map((readerId) => missing.get(readerId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** The elder's own money in fen. */
    balanceByElder: new DataLoader<number, number>(
      async (elderIds) => {
        const balances = await database.read((manager) => balancesOfElders(manager, elderIds));
        return elderIds.map((elderId) => balances.get(elderId) ?? 0);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}
