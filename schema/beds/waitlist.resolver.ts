import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { answerNotInService } from '../shared/not-in-service.js';
import { DateScalar } from '../shared/scalars.js';
import { BedResultUnion, WaitlistResultUnion } from './bed-refusal.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';
import { WaitlistEntryType } from './waitlist.type.js';

/** Waiting lists and the offers made from them: in the contract, and not in service yet (docs/decisions/0007). */
@Resolver()
export class WaitlistResolver {
  @Query(() => [WaitlistEntryType], { description: '[manager] Who waits for a bed, the next in line first.' })
  waitlist(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Where they wait.' }) _facilityId: string,
    @Arg('type', () => BedTypeEnum, {
      nullable: true,
      description: 'Only for this type; for every type without it.',
    })
    _type?: BedTypeValue,
  ): WaitlistEntryType[] {
    return answerNotInService(context);
  }

  @Mutation(() => WaitlistResultUnion, { description: '[manager, family] Puts an elder on a waiting list.' })
  joinWaitlist(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, {
      description: 'A UUID the caller makes; sending it again returns the first answer.',
    })
    _requestId: string,
    @Arg('elderId', () => ID, { description: 'Who is to wait.' }) _elderId: string,
    @Arg('facilityId', () => ID, { description: 'Where.' }) _facilityId: string,
    @Arg('type', () => BedTypeEnum, { description: 'For which type of bed.' }) _type: BedTypeValue,
  ): typeof WaitlistResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => WaitlistResultUnion, {
    description:
      '[manager] Offers the bed to the next in line, or to the named entry with a recorded reason.',
  })
  offerBed(
    @Ctx() context: Context,
    @Arg('bedId', () => ID, { description: 'Which bed.' }) _bedId: string,
    @Arg('entryId', () => ID, {
      nullable: true,
      description: 'The entry to offer it to; the next in line without it.',
    })
    _entryId?: string,
    @Arg('skipReason', () => String, {
      nullable: true,
      description: 'Why others are passed over; needed when the entry is not the next in line.',
    })
    _skipReason?: string,
  ): typeof WaitlistResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => BedResultUnion, { description: '[family, manager] Takes the bed that was offered.' })
  acceptOffer(
    @Ctx() context: Context,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) _offerId: string,
    @Arg('from', () => DateScalar, { description: 'The first day of the stay.' }) _from: string,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => WaitlistResultUnion, {
    description: '[family, manager] Leaves the bed to the next in line.',
  })
  declineOffer(
    @Ctx() context: Context,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) _offerId: string,
    @Arg('reason', () => String, { description: 'Why; kept with the entry.' }) _reason: string,
  ): typeof WaitlistResultUnion {
    return answerNotInService(context);
  }
}
