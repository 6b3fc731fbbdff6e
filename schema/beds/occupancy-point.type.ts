import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../shared/scalars.js';

@ObjectType('OccupancyPoint', {
  simpleResolvers: true,
  description: 'How full the beds were on one day. open = occupied + onLeave + held + free.',
})
export class OccupancyPointType {
  @Field(() => DateScalar, { description: 'The day.' })
  date!: string;

  @Field(() => Int, { description: 'Beds registered that day.' })
  total!: number;

  @Field(() => Int, { description: 'Beds registered and in service that day.' })
  open!: number;

  @Field(() => Int, { description: 'Beds with a resident in them that day, those on leave left out.' })
  occupied!: number;

  @Field(() => Int, { description: 'Beds kept for residents on leave that day.' })
  onLeave!: number;

  @Field(() => Int, { description: 'Beds kept for somebody who is expected.' })
  held!: number;

  @Field(() => Int, { description: 'Beds in service that nobody has, holds or is on leave from.' })
  free!: number;

  @Field(() => Int, { description: 'Registered beds of the type NURSING, whatever their state.' })
  nursing!: number;

  @Field(() => Float, { description: 'occupied / open, 0 to 1; 0 when no bed was open.' })
  rate!: number;

  @Field(() => Float, { description: 'occupied / total, 0 to 1; 0 when no bed was registered.' })
  ratePerRegistered!: number;
}
