import { Field, ID, InputType } from 'type-graphql';
import { DateTimeScalar } from '../shared/scalars.js';

@InputType('BookVisitInput', { description: 'A visit to be booked, or a series of them.' })
export class BookVisitInput {
  @Field(() => ID, { description: 'A UUID; sending it again returns the first answer.' })
  requestId!: string;

  @Field(() => ID, { description: 'Who is to be visited.' })
  elderId!: string;

  @Field(() => String, { description: 'What is to be brought: the code of a Service.' })
  serviceCode!: string;

  @Field(() => DateTimeScalar, { description: 'When the visit, or the first of the series, begins.' })
  startsAt!: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'A caregiver asked for by name; any suitable one without it.',
  })
  caregiverId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'RFC 5545 RRULE; every occurrence is booked, or none is.',
  })
  recurrence?: string | null;

  @Field(() => String, { nullable: true, description: 'What the caregiver should know beforehand.' })
  note?: string | null;
}
