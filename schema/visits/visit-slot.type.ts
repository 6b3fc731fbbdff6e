import { Field, Int, ObjectType } from 'type-graphql';
import type { Slot } from '../../src/visits/slots.rules.js';
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

export function shownSlot({ fromMs, toMs, caregivers }: Slot): VisitSlotType {
  return { startsAt: new Date(fromMs), endsAt: new Date(toMs), caregivers };
}
