import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { HoursPostingKind } from '../../entities/visits/hours-posting.entity.js';
import type { Language } from '../../src/shared/text.js';
import type { ExplainedHours } from '../../src/visits/explain-hours.js';
import type { FoundGrant } from '../../src/visits/find-hours.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';

export const HoursPostingKindEnum = enumeration<HoursPostingKind>(
  'HoursPostingKind',
  'What a posting in the ledger of government hours tells.',
  {
    GRANT: 'The hours of a month or a week were granted.',
    ADJUST: 'The rules or the file changed, and the grant followed.',
    EXPIRE: 'The month or the week ended, and with it what was left.',
    RESERVE: 'Set aside for a visit that was booked.',
    GIVE_BACK: 'Given back, because the visit was called off in time or nobody came.',
    USE: 'Used by a visit that was brought.',
    FORFEIT: 'Lost, or paid all the same, because the visit was called off too late.',
    CORRECT: 'A use was taken back.',
  },
);

@ObjectType('HoursGrant', {
  simpleResolvers: true,
  description: 'Government hours of one kind over a month, or over a week that begins in the month. Minutes.',
})
export class HoursGrantType {
  @Field(() => String, { description: 'The code of the set of rules.' })
  setCode!: string;

  @Field(() => String, { description: 'The code of the grant within the set.' })
  grantCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the rules call it, in the language of accept-language; null when they count no more.',
  })
  name!: string | null;

  @Field(() => DateScalar, { description: 'The first day of the month or the week.' })
  fromDay!: string;

  @Field(() => DateScalar, { description: 'The first day after it.' })
  toDay!: string;

  @Field(() => Boolean, {
    description: 'False when nothing more of it can be had by the rules as they stand.',
  })
  counts!: boolean;

  @Field(() => Int, { description: 'Minutes granted.' })
  grantedMinutes!: number;

  @Field(() => Int, { description: 'Minutes set aside for visits that are booked.' })
  reservedMinutes!: number;

  @Field(() => Int, { description: 'Minutes used by visits that were brought.' })
  usedMinutes!: number;

  @Field(() => Int, { description: 'Minutes lost by calling off too late, or with the end of the period.' })
  lostMinutes!: number;

  @Field(() => Int, { description: 'Minutes that can still be booked.' })
  leftMinutes!: number;
}

@ObjectType('HoursMovement', { simpleResolvers: true, description: 'What one posting did to one grant.' })
export class HoursMovementType {
  @Field(() => HoursPostingKindEnum, { description: 'What it tells.' })
  kind!: HoursPostingKind;

  @Field(() => DateScalar, { description: 'The day on which it was written.' })
  bookedOn!: string;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  postedAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The visit; null for what is about the grant itself.' })
  visitId!: number | null;

  @Field(() => String, { description: 'The code of the set of rules.' })
  setCode!: string;

  @Field(() => String, { description: 'The code of the grant.' })
  grantCode!: string;

  @Field(() => Int, { description: 'Minutes added to what is left, negative when taken.' })
  leftMinutes!: number;

  @Field(() => Int, { description: 'Minutes added to what is set aside, negative when taken.' })
  reservedMinutes!: number;

  @Field(() => Int, { description: 'Minutes added to what is used, negative when taken back.' })
  usedMinutes!: number;

  @Field(() => FenScalar, {
    description: 'What funders owe the station by it, in fen; negative when taken back.',
  })
  owedFen!: number;
}

@ObjectType('ElderHours', { simpleResolvers: true, description: "An elder's government hours of one month." })
export class ElderHoursType {
  @Field(() => ID, { description: 'The elder.' })
  elderId!: number;

  @Field(() => String, { description: 'The month, YYYY-MM.' })
  month!: string;

  @Field(() => Int, { description: 'Minutes granted, of all grants together.' })
  grantedMinutes!: number;

  @Field(() => Int, { description: 'Minutes set aside for visits that are booked.' })
  reservedMinutes!: number;

  @Field(() => Int, { description: 'Minutes used.' })
  usedMinutes!: number;

  @Field(() => Int, { description: 'Minutes lost by calling off too late, or with the end of a period.' })
  lostMinutes!: number;

  @Field(() => Int, { description: 'Minutes that can still be booked.' })
  leftMinutes!: number;

  @Field(() => [HoursGrantType], {
    description:
      'Grant by grant, in order of their days; those that no visit needed yet as the rules would grant them today.',
  })
  grants!: HoursGrantType[];

  @Field(() => [HoursMovementType], { description: 'Every posting about these grants, in order.' })
  movements!: HoursMovementType[];
}

@ObjectType('LookedHours', { simpleResolvers: true, description: 'A grant that was looked at for a visit.' })
export class LookedHoursType {
  @Field(() => String, { description: 'The code of the set of rules.' })
  setCode!: string;

  @Field(() => Int, { description: 'Its version.' })
  version!: number;

  @Field(() => String, { description: 'The code of the grant.' })
  grantCode!: string;

  @Field(() => String, { description: 'What the rules call it, in the language of accept-language.' })
  name!: string;

  @Field(() => Boolean, { description: 'True when it pays of the visit.' })
  applies!: boolean;

  @Field(() => String, { description: 'What it pays, or why not, in the language of accept-language.' })
  text!: string;
}

@ObjectType('HoursExplanation', { simpleResolvers: true, description: 'Who would pay a visit, and why.' })
export class HoursExplanationType {
  @Field(() => Int, { description: 'Minutes of government hours.' })
  hoursMinutes!: number;

  @Field(() => FenScalar, { description: 'What they pay, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the family pays, in fen.' })
  selfPaidFen!: number;

  @Field(() => String, { description: 'All of it in a sentence, in the language of accept-language.' })
  text!: string;

  @Field(() => [LookedHoursType], { description: 'Every grant in force at the station for that day.' })
  looked!: LookedHoursType[];
}

export function shownGrant(grant: FoundGrant, language: Language): HoursGrantType {
  return { ...grant, name: grant.name?.[language] ?? null };
}

export function shownExplanation(explained: ExplainedHours, language: Language): HoursExplanationType {
  return {
    ...explained,
    text: explained.text[language],
    looked: explained.looked.map((each) => ({
      ...each,
      name: each.name[language],
      text: each.text[language],
    })),
  };
}
