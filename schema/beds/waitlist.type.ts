import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ElderType } from '../elders/elder.type.js';
import { FacilityType } from '../network/facility.type.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';
import { BedObjectType } from './bed.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';

@ObjectType('BedOffer', {
  simpleResolvers: true,
  description: 'A bed offered to somebody on a waiting list.',
})
export class BedOfferType {
  @Field(() => ID, { description: "The offer's identifier, never given to another." })
  id!: number;

  @Field(() => BedObjectType, { description: 'The bed, held until the offer is answered or expires.' })
  bed!: BedObjectType;

  @Field(() => DateTimeScalar, { description: 'From this instant on it can no longer be accepted.' })
  expiresAt!: Date;
}

@ObjectType('WaitlistEntry', {
  simpleResolvers: true,
  description: 'An elder waiting for a bed of one type at one facility.',
})
export class WaitlistEntryType {
  @Field(() => ID, { description: "The entry's identifier, never given to another." })
  id!: number;

  @Field(() => ElderType, { description: 'Who is waiting.' })
  elder!: ElderType;

  @Field(() => FacilityType, { description: 'Where.' })
  facility!: FacilityType;

  @Field(() => BedTypeEnum, { description: 'For which type of bed.' })
  type!: BedTypeValue;

  @Field(() => Int, { description: '1 is next.' })
  position!: number;

  @Field(() => DateScalar, { description: 'The day of joining the list.' })
  joinedOn!: string;

  @Field(() => BedOfferType, {
    nullable: true,
    description: 'The offer that is open to the elder; null when none is.',
  })
  offer!: BedOfferType | null;
}
