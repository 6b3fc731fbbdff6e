import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import type { ConsentEvent, ConsentGiver, ConsentWay } from '../../entities/access/family-consent.entity.js';
import type { KeptText } from '../../src/access/consent-texts.js';
import type { RelativeRefusalCode } from '../../src/access/relative-refusals.js';
import type { Consent, Relative } from '../../src/access/relatives.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { FamilyRightEnum } from './viewer.type.js';

export const ConsentGiverEnum = enumeration<ConsentGiver>(
  'ConsentGiver',
  'Who let a relative in, changed the rights or took them back.',
  {
    ELDER: 'The elder, through the member of staff who recorded it.',
    RELATIVE: 'A first relative, or the relative itself who left.',
  },
);

export const ConsentWayEnum = enumeration<ConsentWay>('ConsentWay', 'How somebody agreed.', {
  IN_PERSON: 'Said at the counter or at home, before who recorded it.',
  SIGNED_PAPER: 'Signed on paper, which the station keeps.',
  PHONE_CALL: 'Said on the phone, to a number that the station knew.',
  ONLINE: 'Done by the relative in a session of its own.',
});

export const ConsentEventEnum = enumeration<ConsentEvent>('ConsentEvent', 'What a consent did.', {
  GIVEN: 'The relative was let in.',
  CHANGED: 'The rights or the end became others.',
  WITHDRAWN: 'The relative was sent away, or left.',
});

@ObjectType('ConsentText', { simpleResolvers: true, description: 'A text that somebody agrees to.' })
export class ConsentTextType {
  @Field(() => String, { description: 'By which a consent names it; 1 to 20 characters.' })
  version!: string;

  @Field(() => String, { description: 'The text in Chinese, which is the one that counts.' })
  zh!: string;

  @Field(() => String, { description: 'The text in English.' })
  en!: string;
}

@ObjectType('Consent', {
  simpleResolvers: true,
  description: 'One line of what was agreed; it is never changed.',
})
export class ConsentType {
  @Field(() => ConsentEventEnum, { description: 'What it did.' })
  event!: ConsentEvent;

  @Field(() => ConsentGiverEnum, { description: 'Who gave it.' })
  giver!: ConsentGiver;

  @Field(() => String, { description: 'The name of the account that recorded it.' })
  recordedBy!: string;

  @Field(() => ConsentWayEnum, { description: 'How.' })
  how!: ConsentWay;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;

  @Field(() => [FamilyRightEnum], { description: 'The rights that it was about.' })
  rights!: FamilyRight[];

  @Field(() => DateTimeScalar, { description: 'The end that was agreed on; of a withdrawal, its instant.' })
  until!: Date;

  @Field(() => ConsentTextType, { nullable: true, description: 'To what; null for a withdrawal.' })
  text!: ConsentTextType | null;
}

@ObjectType('Relative', {
  simpleResolvers: true,
  description: 'Somebody who was let in to see an elder, and what was agreed about it.',
})
export class RelativeType {
  @Field(() => ID, { description: 'The number of the grant, by which it is changed and withdrawn.' })
  id!: number;

  @Field(() => String, { description: 'The name, as who gave the consent calls the relative.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The phone for signing in: the first three and last two digits. Null once it was erased.',
  })
  phone!: string | null;

  @Field(() => [FamilyRightEnum], {
    description: 'What the relative may, each by itself; none shows who the elder is.',
  })
  rights!: FamilyRight[];

  @Field(() => Boolean, {
    description: 'A first relative, who may let in others within its own rights and end.',
  })
  mayLetIn!: boolean;

  @Field(() => DateTimeScalar, { description: 'From when.' })
  from!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The instant from which it no longer counts; one that has passed is of somebody who was.',
  })
  until!: Date | null;

  @Field(() => [ConsentType], { description: 'What was agreed, in the order in which it was recorded.' })
  consents!: ConsentType[];
}

export function shownRelative({
  phoneMasked,
  fromAt,
  untilAt,
  consents,
  ...relative
}: Relative): RelativeType {
  const { id, name, rights, mayLetIn } = relative;
  const agreed = consents.map(shownConsent);
  return { id, name, rights, mayLetIn, phone: phoneMasked, from: fromAt, until: untilAt, consents: agreed };
}

function shownConsent({ untilAt, textVersion, textZh, textEn, ...consent }: Consent): ConsentType {
  const text = textVersion === null ? null : { version: textVersion, zh: textZh ?? '', en: textEn ?? '' };
  return { ...consent, until: untilAt, text };
}

export function shownText({ version, zh, en }: KeptText): ConsentTextType {
  return { version, zh, en };
}

export const RelativeRefusalCodeEnum = enumeration<RelativeRefusalCode>(
  'RelativeRefusalCode',
  'Why nothing happened to a relative. When several apply, the first in this list is the answer.',
  {
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    RELATIVE_UNKNOWN: 'No living relative has this number, as far as the caller may change.',
    NOT_FIRST_RELATIVE:
      'The caller is a relative whom the elder did not let let in others, or makes another such one.',
    ELDER_NOT_ACTIVE: 'Deceased, moved away, or the file is closed.',
    NAME_INVALID: 'The name is empty, longer than 60 characters, or holds control characters.',
    PHONE_INVALID: 'Not a phone number of 7 to 15 digits.',
    CONSENT_TEXT_OUTDATED: 'The version is not the one of consentText.',
    UNTIL_OUT_OF_RANGE: 'The end does not lie ahead, or by more than ten years.',
    BEYOND_OWN_RIGHTS: 'A relative cannot pass on a right that it has not.',
    BEYOND_OWN_END: 'A relative cannot let in anybody for longer than itself.',
    RELATIVE_PRESENT: 'The phone is a relative of this elder now.',
    RELATIVES_TOO_MANY: 'The elder has twenty relatives.',
  },
);

@ObjectType('RelativeRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class RelativeRefusalType {
  @Field(() => RelativeRefusalCodeEnum, { description: 'Why.' })
  code!: RelativeRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const RelativeResultUnion = createUnionType({
  name: 'RelativeResult',
  description: 'The relative as it now stands, or why nothing changed.',
  types: () => [RelativeType, RelativeRefusalType] as const,
  resolveType: (value) => ('code' in value ? RelativeRefusalType : RelativeType),
});
