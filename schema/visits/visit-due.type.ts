import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';

/** Who it is has a resolver of its own. */
@ObjectType('VisitDue', {
  simpleResolvers: true,
  description: "An elder of the government's list whom nobody has visited this month, or is to.",
})
export class VisitDueType {
  /** The elder's, for cursors and edges. */
  id!: number;
  /** The last visit, or 1970 without one: what the list is ordered by. */
  startsAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the last visit that was brought began; null when there was none.',
  })
  lastVisitAt!: Date | null;

  @Field(() => DateScalar, {
    description: 'A month after the last visit; without one, a month after the file was begun.',
  })
  dueOn!: string;
}

@ObjectType('VisitDueConnection', { simpleResolvers: true, description: 'A page of elders to be visited.' })
export class VisitDueConnectionType {
  @Field(() => [VisitDueType], { description: 'The elders of this page, soonest due first.' })
  nodes!: VisitDueType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Elders on all pages together.' })
  totalCount!: number | (() => Promise<number>);
}
