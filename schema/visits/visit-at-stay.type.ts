import { Field, ObjectType } from 'type-graphql';
import { DateScalar } from '../shared/scalars.js';

/** The visit has a resolver of its own. */
@ObjectType('VisitAtStay', {
  simpleResolvers: true,
  description: 'A visit to come that may fall into a stay of its elder in an institution or in hospital.',
})
export class VisitAtStayType {
  /** For the edge; not a field of the graph. */
  visitId!: number;

  @Field(() => DateScalar, { description: 'The first day of the stay; it may lie ahead.' })
  awayFrom!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which the elder is thought to be back; null when nobody knows.',
  })
  expectedBackOn!: string | null;
}
