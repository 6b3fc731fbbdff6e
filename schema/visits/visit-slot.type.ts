import { Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('VisitSlot', {
  simpleResolvers: true,
  description: 'A time at which a visit could be booked.',
})
export class VisitSlotType {
  @Field(() => DateTimeScalar, {
    description: 'The start of the visit; the slot is half-open: [startsAt, endsAt).',
  })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'The end of the visit, itself no longer part of it.' })
  endsAt!: Date;

  @Field(() => Int, { description: 'Caregivers with the skill who are free then, travel counted.' })
  caregivers!: number;
}
