import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import type { Connection } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { readStartPage, startConnectionOf } from '../shared/start-paging.js';
import { type ShownVisit, VisitConnectionType } from './visit.type.js';

const pageSize = 20;

/** The edge from an elder to the elder's visits. */
@Resolver(() => ElderType)
export class ElderVisitsResolver {
  @FieldResolver(() => VisitConnectionType, {
    description:
      "The elder's visits that start over [from, to), cancelled ones too, in order of start: those of stations that the caller's grants cover, all to a relative with the right BOOKING, and of a caregiver its own. Of the group BOOKING: FORBIDDEN to a relative without that right.",
  })
  async visits(
    @Root() { id }: ElderType,
    @Ctx() { loaders, language }: Context,
    @Arg('from', () => DateTimeScalar, { nullable: true, description: 'The earliest start; all without it.' })
    from: Date | null | undefined,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'The first start left out; none without it.',
    })
    to: Date | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<ShownVisit>> {
    const page = readStartPage(first ?? pageSize, after, language);
    const shared = { from: from ?? undefined, to: to ?? undefined };
    const rows = await loaders.visitsByElder.load({
      id,
      shared: { ...shared, after: page.after, rowsMax: page.first + 1 },
    });
    return startConnectionOf(rows, page.first, () => loaders.visitsByElderCount.load({ id, shared }));
  }
}
