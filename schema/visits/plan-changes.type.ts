import { Field, ID, ObjectType } from 'type-graphql';
import type { PlannedChange } from '../../src/visits/plans/plan-changes.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { PlanType } from './plan.type.js';

/** The visit and the caregivers have resolvers of their own. */
@ObjectType('VisitPlanChange', {
  simpleResolvers: true,
  description: 'A visit before and after a plan, or one that the plan leaves out, and why.',
})
export class PlanChangeType {
  /** For the edges to the visit and to the caregivers; not fields of the graph. */
  change!: PlannedChange;

  @Field(() => ID, { description: 'The visit.' })
  visitId!: number;

  @Field(() => DateTimeScalar, { description: 'When it begins as it is booked.' })
  startsAtBefore!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it begins by the plan; null where the plan leaves it out.',
  })
  startsAtAfter!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the plan leaves it out, for programs, such as NO_SKILL; null where it does not.',
  })
  leftOutCode!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same in words, in the language of the request.',
  })
  leftOutReason!: string | null;
}

@ObjectType('VisitPlanChanges', {
  simpleResolvers: true,
  description: 'What a plan would change, or has changed. What it leaves as it is, is not among it.',
})
export class PlanChangesType {
  @Field(() => PlanType, { description: 'The plan, with what the days cost before and after.' })
  plan!: PlanType;

  @Field(() => [PlanChangeType], { description: 'In order of the start as it is booked.' })
  changes!: PlanChangeType[];
}
