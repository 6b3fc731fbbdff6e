import DataLoader from 'dataloader';
import { type BedOnDay, bedsOnDay } from '../../src/beds/bed-states.js';
import { type BedPage, bedsOfFacilities, countBedsOfFacilities } from '../../src/beds/find-beds.js';
import { bedsById, type FoundBed } from '../../src/beds/read-beds.js';
import { type Stay, staysById, staysOfElders } from '../../src/beds/read-stays.js';
import { type Day, dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { batchSizeMax, type GroupedLoader, groupedLoader } from './grouped-loader.js';

export interface BedsLoaders {
  /** Whoever asks: for edges of what the caller may see already. */
  bedById: DataLoader<number, FoundBed>;
  stayById: DataLoader<number, Stay>;
  /** What is shared is the day. */
  bedOnDay: GroupedLoader<Day, BedOnDay>;
  bedsByFacility: GroupedLoader<BedPage, FoundBed[]>;
  bedsByFacilityCount: DataLoader<number, number>;
  /** The stay each elder is in today; null without one. */
  stayByElder: DataLoader<number, Stay | null>;
}

/** Edges to beds and stays: a fixed number of statements each, however many. */
export function bedsLoaders(context: Context): BedsLoaders {
  const { database, now } = context;
  const today = dayOf(now);
  const found = <Value>(values: ReadonlyMap<number, Value>, ids: readonly number[], what: string) =>
    ids.map((id) => values.get(id) ?? new Error(`there is no ${what} ${id}`));
  return {
    bedById: new DataLoader(
      async (ids: readonly number[]) =>
        found(await database.read((manager) => bedsById(manager, ids)), ids, 'bed'),
      { maxBatchSize: batchSizeMax },
    ),
    stayById: new DataLoader(
      async (ids: readonly number[]) =>
        found(await database.read((manager) => staysById(manager, ids, now)), ids, 'stay'),
      { maxBatchSize: batchSizeMax },
    ),
    bedOnDay: groupedLoader((ids, on: Day) =>
      database.read(async (manager) => {
        const beds = [...(await bedsById(manager, ids)).values()];
        return bedsOnDay(manager, beds, on, now);
      }),
    ),
    bedsByFacility: groupedLoader((ids, page: BedPage) =>
      database.read((manager) => bedsOfFacilities(manager, ids, page, today)),
    ),
    bedsByFacilityCount: new DataLoader(
      async (ids: readonly number[]) => {
        const counts = await database.read((manager) => countBedsOfFacilities(manager, ids, today));
        return ids.map((id) => counts.get(id) ?? 0);
      },
      { maxBatchSize: batchSizeMax },
    ),
    stayByElder: new DataLoader(
      async (ids: readonly number[]) => {
        const stays = await database.read((manager) => staysOfElders(manager, ids, today, now));
        return ids.map((id) => stays.get(id) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}
