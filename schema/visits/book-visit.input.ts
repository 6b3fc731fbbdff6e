import { Field, ID, InputType, Int } from 'type-graphql';
import type { BookingWanted } from '../../src/visits/decide-booking.js';
import { idOf } from '../shared/ids.js';
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

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True to leave out occurrences on public holidays; they are booked like other days without it.',
  })
  skipHolidays?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes earlier or later a plan may let it begin, 0 to 720; 0 without it.',
  })
  flexMinutes?: number | null;
}

/** The booking that an input asks for; an id that can be nobody's is nobody's. */
export function bookingOf(input: BookVisitInput): BookingWanted {
  const { requestId, serviceCode, startsAt, recurrence, note, skipHolidays, flexMinutes } = input;
  return {
    requestId,
    elderId: idOf(input.elderId) ?? 0,
    serviceCode,
    startsAt,
    caregiverId: typeof input.caregiverId === 'string' ? (idOf(input.caregiverId) ?? 0) : null,
    recurrence: recurrence ?? null,
    skipHolidays: skipHolidays ?? false,
    flexMinutes: flexMinutes ?? 0,
    note: note ?? null,
  };
}
