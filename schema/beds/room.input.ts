import { Field, InputType, Int } from 'type-graphql';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import { DateScalar } from '../shared/scalars.js';
import { BedTypeEnum, type BedTypeValue, RoomGenderEnum } from './bed-state.type.js';

@InputType({ description: 'A bed of a room that is registered.' })
export class NewBedInput {
  @Field(() => String, { description: 'The bed within its room, 1 to 20 characters, once in the room.' })
  label!: string;

  @Field(() => BedTypeEnum, { description: 'For whom it is equipped; it never changes.' })
  type!: BedTypeValue;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'From when it counts as registered; today without it.',
  })
  registeredOn?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which somebody can have it; that of the registration without it.',
  })
  inServiceFrom?: string | null;
}

@InputType({ description: 'A room with its beds. One that is registered already is added to.' })
export class NewRoomInput {
  @Field(() => String, { description: 'The building, 1 to 40 characters.' })
  building!: string;

  @Field(() => Int, { description: 'The floor, -9 to 99, without 0.' })
  floor!: number;

  @Field(() => String, { description: 'The room, as its door says, 1 to 40 characters.' })
  room!: string;

  @Field(() => RoomGenderEnum, { nullable: true, defaultValue: 'ANY', description: 'Who may live in it.' })
  gender?: RoomGender | null;

  @Field(() => [NewBedInput], { description: 'Its beds, one at least.' })
  beds!: NewBedInput[];
}
