import { Arg, Ctx, Float, ID, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { answerNotInService } from '../shared/not-in-service.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { VisitResultUnion } from './visit-refusal.type.js';

const visitId = 'Which visit.';
const at = "The clock of the caregiver's device at that moment.";
const latitude = 'Where the caregiver stands, in degrees north (WGS 84).';
const longitude = 'Where the caregiver stands, in degrees east (WGS 84).';

/** Carrying a visit out: in the contract, and not in service yet (docs/decisions/0007). */
@Resolver()
export class VisitCareResolver {
  @Mutation(() => VisitResultUnion, {
    description: "[caregiver] The caregiver has arrived at the elder's home.",
  })
  checkIn(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) _visitId: string,
    @Arg('at', () => DateTimeScalar, { description: at }) _at: Date,
    @Arg('latitude', () => Float, { description: latitude }) _latitude: number,
    @Arg('longitude', () => Float, { description: longitude }) _longitude: number,
  ): typeof VisitResultUnion {
    return answerNotInService(context);
  }

  @Mutation(() => VisitResultUnion, { description: '[caregiver] The caregiver leaves; the visit is done.' })
  checkOut(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) _visitId: string,
    @Arg('at', () => DateTimeScalar, { description: at }) _at: Date,
    @Arg('latitude', () => Float, { description: latitude }) _latitude: number,
    @Arg('longitude', () => Float, { description: longitude }) _longitude: number,
  ): typeof VisitResultUnion {
    return answerNotInService(context);
  }
}
