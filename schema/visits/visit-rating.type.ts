import { createUnionType, Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

@ObjectType('VisitRating', { simpleResolvers: true, description: 'How the family found a visit.' })
export class VisitRatingType {
  @Field(() => Int, { description: '1, bad, to 5, very good.' })
  stars!: number;

  @Field(() => String, { nullable: true, description: 'What was written with it; null for nothing.' })
  comment!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was given.' })
  ratedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was changed last; as ratedAt when never.' })
  changedAt!: Date;
}

export const RateVisitResultUnion = createUnionType({
  name: 'RateVisitResult',
  description: 'The rating, or why nothing changed.',
  types: () => [VisitRatingType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : VisitRatingType),
});

/** The caregiver has a resolver of its own. */
@ObjectType('CaregiverRating', { simpleResolvers: true, description: 'How families found a caregiver.' })
export class CaregiverRatingType {
  /** For the edge; not fields of the graph. */
  caregiverId!: number;
  name!: string;
  stationId!: number;

  @Field(() => Int, { description: 'How many visits were rated; of two caregivers each has the rating.' })
  ratings!: number;

  @Field(() => Float, { description: 'The mean of the stars, 1 to 5, to two decimals.' })
  average!: number;
}
