import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('BedCount', {
  simpleResolvers: true,
  description: 'Beds by state on one day. open = occupied + onLeave + held + free.',
})
export class BedCountType {
  @Field(() => Int, { description: 'Registered beds.' })
  total!: number;

  @Field(() => Int, { description: 'Registered and in service.' })
  open!: number;

  @Field(() => Int, { description: 'Beds with a resident in them.' })
  occupied!: number;

  @Field(() => Int, { description: 'Beds kept for residents on leave; not counted in occupied.' })
  onLeave!: number;

  @Field(() => Int, { description: 'Beds kept for somebody who is expected.' })
  held!: number;

  @Field(() => Int, { description: 'Beds in service that nobody has, holds or is on leave from.' })
  free!: number;

  @Field(() => Int, { description: 'Registered beds of the type NURSING, whatever their state.' })
  nursing!: number;
}
