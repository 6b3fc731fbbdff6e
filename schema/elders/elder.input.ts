import { Field, ID, InputType, Int } from 'type-graphql';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { DateScalar } from '../shared/scalars.js';
import { ElderCategoryEnum } from './elder.type.js';

@InputType({ description: 'What opens the file of an elder. The birth date is taken from the ID number.' })
export class RegisterElderInput {
  @Field(() => String, { description: 'The name as on the ID card, 1 to 60 characters.' })
  name!: string;

  @Field(() => String, {
    description: 'Resident ID number of GB 11643-1999, 18 characters; x counts as X. One file for each.',
  })
  idNumber!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'An open HOME_CARE_STATION that the caller’s grant covers. Only who sees the whole network may leave it out.',
  })
  homeStationId?: string | null;

  @Field(() => [ElderCategoryEnum], {
    defaultValue: [],
    description: 'The categories the elder belongs to, in any order.',
  })
  categories!: ElderCategory[];

  @Field(() => [String], {
    defaultValue: [],
    description: 'Codes of the categories of the city’s own (cityCategories) the elder belongs to.',
  })
  cityCategories!: string[];

  @Field(() => Int, {
    nullable: true,
    description: 'GB/T 42195-2022 ability level, 0 (able) to 4 (fully disabled), with abilityExpiresOn.',
  })
  abilityLevel?: number | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which the ability level no longer counts, with abilityLevel.',
  })
  abilityExpiresOn?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A phone number of 7 to 15 digits, a plus before them or not; spaces and hyphens are left out.',
  })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the elder lives, 1 to 200 characters.' })
  address?: string | null;
}

@InputType({
  description: 'What is to be different in the file of an elder. What is left out stays as it is.',
})
export class ChangeElderInput {
  @Field(() => ID, { description: 'The elder, whose file is active.' })
  elderId!: string;

  @Field(() => String, { nullable: true, description: 'The name as on the ID card, 1 to 60 characters.' })
  name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'An open HOME_CARE_STATION that the caller’s grant covers. Only who sees the whole network may say null.',
  })
  homeStationId?: string | null;

  @Field(() => [ElderCategoryEnum], {
    nullable: true,
    description: 'All categories the elder belongs to from now on, in any order.',
  })
  categories?: ElderCategory[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Codes of all categories of the city’s own the elder belongs to from now on.',
  })
  cityCategories?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A phone number of 7 to 15 digits, a plus before them or not; spaces and hyphens are left out. Null when there is none any more.',
  })
  phone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the elder lives, 1 to 200 characters; null when it is not known any more.',
  })
  address?: string | null;
}
