import { Field, ID, InputType } from 'type-graphql';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { DateScalar } from '../shared/scalars.js';
import { FacilityKindEnum } from './facility-kind.type.js';

@InputType('AddFacilityInput', { description: 'A facility that enters the network.' })
export class AddFacilityInput {
  @Field(() => String, {
    description: 'Unique for ever: 1 to 32 capital letters, digits or hyphens, with no hyphen at either end.',
  })
  code!: string;

  @Field(() => String, { description: 'What it is called, 1 to 100 characters.' })
  name!: string;

  @Field(() => FacilityKindEnum, { description: 'What it is. It must suit the parent’s kind.' })
  kind!: FacilityKind;

  @Field(() => String, {
    description: 'GB/T 2260 division code with the digits of its level, within the parent’s division.',
  })
  divisionCode!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Beneath which facility it stands; left out for a city centre alone.',
  })
  parentId!: string | null | undefined;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which it was open, not after today; today when left out.',
  })
  openedOn!: string | null | undefined;
}
