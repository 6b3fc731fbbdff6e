import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar } from '../shared/scalars.js';
import { FacilityKindEnum } from './facility-kind.type.js';

@ObjectType('Facility', {
  simpleResolvers: true,
  description: 'A place of the network. The tree it stands in is that of today unless a day is named.',
})
export class FacilityType {
  @Field(() => ID, { description: 'The facility’s identifier, never given to another.' })
  id!: number;

  @Field(() => String, {
    description: 'Unique, stable, printed on the door plate: 1 to 32 capital letters, digits or hyphens.',
  })
  code!: string;

  @Field(() => String, { description: 'What it is called, 1 to 100 characters.' })
  name!: string;

  @Field(() => FacilityKindEnum, { description: 'What it is; decides beneath which kinds it may stand.' })
  kind!: FacilityKind;

  @Field(() => String, {
    description:
      'GB/T 2260 division code: 4 digits for a city, 6 for a county, 9 for a street, 12 for a community. It lies within the parent’s.',
  })
  divisionCode!: string;

  @Field(() => DateScalar, { description: 'The first day on which it was open.' })
  openedOn!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which it is no longer open; null while none is set.',
  })
  closedOn!: string | null;
}

@ObjectType('FacilityConnection', {
  simpleResolvers: true,
  description: 'A page of facilities, in the order in which they were registered.',
})
export class FacilityConnectionType {
  @Field(() => [FacilityType], { description: 'The facilities of this page.' })
  nodes!: FacilityType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Facilities on all pages together.' })
  totalCount!: number | (() => Promise<number>);
}
