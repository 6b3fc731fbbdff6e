import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { ObjectionDecision } from '../../entities/visits/visit-objection.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

export const ObjectionDecisionEnum = enumeration<ObjectionDecision>(
  'VisitObjectionDecision',
  'How an objection was decided.',
  {
    UPHELD: 'The family is right: hours that were lost are the elder’s again, and nobody owes anything.',
    DENIED: 'It stays as it was.',
  },
);

/** The visit has a resolver of its own. */
@ObjectType('VisitObjection', {
  simpleResolvers: true,
  description: 'A family says that a visit was not called off on its account, as its station said.',
})
export class VisitObjectionType {
  /** For the edge; not a field of the graph. */
  visitId!: number;

  @Field(() => String, { nullable: true, description: 'What the family says; null of an erased file.' })
  reason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was said.' })
  madeAt!: Date;

  @Field(() => ObjectionDecisionEnum, {
    nullable: true,
    description: 'What the centre above the station decided; null while nobody has.',
  })
  decision!: ObjectionDecision | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null while nobody has.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was decided so; null while nobody has.' })
  note!: string | null;
}

export const VisitObjectionResultUnion = createUnionType({
  name: 'VisitObjectionResult',
  description: 'The objection as it stands, or why nothing changed.',
  types: () => [VisitObjectionType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : VisitObjectionType),
});
