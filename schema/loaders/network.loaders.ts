import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Facility, FacilityKind } from '../../entities/network/facility.entity.js';
import { placesShowing } from '../../src/access/caller.js';
import type { FieldGroup } from '../../src/access/field-groups.js';
import { type BedCounts, countBeds } from '../../src/beds/count-beds.js';
import { countElders } from '../../src/elders/count-elders.js';
import { type MealTotals, mealTotals } from '../../src/meals/meal-totals.js';
import { ancestorFacilitiesOf } from '../../src/network/ancestor-facilities.js';
import { type ChildrenPage, childrenOf, countChildren } from '../../src/network/children.js';
import { countFacilitiesByKind, type KindCount } from '../../src/network/count-facilities.js';
import { facilitiesById } from '../../src/network/find-facilities.js';
import { coveredAmong } from '../../src/network/scope.js';
import { type Day, dayOf } from '../../src/shared/china-time.js';
import { countVisits, type VisitCounts } from '../../src/visits/count-visits.js';
import type { Context } from '../context.js';
import { batchSizeMax, type GroupedLoader, groupedLoader } from './grouped-loader.js';

export interface NetworkLoaders {
  /** The facility at the end of an edge, a closed one too; an id that nobody has is an error. */
  facilityById: DataLoader<number, Facility>;
  /** From the root down to the parent, today. */
  facilityAncestors: DataLoader<number, Facility[]>;
  /** A page of open facilities directly beneath, today. */
  facilityChildren: GroupedLoader<ChildrenPage, Facility[]>;
  facilityChildrenCount: GroupedLoader<{ kind: FacilityKind | undefined }, number>;
  /** Whether the facility lies, today, where the caller may ask the operation that is shared. */
  facilityCovered: GroupedLoader<string, boolean>;
  /** Whether the caller's grants at places show the group that is shared at the facility, today. */
  facilityShown: GroupedLoader<FieldGroup, boolean>;
  /** What is shared is the day. */
  rollupFacilities: GroupedLoader<Day, KindCount[]>;
  rollupElders: GroupedLoader<Day, number>;
  rollupMeals: GroupedLoader<Day, MealTotals>;
  rollupBeds: GroupedLoader<Day, BedCounts>;
  rollupVisits: GroupedLoader<Day, VisitCounts>;
}

export function networkLoaders(context: Context): NetworkLoaders {
  const { database } = context;
  const today = dayOf(context.now);
  const counted = <Value>(
    count: (manager: EntityManager, roots: readonly number[], day: Day) => Promise<Map<number, Value>>,
  ) => groupedLoader((ids, day: Day) => database.read((manager) => count(manager, ids, day)));

  return {
    facilityById: new DataLoader(
      async (ids: readonly number[]) => {
        const found = await database.read((manager) => facilitiesById(manager, ids));
        return ids.map((id) => found.get(id) ?? new Error(`there is no facility ${id}`));
      },
      { maxBatchSize: batchSizeMax },
    ),
    facilityAncestors: new DataLoader(
      async (ids: readonly number[]) => {
        const found = await database.read((manager) => ancestorFacilitiesOf(manager, ids, today));
        return ids.map((id) => found.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    facilityChildren: groupedLoader((ids, page: ChildrenPage) =>
      database.read((manager) => childrenOf(manager, ids, page, today)),
    ),
    facilityChildrenCount: groupedLoader((ids, { kind }: { kind: FacilityKind | undefined }) =>
      database.read((manager) => countChildren(manager, ids, kind, today)),
    ),
    facilityCovered: groupedLoader(async (ids, operation: string) => {
      const scope = context.scopeFor(operation);
      const covered = await database.read((manager) => coveredAmong(manager, scope, ids, today));
      return new Map(ids.map((id) => [id, covered.has(id)]));
    }),
    facilityShown: groupedLoader(async (ids, group: FieldGroup) => {
      const scope = context.caller ? placesShowing(context.caller, group) : [];
      const covered = await database.read((manager) => coveredAmong(manager, scope, ids, today));
      return new Map(ids.map((id) => [id, covered.has(id)]));
    }),
    rollupFacilities: counted(countFacilitiesByKind),
    rollupElders: counted(countElders),
    rollupMeals: counted(mealTotals),
    rollupBeds: counted((manager, roots, day) => countBeds(manager, roots, day, context.now)),
    rollupVisits: counted(countVisits),
  };
}
