import DataLoader from 'dataloader';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { coveredElders } from '../../src/elders/find-elder.js';
import { categoriesOfElders, eldersById } from '../../src/elders/find-elders.js';
import type { IdentityField } from '../../src/elders/sealed-fields.js';
import { shownIdentities } from '../../src/elders/shown-identities.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { type ElderType, shownElder } from '../elders/elder.type.js';
import { batchSizeMax } from './grouped-loader.js';

/** Edges to elders and to what hangs on them: one statement each, however many elders. */
export function eldersLoaders(context: Context) {
  const { database } = context;
  return {
    /** Whoever asks: for edges of what the caller may see already. An id that nobody has is an error. */
    elderById: new DataLoader<number, ElderType>(
      async (ids) => {
        const elders = await database.read((manager) => eldersById(manager, ids));
        const today = dayOf(context.now);
        return ids.map((id) => {
          const elder = elders.get(id);
          return elder ? shownElder(elder, today) : new Error(`no elder ${id}`);
        });
      },
      { maxBatchSize: batchSizeMax },
    ),

    /**
     * Whether the caller may ask the operation about this elder, and not only about some other: somebody may have
     * one role here and another there.
     */
    elderCovered: new DataLoader<{ elder: ElderType; operation: string }, boolean, string>(
      async (wanted) => {
        const answers = new Map<string, Set<number>>();
        const reachNames = new Map<string, string>();
        for (const operation of new Set(wanted.map((one) => one.operation))) {
          const scope = context.scopeFor(operation);
          const openElders = await context.eldersOpenFor(operation);
          // Operations of the same roles reach the same elders, and are asked about together.
          const name = JSON.stringify([scope, openElders]);
          reachNames.set(operation, name);
          if (answers.has(name)) continue;
          const elders = wanted.map(({ elder }) => elder);
          const covered = await database.read((manager) =>
            coveredElders(manager, elders, scope, dayOf(context.now), openElders),
          );
          answers.set(name, covered);
        }
        return wanted.map(
          ({ elder, operation }) => answers.get(reachNames.get(operation) ?? '')?.has(elder.id) ?? false,
        );
      },
      { maxBatchSize: batchSizeMax, cacheKeyFn: ({ elder, operation }) => `${elder.id} ${operation}` },
    ),

    /** A field of an identity as the caller may see it; whole looks are recorded before anybody gets an answer. */
    identityField: new DataLoader<{ elderId: number; field: IdentityField }, string | null, string>(
      async (wanted) => {
        const elderIds = [...new Set(wanted.map(({ elderId }) => elderId))];
        const today = dayOf(context.now);
        const toVisit = await context.doorsOpen();
        const shown = await database.read((manager) =>
          shownIdentities(manager, elderIds, context.identityScope, today, toVisit),
        );
        const shownValue = ({ elderId, field }: { elderId: number; field: IdentityField }) =>
          shown.get(elderId)?.[field] ?? null;
        await context.noteIdentityLooks(
          wanted.filter(
            (one) => shown.get(one.elderId)?.whole.includes(one.field) && shownValue(one) !== null,
          ),
        );
        return wanted.map(shownValue);
      },
      { maxBatchSize: batchSizeMax, cacheKeyFn: ({ elderId, field }) => `${elderId} ${field}` },
    ),

    categoriesByElder: new DataLoader<number, readonly ElderCategory[]>(
      async (elderIds) => {
        const categories = await database.read((manager) => categoriesOfElders(manager, elderIds));
        return elderIds.map((elderId) => categories.get(elderId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}
