import DataLoader from 'dataloader';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { placesShowing } from '../../src/access/caller.js';
import { showsOfVisited } from '../../src/access/caregiver-scope.js';
import type { FieldGroup } from '../../src/access/field-groups.js';
import type { CityCategoryTerms } from '../../src/elders/city-categories.js';
import { categoriesOfElders, cityCategoriesOfElders } from '../../src/elders/elder-categories.js';
import { type ElderContact, shownContacts, wholeAmong } from '../../src/elders/elder-contacts.js';
import { type Door, doorsOf } from '../../src/elders/elder-door.js';
import { eldersCovered } from '../../src/elders/elder-scope.js';
import { eldersById } from '../../src/elders/find-elders.js';
import { levelsOn } from '../../src/elders/read-assessments.js';
import type { IdentityField } from '../../src/elders/sealed-fields.js';
import { shownIdentities } from '../../src/elders/shown-identities.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { type ElderType, shownElder } from '../elders/elder.type.js';
import { batchSizeMax, groupedLoader } from './grouped-loader.js';

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

    /** The ability level on the day that is shared. */
    abilityLevelOn: groupedLoader((ids, day: string) =>
      database.read((manager) => levelsOn(manager, ids, day)),
    ),

    /** Whether the elder lies, today, where the caller may ask the operation that is shared. */
    elderCovered: groupedLoader(async (ids, operation: string) => {
      const scope = await context.elderScopeFor(operation);
      const today = dayOf(context.now);
      const covered = await database.read((manager) => eldersCovered(manager, scope, ids, today));
      return new Map(ids.map((id) => [id, covered.has(id)]));
    }),

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

    /** Whether the caller's grants at places, or its own visits, show the group that is shared of the elder. */
    elderShown: groupedLoader(async (ids, group: FieldGroup) => {
      const { caller } = context;
      const places = caller ? placesShowing(caller, group) : [];
      const elderIds = caller && showsOfVisited(caller, group) ? await context.eldersOpenFor('elder') : [];
      const today = dayOf(context.now);
      const covered = await database.read((manager) =>
        eldersCovered(manager, { places, elderIds }, ids, today),
      );
      return new Map(ids.map((id) => [id, covered.has(id)]));
    }),

    /** Whom to ring, as the caller may see it; whole looks are recorded before anybody gets an answer. */
    contactsByElder: new DataLoader<number, readonly ElderContact[]>(
      async (elderIds) => {
        const today = dayOf(context.now);
        const toVisit = await context.doorsOpen();
        const shown = await database.read((manager) =>
          shownContacts(manager, elderIds, context.identityScope, today, toVisit),
        );
        const whole = elderIds.filter((id) => {
          const own = shown.get(id);
          return own?.isWhole && own.contacts.length > 0;
        });
        await context.noteIdentityLooks(whole.map((elderId) => ({ elderId, field: 'emergencyContacts' })));
        return elderIds.map((id) => shown.get(id)?.contacts ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** How doors are found, for whom they are shown to; each look is recorded. */
    doorByElder: new DataLoader<number, Door | null>(
      async (elderIds) => {
        const today = dayOf(context.now);
        const toVisit = await context.doorsOpen();
        const found = await database.read(async (manager) => {
          const whole = await wholeAmong(manager, elderIds, context.identityScope, today, toVisit);
          const doors = await doorsOf(manager, elderIds);
          return new Map([...doors].filter(([id]) => whole.has(id)));
        });
        await context.noteIdentityLooks([...found.keys()].map((elderId) => ({ elderId, field: 'door' })));
        return elderIds.map((id) => found.get(id) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),

    categoriesByElder: new DataLoader<number, readonly ElderCategory[]>(
      async (elderIds) => {
        const categories = await database.read((manager) => categoriesOfElders(manager, elderIds));
        return elderIds.map((elderId) => categories.get(elderId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    cityCategoriesByElder: new DataLoader<number, readonly CityCategoryTerms[]>(
      async (elderIds) => {
        const categories = await database.read((manager) => cityCategoriesOfElders(manager, elderIds));
        return elderIds.map((elderId) => categories.get(elderId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}
