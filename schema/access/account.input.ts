import { Field, ID, InputType } from 'type-graphql';
import { DateTimeScalar } from '../shared/scalars.js';
import { type GivenRole, StaffRoleEnum } from './account.type.js';

@InputType('OpenAccountInput', { description: 'An account for a person, with a first role.' })
export class OpenAccountInput {
  @Field(() => String, { description: 'The name of the person, 1 to 60 characters.' })
  name!: string;

  @Field(() => String, {
    description:
      'What the person will sign in with: 3 to 40 letters, digits or . _ -; kept in small letters.',
  })
  userName!: string;

  @Field(() => String, {
    description:
      'For the first sign-in, 10 to 128 characters: it opens nothing until the person has changed it.',
  })
  password!: string;

  @Field(() => StaffRoleEnum, { description: 'A role that the caller may give.' })
  role!: GivenRole;

  @Field(() => ID, {
    nullable: true,
    description: 'Where: an open facility within the caller’s area. Without it, everywhere, for ADMIN only.',
  })
  facilityId?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The instant from which the role no longer counts; without it, it has no end.',
  })
  until?: Date | null;
}
