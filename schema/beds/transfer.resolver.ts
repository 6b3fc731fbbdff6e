import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  acceptTransfer,
  askTransfer,
  declineTransfer,
  withdrawTransfer,
} from '../../src/beds/ask-transfer.js';
import { openTransfers, type Transfer } from '../../src/beds/read-transfers.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { BedStayType, shownStay } from './bed.type.js';
import { bedReach, requestIdText, shownStayResult, skipReasonText, toldOfStay } from './bed-answer.type.js';
import { type BedRefusalType, BedResultUnion } from './bed-refusal.type.js';
import { StayTransferResultUnion, StayTransferType } from './bed-results.type.js';

const transferId = { description: 'Which transfer.' };
const nobody = 0;

/** A resident who goes on at another facility: asked by one side, answered by the other. */
@Resolver(() => StayTransferType)
export class TransferResolver {
  @Query(() => [StayTransferType], {
    description:
      '[manager] Open transfers to and from a facility, the first to be asked at the head, at most 200; none beyond the caller’s grants.',
  })
  openTransfers(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Either side.' }) facilityId: string,
  ): Promise<StayTransferType[]> {
    const scope = context.scopeFor('openTransfers');
    return context.database.read((manager) =>
      openTransfers(manager, idOf(facilityId) ?? nobody, scope, dayOf(context.now)),
    );
  }

  @FieldResolver(() => BedStayType, { description: 'The stay that is to go on elsewhere.' })
  async stay(@Root() { stayId }: StayTransferType, @Ctx() context: Context): Promise<BedStayType> {
    return shownStay(await context.loaders.stayById.load(stayId));
  }

  @Mutation(() => StayTransferResultUnion, {
    description:
      '[manager] Asks another facility to take a resident over from a day on; nothing changes yet.',
  })
  async askTransfer(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestIdText }) request: string,
    @Arg('stayId', () => ID, { description: 'The stay that is to go on there.' }) stay: string,
    @Arg('facilityId', () => ID, { description: 'The facility that is asked; it has beds.' })
    facility: string,
    @Arg('on', () => DateScalar, { description: 'The first day there.' }) on: string,
  ): Promise<typeof StayTransferResultUnion> {
    const { services, accountId: byId, now } = context;
    const id = await services.ids.take(1);
    const ids = { stayId: assignedIdOf(stay) ?? nobody, facilityId: idOf(facility) ?? nobody };
    const reach = await bedReach(context, 'askTransfer');
    const result = await context.audit.write(
      (manager) => askTransfer(manager, { id, requestId: request, ...ids, on, byId, now }, reach),
      { told: toldOfTransfer },
    );
    return shown(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[manager] Takes the resident over into a bed of the facility that was asked, in one step.',
  })
  async acceptTransfer(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestIdText }) request: string,
    @Arg('transferId', () => ID, transferId) transfer: string,
    @Arg('bedId', () => ID, { description: 'The bed to move to.' }) bed: string,
    @Arg('on', () => DateScalar, {
      nullable: true,
      description: 'The first day in it; the day that was asked for without it.',
    })
    on: string | null | undefined,
    @Arg('skipReason', () => String, { nullable: true, description: skipReasonText })
    skip: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const id = await services.ids.take(1);
    const ids = { transferId: assignedIdOf(transfer) ?? nobody, bedId: idOf(bed) ?? nobody };
    const wanted = { id, requestId: request, ...ids, on: on ?? null, skipReason: skip ?? null, byId, now };
    const reach = await bedReach(context, 'acceptTransfer');
    const result = await context.audit.write(
      (manager) => acceptTransfer(manager, wanted, reach, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => StayTransferResultUnion, {
    description: '[manager] The facility that was asked does not take the resident over. Again is as once.',
  })
  async declineTransfer(
    @Ctx() context: Context,
    @Arg('transferId', () => ID, transferId) transfer: string,
    @Arg('note', () => String, {
      nullable: true,
      description: 'Why, for the other side, at most 200 characters.',
    })
    note: string | null | undefined,
  ): Promise<typeof StayTransferResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { transferId: assignedIdOf(transfer) ?? nobody, note: note ?? null, byId, now };
    const reach = await bedReach(context, 'declineTransfer');
    const result = await context.audit.write((manager) => declineTransfer(manager, wanted, reach), {
      told: toldOfTransfer,
    });
    return shown(result, context);
  }

  @Mutation(() => StayTransferResultUnion, {
    description: '[manager] The facility that asked takes the question back. Again is as once.',
  })
  async withdrawTransfer(
    @Ctx() context: Context,
    @Arg('transferId', () => ID, transferId) transfer: string,
  ): Promise<typeof StayTransferResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { transferId: assignedIdOf(transfer) ?? nobody, byId, now };
    const reach = await bedReach(context, 'withdrawTransfer');
    const result = await context.audit.write((manager) => withdrawTransfer(manager, wanted, reach), {
      told: toldOfTransfer,
    });
    return shown(result, context);
  }
}

function toldOfTransfer(result: Transfer | Refusal<string>) {
  if (isRefusal(result)) return {};
  return { facilityId: result.fromFacilityId, subject: `transfer:${result.id}` };
}

function shown(
  result: Transfer | Refusal<BedRefusalType['code']>,
  context: Context,
): StayTransferType | BedRefusalType {
  return isRefusal(result) ? shownRefusal(result, context.language) : result;
}
