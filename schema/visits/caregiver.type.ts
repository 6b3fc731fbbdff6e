import { Field, ID, ObjectType } from 'type-graphql';

/** The station and the skills have resolvers of their own. */
@ObjectType('Caregiver', {
  simpleResolvers: true,
  description: 'Somebody who brings services to the homes of elders.',
})
export class CaregiverType {
  @Field(() => ID, { description: "The caregiver's identifier, never given to another." })
  id!: number;

  @Field(() => String, { description: 'The full name.' })
  name!: string;
}
