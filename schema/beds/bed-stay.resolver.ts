import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { answerNotInService } from '../shared/not-in-service.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';
import { BedResultUnion } from './bed-refusal.type.js';

const requestId = 'A UUID the caller makes; sending it again returns the first answer.';
const bedId = 'Which bed.';
const elderId = 'Who gets the bed.';
const stayId = 'Which stay.';

/** What can be done with stays: in the contract, and not in service yet (docs/decisions/0007). */
@Resolver()
export class BedStayResolver {
  @Mutation(() => BedResultUnion, {
    description: '[manager] Keeps a bed until expiresAt at the latest; then it is free again by itself.',
  })
  holdBed(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestId }) _requestId: string,
    @Arg('bedId', () => ID, { description: bedId }) _bedId: string,
    @Arg('elderId', () => ID, { description: elderId }) _elderId: string,
    @Arg('from', () => DateScalar, { description: 'The day on which the elder is expected.' }) _from: string,
    @Arg('expiresAt', () => DateTimeScalar, {
      description: 'When the hold ends unless the elder was admitted.',
    })
    _expiresAt: Date,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => BedResultUnion, { description: '[manager] From a hold, or straight in.' })
  admit(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestId }) _requestId: string,
    @Arg('bedId', () => ID, { description: bedId }) _bedId: string,
    @Arg('elderId', () => ID, { description: elderId }) _elderId: string,
    @Arg('from', () => DateScalar, { description: 'The first day of the stay.' }) _from: string,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => BedResultUnion, {
    description:
      '[manager] One step: the old stay ends and the new one begins on that day, or nothing changes.',
  })
  transferStay(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestId }) _requestId: string,
    @Arg('stayId', () => ID, { description: stayId }) _stayId: string,
    @Arg('bedId', () => ID, { description: 'The bed to move to.' }) _bedId: string,
    @Arg('on', () => DateScalar, { description: 'The first day in the new bed.' }) _on: string,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[manager] The resident goes away for a time; the bed is kept.',
  })
  startLeave(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: stayId }) _stayId: string,
    @Arg('on', () => DateScalar, { description: 'The first day away.' }) _on: string,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => BedResultUnion, { description: '[manager] The resident is back.' })
  endLeave(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: stayId }) _stayId: string,
    @Arg('on', () => DateScalar, { description: 'The first day back.' }) _on: string,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => BedResultUnion, { description: '[manager] Ends a stay; the bed is free from that day on.' })
  discharge(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: stayId }) _stayId: string,
    @Arg('on', () => DateScalar, { description: 'The first day that is no longer part of the stay.' })
    _on: string,
    @Arg('reason', () => String, { description: 'Why; kept with the stay.' }) _reason: string,
  ): typeof BedResultUnion {
    return answerNotInService(context);
  }
}
