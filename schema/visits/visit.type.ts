import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FoundVisit } from '../../src/visits/find-visits.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { VisitStatusEnum, type VisitStatusValue } from './visit-status.type.js';

/** What the resolvers of a visit's edges are handed. */
export type ShownVisit = FoundVisit;

/** Whom it is for, what is brought, by whom and who pays have resolvers of their own. */
@ObjectType('Visit', {
  simpleResolvers: true,
  description: 'One service brought to one elder at home at one time.',
})
export class VisitType {
  @Field(() => ID, { description: "The visit's identifier, never given to another." })
  id!: number;

  @Field(() => VisitStatusEnum, { description: 'Where the visit stands in its life cycle.' })
  status!: VisitStatusValue;

  @Field(() => DateTimeScalar, { description: 'When it begins. Half-open: [startsAt, endsAt).' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, {
    description: 'When it ends, a day later at most; another may begin at this very instant.',
  })
  endsAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When the first caregiver checked in at the elder's home; null before.",
  })
  checkedInAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the last caregiver checked out; null before.',
  })
  checkedOutAt!: Date | null;

  @Field(() => Int, {
    description: 'One more with every change, so that what is known of a visit can be told from newer news.',
  })
  version!: number;
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
