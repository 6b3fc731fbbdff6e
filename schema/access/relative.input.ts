import { Field, ID, InputType } from 'type-graphql';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import type { ConsentWay } from '../../entities/access/family-consent.entity.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { ConsentWayEnum } from './relative.type.js';
import { FamilyRightEnum } from './viewer.type.js';

@InputType('LetRelativeInInput', {
  description: 'Whom an elder lets in, to what, until when, and how that was agreed.',
})
export class LetRelativeInInput {
  @Field(() => ID, { description: 'The elder, whose file is active.' })
  elderId!: string;

  @Field(() => String, {
    description: 'The phone with which the relative signs in, 7 to 15 digits; one account for each phone.',
  })
  phone!: string;

  @Field(() => String, { description: 'What the relative is called, 1 to 60 characters.' })
  name!: string;

  @Field(() => [FamilyRightEnum], { description: 'Each by itself; none shows who the elder is and no more.' })
  rights!: FamilyRight[];

  @Field(() => DateTimeScalar, { description: 'The end, which lies ahead, by ten years at most.' })
  until!: Date;

  @Field(() => ConsentWayEnum, { description: 'How it was agreed.' })
  how!: ConsentWay;

  @Field(() => String, { description: 'The version of consentText that was agreed to.' })
  consentVersion!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'A first relative, who may let in others; only the elder, through staff, makes one.',
  })
  mayLetIn!: boolean;
}
