import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { type Connection, connectionOf, readPage } from '../shared/paging.js';
import { DateScalar } from '../shared/scalars.js';
import { FacilityConnectionType, FacilityType } from './facility.type.js';
import { FacilityKindEnum } from './facility-kind.type.js';
import { NetworkRollupType } from './network-rollup.type.js';

const childrenPageSize = 20;

/** From a facility to those around it and to its totals; many facilities are answered at once. */
@Resolver(() => FacilityType)
export class FacilityEdgesResolver {
  @FieldResolver(() => FacilityType, {
    nullable: true,
    description: 'Beneath which facility it stands today; null for a city centre.',
  })
  async parent(@Root() { id }: FacilityType, @Ctx() { loaders }: Context): Promise<FacilityType | null> {
    return (await loaders.facilityAncestors.load(id)).at(-1) ?? null;
  }

  @FieldResolver(() => [FacilityType], {
    description: 'From the root down to the parent, as the tree stands today; empty for a city centre.',
  })
  ancestors(@Root() { id }: FacilityType, @Ctx() { loaders }: Context): Promise<FacilityType[]> {
    return loaders.facilityAncestors.load(id);
  }

  @FieldResolver(() => FacilityConnectionType, {
    description: 'The open facilities that stand directly beneath it today.',
  })
  async children(
    @Root() { id }: FacilityType,
    @Ctx() { language, loaders }: Context,
    @Arg('kind', () => FacilityKindEnum, {
      nullable: true,
      description: 'Only facilities of this kind; all without it.',
    })
    kind: FacilityKind | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: childrenPageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<FacilityType>> {
    const page = readPage(first ?? childrenPageSize, after, language);
    const shared = { kind: kind ?? undefined };
    const rows = await loaders.facilityChildren.load({
      id,
      shared: { ...shared, afterId: page.afterId, rowsMax: page.first + 1 },
    });
    return connectionOf(rows, page.first, () => loaders.facilityChildrenCount.load({ id, shared }));
  }

  @FieldResolver(() => NetworkRollupType, {
    description:
      '[manager] Totals over this facility and everything beneath it. FORBIDDEN outside what the caller’s grants cover.',
  })
  async rollup(
    @Root() { id }: FacilityType,
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, {
      nullable: true,
      description: 'The day counted, with the tree of that day; today when left out.',
    })
    on: string | null | undefined,
  ): Promise<NetworkRollupType> {
    const covered = await context.loaders.facilityCovered.load({ id, shared: 'Facility.rollup' });
    if (!covered) throw forbidden(context.language);
    return { facilityId: id, on: on ?? dayOf(context.now) };
  }
}
