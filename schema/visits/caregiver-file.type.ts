import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import type { AbsenceKind } from '../../entities/visits/caregiver-absence.entity.js';
import type { CaregiverFile } from '../../src/visits/caregiver-file.js';
import type { CaregiverRefusalCode } from '../../src/visits/caregiver-refusals.js';
import type { MisfitReason } from '../../src/visits/visits-out-of-roster.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';

export const GenderEnum = enumeration<Gender>('Gender', 'For services that the own gender alone brings.', {
  FEMALE: 'Female.',
  MALE: 'Male.',
});

export const AbsenceKindEnum = enumeration<AbsenceKind>('AbsenceKind', 'Why a caregiver is away.', {
  DAY_OFF: 'A day off, or a holiday.',
  SICK_LEAVE: 'Sick leave; it may overlap an absence of another kind.',
  TRAINING: 'Training.',
  OTHER: 'Anything else.',
});

export const MisfitReasonEnum = enumeration<MisfitReason>(
  'MisfitReason',
  'Why a visit no longer fits whoever should bring it.',
  {
    NOT_ACTIVE: 'The caregiver is not there yet, or has left by then.',
    NOT_WORKING: 'It lies outside of the hours, or within an absence.',
    SKILL_MISSING: 'The skill is not proven on its day.',
  },
);

/** The station and the certificates have resolvers of their own. */
@ObjectType('CaregiverFile', {
  simpleResolvers: true,
  description: 'A caregiver as the station’s manager has it: whom visits are planned for.',
})
export class CaregiverFileType {
  @Field(() => ID, { description: "The caregiver's identifier, as visits name it." })
  id!: number;

  @Field(() => ID, { description: 'The account by which the caregiver signs in.' })
  accountId!: number;

  @Field(() => String, { description: 'The name of the account.' })
  name!: string;

  /** For the edge to the station; not a field of the graph. */
  stationId!: number;

  @Field(() => GenderEnum, { description: 'For services that the own gender alone brings.' })
  gender!: Gender;

  @Field(() => String, {
    nullable: true,
    description:
      'Where the caregiver lives: a GB/T 2260 division code of 6, 9 or 12 digits; null when not known.',
  })
  homeDivisionCode!: string | null;

  @Field(() => DateScalar, { description: 'The first day on which visits are planned.' })
  activeFrom!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which none are planned any more; null while no end is known.',
  })
  activeUntil!: string | null;
}

@ObjectType('Certificate', { simpleResolvers: true, description: 'A skill that a caregiver has proven.' })
export class CertificateType {
  @Field(() => String, { description: 'As services ask for it.' })
  skill!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which it no longer counts; null for one without an end.',
  })
  expiresOn!: string | null;
}

@ObjectType('CaregiverAbsence', {
  simpleResolvers: true,
  description: 'A time over which a caregiver does not work.',
})
export class CaregiverAbsenceType {
  @Field(() => ID, { description: 'By which it is taken back.' })
  id!: number;

  @Field(() => AbsenceKindEnum, { description: 'Why.' })
  kind!: AbsenceKind;

  @Field(() => DateTimeScalar, { description: 'Half-open: [startsAt, endsAt).' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'The end, itself no longer part of it.' })
  endsAt!: Date;
}

@ObjectType('WorkingSpan', {
  simpleResolvers: true,
  description: 'A time that a caregiver works: [startsAt, endsAt).',
})
export class WorkingSpanType {
  @Field(() => DateTimeScalar, { description: 'The beginning.' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'The end, itself no longer part of it.' })
  endsAt!: Date;
}

@ObjectType('RosterDay', { simpleResolvers: true, description: 'One day of a roster.' })
export class RosterDayType {
  @Field(() => DateScalar, { description: 'The day.' })
  day!: string;

  @Field(() => [WorkingSpanType], { description: 'In order; none on a day off.' })
  spans!: WorkingSpanType[];
}

@ObjectType('Roster', { simpleResolvers: true, description: 'When one caregiver works over some days.' })
export class RosterType {
  @Field(() => CaregiverFileType, { description: 'Whose it is.' })
  caregiver!: CaregiverFile;

  @Field(() => [RosterDayType], { description: 'Day by day, absences taken out.' })
  days!: RosterDayType[];

  @Field(() => [CaregiverAbsenceType], {
    description: 'The absences that share a time with these days, in order.',
  })
  absences!: CaregiverAbsenceType[];
}

@InputType({ description: 'Hours of one weekday, of every week.' })
export class WeekSpanInput {
  @Field(() => Int, { description: '1 for Monday to 7 for Sunday.' })
  weekday!: number;

  @Field(() => Int, { description: 'When they begin, in minutes since midnight, 0 to 1439.' })
  fromMinute!: number;

  @Field(() => Int, { description: 'When they end, up to 1440; on the same day.' })
  toMinute!: number;
}

@InputType({ description: 'Somebody for whom a station shall plan visits.' })
export class AddCaregiverInput {
  @Field(() => ID, {
    description: 'An account that holds a grant as a caregiver at the station or above it.',
  })
  accountId!: string;

  @Field(() => ID, { description: 'An open home-care station.' })
  stationId!: string;

  @Field(() => GenderEnum, { description: 'For services that the own gender alone brings.' })
  gender!: Gender;

  @Field(() => String, {
    nullable: true,
    description: 'Where the caregiver lives: a division code of 6, 9 or 12 digits.',
  })
  homeDivisionCode?: string | null;

  @Field(() => DateScalar, {
    description: 'The first day on which visits are planned, today at the earliest.',
  })
  activeFrom!: string;
}

@ObjectType('VisitMisfit', {
  simpleResolvers: true,
  description: 'A visit that no longer fits the caregiver who should bring it; it was not changed.',
})
export class VisitMisfitType {
  @Field(() => ID, { description: 'The visit.' })
  visitId!: number;

  @Field(() => DateTimeScalar, { description: 'When the caregiver would be there.' })
  startsAt!: Date;

  @Field(() => MisfitReasonEnum, { description: 'Why it no longer fits.' })
  why!: MisfitReason;
}

@ObjectType('CaregiverChanged', {
  simpleResolvers: true,
  description: 'The caregiver as it now is, and the visits that no longer fit.',
})
export class CaregiverChangedType {
  @Field(() => CaregiverFileType, { description: 'As it now is.' })
  caregiver!: CaregiverFile;

  @Field(() => CaregiverAbsenceType, {
    nullable: true,
    description: 'The absence that was recorded or taken back; null where the change was another.',
  })
  absence!: CaregiverAbsenceType | null;

  @Field(() => [VisitMisfitType], {
    description: 'Visits to come that no longer fit, in order of start. None of them was changed.',
  })
  misfits!: VisitMisfitType[];
}

export const CaregiverRefusalCodeEnum = enumeration<CaregiverRefusalCode>(
  'CaregiverRefusalCode',
  'Why nothing about a caregiver was changed. When several apply, the first in this list is the answer.',
  {
    STATION_UNKNOWN: 'No open home-care station has this id, as far as the caller may see.',
    ACCOUNT_UNKNOWN: 'No account of this id holds a grant as a caregiver at the station.',
    CAREGIVER_UNKNOWN: 'No caregiver has this id, as far as the caller may see.',
    ABSENCE_UNKNOWN: 'No absence has this id, as far as the caller may see.',
    SKILL_UNKNOWN: 'The caregiver has no such skill.',
    CAREGIVER_EXISTS: 'The account is a caregiver already.',
    CAREGIVER_ENDED: 'The caregiver has left.',
    DIVISION_INVALID: 'The division code has not 6, 9 or 12 digits.',
    SKILL_INVALID: 'The skill is not 1 to 24 of A-Z, 0-9 and the hyphen.',
    DATE_OUT_OF_RANGE: 'A day or a time lies in the past, too far off, or ends before it begins.',
    HOURS_INVALID: 'Hours lie outside of a day, end before they begin, or are more than 28 spans.',
    HOURS_OVERLAP: 'Two spans of a weekday overlap.',
    ABSENCE_OVERLAPS: 'It overlaps an absence that stands; sick leave may overlap other kinds.',
    ABSENCE_OVER: 'The absence is over, or was taken back before.',
  },
);

@ObjectType('CaregiverRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class CaregiverRefusalType {
  @Field(() => CaregiverRefusalCodeEnum, { description: 'Why.' })
  code!: CaregiverRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The input field at fault, as a path.' })
  field!: readonly string[] | null;
}

export const CaregiverResultUnion = createUnionType({
  name: 'CaregiverResult',
  description: 'The caregiver with the visits that no longer fit, or why nothing was written.',
  types: () => [CaregiverChangedType, CaregiverRefusalType] as const,
  resolveType: (value) => ('code' in value ? CaregiverRefusalType : CaregiverChangedType),
});
