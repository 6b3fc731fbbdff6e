import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ElderType } from '../elders/elder.type.js';
import { FacilityType } from '../network/facility.type.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar } from '../shared/scalars.js';
import { BedStateEnum, type BedStateValue, BedTypeEnum, type BedTypeValue } from './bed-state.type.js';

/** Its edges state and stay take a day and stand in bed.resolver.ts. */
@ObjectType('Bed', { simpleResolvers: true, description: 'One registered bed of a facility.' })
export class BedObjectType {
  @Field(() => ID, { description: "The bed's identifier, never given to another." })
  id!: number;

  @Field(() => FacilityType, { description: 'Where the bed stands.' })
  facility!: FacilityType;

  @Field(() => String, { description: 'The room, as its door says.' })
  room!: string;

  @Field(() => String, { description: 'The bed within its room.' })
  label!: string;

  @Field(() => BedTypeEnum, { description: 'For whom it is equipped.' })
  type!: BedTypeValue;
}

@ObjectType('BedConnection', { simpleResolvers: true, description: 'A page of beds.' })
export class BedConnectionType {
  @Field(() => [BedObjectType], { description: 'The beds of this page.' })
  nodes!: BedObjectType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Beds on all pages together.' })
  totalCount!: number | (() => Promise<number>);
}

@ObjectType('BedStay', { simpleResolvers: true, description: 'The days over which an elder has a bed.' })
export class BedStayType {
  @Field(() => ID, { description: "The stay's identifier, never given to another." })
  id!: number;

  @Field(() => BedObjectType, { description: 'The bed; no two live stays share one on a day.' })
  bed!: BedObjectType;

  @Field(() => ElderType, { description: 'Who has it; an elder has no two beds on a day.' })
  elder!: ElderType;

  @Field(() => DateScalar, { description: 'The first day. Half-open in days: [from, to).' })
  from!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: "The first day on which it is no longer the elder's; null while the stay is open.",
  })
  to!: string | null;

  @Field(() => BedStateEnum, { description: 'HELD before the elder comes, OCCUPIED or ON_LEAVE after.' })
  state!: BedStateValue;
}
