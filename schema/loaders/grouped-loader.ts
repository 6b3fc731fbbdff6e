import DataLoader from 'dataloader';

/** One thing that is asked about a row: which row, and what all rows asked the same have in common. */
export interface GroupedKey<Shared> {
  id: number;
  shared: Shared;
}

export type GroupedLoader<Shared, Value> = DataLoader<GroupedKey<Shared>, Value, string>;

/** Few enough for one statement on SQLite, which binds at most 32,766 values. */
export const batchSizeMax = 10_000;

/**
 * A loader that reads all rows asked the same at once. What is shared comes from the arguments of a field, so
 * the number of reads is that of the query's shape.
 */
export function groupedLoader<Shared, Value>(
  read: (ids: readonly number[], shared: Shared) => Promise<ReadonlyMap<number, Value>>,
): GroupedLoader<Shared, Value> {
  const load = async (keys: readonly GroupedKey<Shared>[]): Promise<(Value | Error)[]> => {
    const groups = new Map<string, { shared: Shared; ids: number[] }>();
    for (const { id, shared } of keys) {
      const group = groups.get(JSON.stringify(shared)) ?? { shared, ids: [] };
      group.ids.push(id);
      groups.set(JSON.stringify(shared), group);
    }
    const answers = new Map<string, ReadonlyMap<number, Value>>();
    for (const [name, { shared, ids }] of groups) answers.set(name, await read(ids, shared));
    return keys.map(({ id, shared }) => {
      const value = answers.get(JSON.stringify(shared))?.get(id);
      // Null is an answer, such as the level of somebody who was never assessed.
      return value === undefined ? new Error(`nothing was read for ${id}`) : value;
    });
  };
  return new DataLoader(load, { cacheKeyFn: JSON.stringify, maxBatchSize: batchSizeMax });
}
