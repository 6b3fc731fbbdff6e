import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../shared/scalars.js';

@ObjectType('OccupancyPoint', { simpleResolvers: true, description: 'How full the beds were on one day.' })
export class OccupancyPointType {
  @Field(() => DateScalar, { description: 'The day.' })
  date!: string;

  @Field(() => Int, { description: 'Beds registered and in service that day.' })
  open!: number;

  @Field(() => Int, { description: 'Beds with a resident in them that day, those on leave left out.' })
  occupied!: number;

  @Field(() => Float, { description: 'occupied / open, 0 to 1; 0 when no bed was open.' })
  rate!: number;
}
