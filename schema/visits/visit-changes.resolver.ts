import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { answerNotInService } from '../shared/not-in-service.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { BookVisitInput } from './book-visit.input.js';
import { VisitResultUnion } from './visit-refusal.type.js';
import { VisitSlotType } from './visit-slot.type.js';

const visitId = 'Which visit.';

/** Booking and moving: in the contract, and not in service yet (docs/decisions/0007). */
@Resolver()
export class VisitChangesResolver {
  @Query(() => [VisitSlotType], {
    description:
      '[family, manager] Times over [from, to) at which the service could be brought to the elder.',
  })
  visitSlots(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'Who is to be visited.' }) _elderId: string,
    @Arg('serviceCode', () => String, { description: 'The code of a Service.' }) _serviceCode: string,
    @Arg('from', () => DateTimeScalar, { description: 'The earliest start.' }) _from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'The end of the time asked about, itself left out.' })
    _to: Date,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 20,
      description: 'How many slots at most, the earliest first.',
    })
    _first: number,
  ): VisitSlotType[] {
    return answerNotInService(context);
  }

  @Mutation(() => VisitResultUnion, {
    description: '[family, manager] Books a visit, or all visits of a series.',
  })
  bookVisit(
    @Ctx() context: Context,
    @Arg('input', () => BookVisitInput, { description: 'What is booked.' }) _input: BookVisitInput,
  ): typeof VisitResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => VisitResultUnion, { description: '[family, manager] Moves a visit to another time.' })
  rescheduleVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) _visitId: string,
    @Arg('startsAt', () => DateTimeScalar, { description: 'The new start; it lasts as long as before.' })
    _startsAt: Date,
  ): typeof VisitResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => VisitResultUnion, { description: '[family, manager] Calls a visit off.' })
  cancelVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) _visitId: string,
    @Arg('reason', () => String, { description: 'Why; kept with the visit.' }) _reason: string,
  ): typeof VisitResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => VisitResultUnion, { description: '[manager] Gives a visit to a caregiver.' })
  assignVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) _visitId: string,
    @Arg('caregiverId', () => ID, { description: 'Who shall bring it.' }) _caregiverId: string,
  ): typeof VisitResultUnion {
    return answerNotInService(context);
  }
}
