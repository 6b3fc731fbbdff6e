import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Day } from '../../src/shared/china-time.js';
import { DateScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

const texts = {
  nearMetres: 'Up to so many metres from the door a position is good, 10 to 5000.',
  farMetres: 'Beyond so many metres it is too far away, 10 to 50000, at least nearMetres.',
  isFarRefused:
    'True where a live tap from too far away is refused as TOO_FAR_AWAY; false where it is recorded and blocks the payment.',
  opensMinutes: 'How many minutes before its start a visit can be checked into, 0 to 240.',
  closesMinutes: 'How many minutes after its end taps still belong to it, 0 to 1440.',
  minutesShareMin:
    'The least time on site, in percent of the planned minutes, that needs no look; less than half of it blocks. 0 to 100.',
  clockDriftSeconds: 'How many seconds the clock of a device may be from that of the server, 10 to 3600.',
  offlineHoursMax: 'How many hours after a tap its upload needs no look, 1 to 336.',
  stationAfterMinutes:
    'How many minutes after its start a visit that nobody began alerts the station, 0 to 720; as long after its end one that nobody ended does.',
  streetAfterMinutes:
    'How many minutes after its start a visit that nobody began alerts the street centre, 0 to 1440, at least stationAfterMinutes.',
  payFrom: 'The least score that lets payment through, 0 to 100.',
  lookFrom: 'The least score that asks for a look; less blocks. 0 to payFrom.',
} as const;

@ObjectType('VisitCareTerms', {
  simpleResolvers: true,
  description: 'On which terms visits of a facility, and of all beneath it, are carried out.',
})
export class VisitCareTermsType {
  @Field(() => ID, {
    nullable: true,
    description: 'The facility that has set them, itself or the nearest above; null for the defaults.',
  })
  facilityId!: number | null;

  @Field(() => DateScalar, { nullable: true, description: 'Since when; null for the defaults.' })
  fromDay!: Day | null;

  @Field(() => Int, { description: texts.nearMetres })
  nearMetres!: number;

  @Field(() => Int, { description: texts.farMetres })
  farMetres!: number;

  @Field(() => Boolean, { description: texts.isFarRefused })
  isFarRefused!: boolean;

  @Field(() => Int, { description: texts.opensMinutes })
  opensMinutes!: number;

  @Field(() => Int, { description: texts.closesMinutes })
  closesMinutes!: number;

  @Field(() => Int, { description: texts.minutesShareMin })
  minutesShareMin!: number;

  @Field(() => Int, { description: texts.clockDriftSeconds })
  clockDriftSeconds!: number;

  @Field(() => Int, { description: texts.offlineHoursMax })
  offlineHoursMax!: number;

  @Field(() => Int, { description: texts.stationAfterMinutes })
  stationAfterMinutes!: number;

  @Field(() => Int, { description: texts.streetAfterMinutes })
  streetAfterMinutes!: number;

  @Field(() => Int, { description: texts.payFrom })
  payFrom!: number;

  @Field(() => Int, { description: texts.lookFrom })
  lookFrom!: number;
}

@InputType('VisitCareTermsInput', {
  description: 'Terms from a day on; what is left out stays as it was until then.',
})
export class VisitCareTermsInput {
  @Field(() => ID, { description: 'For this facility and all beneath it that has none of its own.' })
  facilityId!: string;

  @Field(() => DateScalar, { description: 'From this day on, not before today.' })
  fromDay!: Day;

  @Field(() => Int, { nullable: true, description: texts.nearMetres })
  nearMetres?: number | null;

  @Field(() => Int, { nullable: true, description: texts.farMetres })
  farMetres?: number | null;

  @Field(() => Boolean, { nullable: true, description: texts.isFarRefused })
  isFarRefused?: boolean | null;

  @Field(() => Int, { nullable: true, description: texts.opensMinutes })
  opensMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: texts.closesMinutes })
  closesMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: texts.minutesShareMin })
  minutesShareMin?: number | null;

  @Field(() => Int, { nullable: true, description: texts.clockDriftSeconds })
  clockDriftSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: texts.offlineHoursMax })
  offlineHoursMax?: number | null;

  @Field(() => Int, { nullable: true, description: texts.stationAfterMinutes })
  stationAfterMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: texts.streetAfterMinutes })
  streetAfterMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: texts.payFrom })
  payFrom?: number | null;

  @Field(() => Int, { nullable: true, description: texts.lookFrom })
  lookFrom?: number | null;
}

export const VisitCareTermsResultUnion = createUnionType({
  name: 'VisitCareTermsResult',
  description: 'The terms from that day on, or why nothing changed.',
  types: () => [VisitCareTermsType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : VisitCareTermsType),
});
