import { Field, ID, ObjectType } from 'type-graphql';
import { FacilityType } from '../network/facility.type.js';

@ObjectType('Caregiver', {
  simpleResolvers: true,
  description: 'Somebody who brings services to the homes of elders.',
})
export class CaregiverType {
  @Field(() => ID, { description: "The caregiver's identifier, never given to another." })
  id!: number;

  @Field(() => String, { description: 'The full name.' })
  name!: string;

  @Field(() => FacilityType, { description: 'The home-care station that sends the caregiver out.' })
  station!: FacilityType;

  @Field(() => [String], { description: 'The skills that services may ask for; empty when none is proven.' })
  skills!: string[];
}
