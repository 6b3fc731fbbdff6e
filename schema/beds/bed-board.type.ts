import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { BoardBed } from '../../src/beds/bed-board.js';
import type { Context } from '../context.js';
import { ElderCategoryEnum } from '../elders/elder.type.js';
import { DateScalar } from '../shared/scalars.js';
import { BedObjectType, BedStayType, shownBed, shownStay } from './bed.type.js';
import { BedStateEnum, type BedStateValue } from './bed-state.type.js';

@ObjectType('BedOccupant', {
  simpleResolvers: true,
  description: 'Whom a bed is for, as the home sees its residents, whoever keeps their files.',
})
export class BedOccupantType {
  @Field(() => ID, { description: 'The number of the file.' })
  elderId!: number;

  @Field(() => String, { description: 'The name as on the ID card.' })
  name!: string;

  @Field(() => DateScalar, { description: 'The birth date.' })
  birthDate!: string;

  @Field(() => [ElderCategoryEnum], { description: 'The categories, in the order of the enum.' })
  categories!: readonly ElderCategory[];

  @Field(() => Int, {
    nullable: true,
    description: 'GB/T 42195-2022 ability level on the day of the board, 0 to 4; null when none counts.',
  })
  abilityLevel!: number | null;
}

@ObjectType('BoardBed', { simpleResolvers: true, description: 'One bed of a board.' })
export class BoardBedType {
  @Field(() => BedObjectType, { description: 'The bed.' })
  bed!: BedObjectType;

  @Field(() => BedStateEnum, { description: 'What it is on the day of the board.' })
  state!: BedStateValue;

  @Field(() => BedStayType, { nullable: true, description: 'The stay or the hold that has it that day.' })
  stay!: BedStayType | null;

  @Field(() => BedOccupantType, { nullable: true, description: 'Who is in it, or expected.' })
  occupant!: BedOccupantType | null;
}

/** Whoever is shown on a board may be asked about further: the home sees its residents. */
export function shownBoard(board: readonly BoardBed[], { shownByBeds }: Context): BoardBedType[] {
  return board.map(({ bed, state, stay, occupant }) => {
    if (stay) shownByBeds.add(stay.elderId);
    return { bed: shownBed(bed), state, stay: stay && shownStay(stay), occupant };
  });
}
