import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { CancelCause, VisitEventKind } from '../../entities/visits/visit-event.entity.js';
import type { CancelledBy } from '../../src/visits/find-agreements.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { VisitStatusEnum, type VisitStatusValue } from './visit-status.type.js';

@ObjectType('VisitAgreement', {
  simpleResolvers: true,
  description: 'What was agreed about a visit when it was booked or moved last.',
})
export class VisitAgreementType {
  @Field(() => DateTimeScalar, {
    description: 'The start that the family was told; a plan may move a visit within flexMinutes of it.',
  })
  promisedAt!: Date;

  @Field(() => Int, {
    description: 'How many minutes earlier or later than promised it may begin, 0 to 720.',
  })
  flexMinutes!: number;

  @Field(() => Int, { description: 'Minutes of government hours that pay it; 0 for none.' })
  hoursMinutes!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The series it was booked with; null for a visit that was booked alone.',
  })
  seriesId!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The RRULE of its series (RFC 5545); null without one.',
  })
  recurrence!: string | null;

  @Field(() => Int, { description: 'Its place in the series, from 0; 0 for a visit that was booked alone.' })
  occurrence!: number;
}

export const VisitEventKindEnum = enumeration<VisitEventKind>(
  'VisitEventKind',
  'What was done with a visit.',
  {
    BOOK: 'Booked, its caregivers chosen.',
    ASSIGN: 'Given to a caregiver, or to others.',
    UNASSIGN: 'Its caregiver fell away; somebody else has to be found.',
    RESCHEDULE: 'Moved to another time.',
    CANCEL: 'Called off.',
    CHECK_IN: 'A caregiver arrived.',
    CHECK_OUT: 'A caregiver left.',
    MISS: 'Nobody came in time.',
  },
);

export const CancelCauseEnum = enumeration<CancelCause>(
  'VisitCancelCause',
  'On whose account a visit is called off; by it is decided what a late calling off costs.',
  {
    FAMILY: 'The elder’s side: past the notice, hours go as the rules of their grants say.',
    STATION: 'The station’s own: the elder loses no hours, and nobody pays for the visit.',
  },
);

export const CancelledByEnum = enumeration<CancelledBy>(
  'VisitCancelledBy',
  'Who called a visit off, or what did.',
  {
    FAMILY: 'The elder’s side, or the station on its account.',
    STATION: 'The station, on its own account; also when an objection of the family was upheld.',
    STAY: 'The platform, because the elder lives in an institution or is in hospital then.',
    END: 'The platform, because the elder’s file ended.',
  },
);

@ObjectType('VisitEvent', {
  simpleResolvers: true,
  description: 'A step in the life of a visit; never changed.',
})
export class VisitEventType {
  @Field(() => Int, { description: 'The version of the visit that the step made, from 1 without gaps.' })
  version!: number;

  @Field(() => VisitEventKindEnum, { description: 'What was done.' })
  kind!: VisitEventKind;

  @Field(() => VisitStatusEnum, { description: 'How the visit stood after it.' })
  status!: VisitStatusValue;

  @Field(() => DateTimeScalar, { description: 'When the visit was to begin after it.' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was done.' })
  at!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The name of who did it; null for the platform itself and for what was imported.',
  })
  by!: string | null;

  @Field({ description: 'True when the station went past a rule that binds families, such as the notice.' })
  isOverride!: boolean;

  @Field(() => CancelCauseEnum, {
    nullable: true,
    description:
      'On whose account it was called off; null of other steps, and where the platform did it by itself.',
  })
  causedBy!: CancelCause | null;

  @Field(() => String, { nullable: true, description: 'Why, as it was written; null where nothing was.' })
  reason!: string | null;
}
