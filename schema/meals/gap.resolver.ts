import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { explainGap, findGaps, gapState } from '../../src/meals/explain-gap.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { cursorOf, readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { GapResultUnion, SequenceGapConnectionType } from './gap.type.js';

const pageSize = 50;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver()
export class GapResolver {
  @Query(() => SequenceGapConnectionType, {
    nullable: true,
    description:
      '[manager] The gaps in a reader’s numbers over its whole life; null when there is no such reader in the caller’s scope.',
  })
  async sequenceGaps(
    @Ctx() context: Context,
    @Arg('readerId', () => ID, { description: 'The reader.' }) readerId: string,
    @Arg('explained', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description: 'True for those that were explained, false for those that are missing.',
    })
    explained: boolean | null,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<SequenceGapConnectionType | null> {
    const page = readPage(first ?? pageSize, after, context.language);
    // A cursor holds one more than the number behind which it lies, because a number may be 0.
    const behind = typeof after === 'string' ? page.afterId - 1 : undefined;
    const asked = { readerId: idOf(readerId) ?? nobody, explained: explained ?? false, now: context.now };
    const scope = context.scopeFor('sequenceGaps');
    const found = await context.database.read((manager) =>
      findGaps(manager, asked, { after: behind, rowsMax: page.first + 1 }, scope),
    );
    if (!found) {
      await context.audit.refused('sequenceGaps', notFound, { readerId });
      return null;
    }
    const nodes = found.slice(0, page.first);
    const last = nodes.at(-1);
    return {
      nodes,
      pageInfo: { hasNextPage: found.length > page.first, endCursor: last ? cursorOf(last.from + 1) : null },
    };
  }

  @Mutation(() => GapResultUnion, {
    description:
      '[manager] Says why numbers of a reader’s counter are missing; they are no longer listed as missing. The same again is answered as the first time.',
  })
  async explainGap(
    @Ctx() context: Context,
    @Arg('readerId', () => ID, { description: 'The reader.' }) readerId: string,
    @Arg('fromSequence', () => Int, { description: 'The first of the missing numbers.' })
    fromSequence: number,
    @Arg('toSequence', () => Int, { description: 'The last of them, in the same gap.' })
    toSequence: number,
    @Arg('reason', () => String, { description: 'Why these swipes will not come, 1 to 200 characters.' })
    reason: string,
  ): Promise<typeof GapResultUnion> {
    const { accountId: byId, now } = context;
    const given = { readerId: idOf(readerId) ?? nobody, fromSequence, toSequence, reason, byId, now };
    const scope = context.scopeFor('explainGap');
    const result = await context.audit.write((manager) => explainGap(manager, given, scope), {
      state: async (_manager, done) => (done && !isRefusal(done) ? gapState(done) : undefined),
    });
    if (isRefusal(result)) return shownRefusal(result, context.language);
    context.loaders.missingSequencesByReader.clear(result.readerId);
    return result;
  }
}
