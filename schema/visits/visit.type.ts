import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ElderType } from '../elders/elder.type.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { CaregiverType } from './caregiver.type.js';
import { ServiceType } from './service.type.js';
import { VisitStatusEnum, type VisitStatusValue } from './visit-status.type.js';

@ObjectType('Visit', {
  simpleResolvers: true,
  description: 'One service brought to one elder at home at one time.',
})
export class VisitType {
  @Field(() => ID, { description: "The visit's identifier, never given to another." })
  id!: number;

  @Field(() => ElderType, { description: 'Who is visited; an elder has no two visits at once.' })
  elder!: ElderType;

  @Field(() => ServiceType, { description: 'What is brought.' })
  service!: ServiceType;

  @Field(() => VisitStatusEnum, { description: 'Where the visit stands in its life cycle.' })
  status!: VisitStatusValue;

  @Field(() => DateTimeScalar, { description: 'When it begins. Half-open: [startsAt, endsAt).' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends; another may begin at this very instant.' })
  endsAt!: Date;

  @Field(() => CaregiverType, {
    nullable: true,
    description: 'Who brings it; null until one is assigned. A caregiver has no two visits at once.',
  })
  caregiver!: CaregiverType | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When the caregiver checked in at the elder's home; null before.",
  })
  checkedInAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the caregiver checked out; null before.',
  })
  checkedOutAt!: Date | null;

  @Field(() => FenScalar, { description: "What of the price the government's hours pay, in fen." })
  subsidyFen!: number;

  @Field(() => FenScalar, {
    description: 'What of the price the family pays, in fen: all that the hours do not.',
  })
  selfPaidFen!: number;
}

@ObjectType('VisitConnection', { simpleResolvers: true, description: 'A page of visits.' })
export class VisitConnectionType {
  @Field(() => [VisitType], { description: 'The visits of this page.' })
  nodes!: VisitType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Visits on all pages together.' })
  totalCount!: number | (() => Promise<number>);
}
