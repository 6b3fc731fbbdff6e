import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { canteenOf } from '../../src/access/caller.js';
import { done } from '../../src/audit-log/audit-record.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { ReaderSnapshotResultUnion, SnapshotKeyType } from './reader-snapshot.type.js';

const pageSize = 1000;

/** What readers fetch while they are online, so that they can decide while they are not. */
@Resolver()
export class ReaderSnapshotResolver {
  @Query(() => ReaderSnapshotResultUnion, {
    description:
      '[reader] A page of what the readers of a canteen need to decide alone: its cards, what the rules leave to them, and which cards are blocked. The whole list first, and then what changed since a version.',
  })
  async readerSnapshot(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: 'The canteen that the reader is bound to.' })
    canteenId: string,
    @Arg('since', () => String, {
      nullable: true,
      description:
        'The version of the last page that was applied. Left out for the whole list, which is given too when it is no longer known what changed since then.',
    })
    since: string | null | undefined,
    @Arg('itemsMax', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many cards and entitlements the page may hold, 1 to 5000.',
    })
    itemsMax: number | null,
  ): Promise<typeof ReaderSnapshotResultUnion> {
    const { caller, services, now, language, audit } = context;
    const own = caller && canteenOf(caller);
    if (own === undefined) throw forbidden(language);
    const { stays } = services;
    const given = await services.readerLists.page({
      canteenId: idOf(canteenId),
      reader: { readerId: context.accountId, canteenId: own },
      since: since ?? undefined,
      itemsMax: itemsMax ?? pageSize,
      now,
      ...(stays ? { stays } : {}),
    });
    if (isRefusal(given)) {
      await audit.refused('readerSnapshot', given.refused, { canteenId });
      return shownRefusal(given, language);
    }
    // Who takes the whole list takes it away; what changes in it afterwards need not be told each time.
    if (given.full) await audit.note({ operation: 'readerSnapshot', result: done, facilityId: own });
    return { page: given.page };
  }

  @Query(() => [SnapshotKeyType], {
    description:
      '[reader] The public keys of pages: the first signs now, the others did or will. None where the platform gives readers no lists.',
  })
  readerSnapshotKeys(@Ctx() { services }: Context): SnapshotKeyType[] {
    return [...services.readerLists.publicKeys];
  }
}
