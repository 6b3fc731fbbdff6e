import { createUnionType, Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import type { LimitSource } from '../../src/visits/care-limits.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

export const MeasurementKindEnum = enumeration<MeasurementKind>('MeasurementKind', 'What is measured.', {
  SYSTOLIC: 'Systolic blood pressure, mmHg, 40 to 300.',
  DIASTOLIC: 'Diastolic blood pressure, mmHg, 20 to 200, below the systolic one of the same record.',
  PULSE: 'Pulse, beats in a minute, 20 to 250.',
  SUGAR: 'Blood sugar, mmol/L, 0.5 to 50.',
  TEMPERATURE: 'Body temperature, °C, 30 to 45.',
  WEIGHT: 'Body weight, kg, 20 to 250.',
});

export type Direction = 'LOW' | 'HIGH';
export const DirectionEnum = enumeration<Direction>('LimitDirection', 'Beyond which limit a value lies.', {
  LOW: 'Below the lower one.',
  HIGH: 'Above the upper one.',
});

@InputType('MeasurementInput', { description: 'Something measured.' })
export class MeasurementInput {
  @Field(() => MeasurementKindEnum, { description: 'What was measured; each once in a record.' })
  kind!: MeasurementKind;

  @Field(() => Float, { description: 'In the unit of the kind, with one decimal at most.' })
  value!: number;
}

@InputType('CareRecordInput', { description: 'What a caregiver writes down at a visit.' })
export class CareRecordInput {
  @Field(() => ID, { description: "One of the caller's own visits, that has begun." })
  visitId!: string;

  @Field(() => ID, { description: 'A UUID; sending it again with the same content changes nothing.' })
  requestId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What was seen, at most 500 characters; kept encrypted.',
  })
  note?: string | null;

  @Field(() => [MeasurementInput], {
    defaultValue: [],
    description: 'What was measured; kept encrypted. What lies beyond its limits alerts the station.',
  })
  measurements!: MeasurementInput[];
}

@ObjectType('RecordedMeasurement', {
  simpleResolvers: true,
  description: 'A measurement that was written down.',
})
export class RecordedMeasurementType {
  @Field(() => MeasurementKindEnum, { description: 'What was measured.' })
  kind!: MeasurementKind;

  @Field(() => Float, { description: 'In the unit of the kind.' })
  value!: number;

  @Field(() => DirectionEnum, {
    nullable: true,
    description: 'Beyond which limit it lies, so that the station was alerted; null for neither.',
  })
  beyond!: Direction | null;
}

@ObjectType('CareRecord', { simpleResolvers: true, description: 'What was written down at a visit.' })
export class CareRecordType {
  @Field(() => ID, { description: 'At which visit.' })
  visitId!: number;

  @Field(() => String, { nullable: true, description: 'The note; null when there was none.' })
  note!: string | null;

  @Field(() => [RecordedMeasurementType], {
    description: 'The measurements, in the order in which they came.',
  })
  measurements!: RecordedMeasurementType[];
}

export const CareRecordResultUnion = createUnionType({
  name: 'CareRecordResult',
  description: 'What was written down, or why nothing was.',
  types: () => [CareRecordType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : CareRecordType),
});

@ObjectType('CareNote', { simpleResolvers: true, description: 'What a caregiver wrote about a visit.' })
export class CareNoteType {
  @Field(() => ID, { description: 'Never given to another.' })
  id!: number;

  @Field(() => ID, { description: 'At which visit.' })
  visitId!: number;

  @Field(() => String, { description: 'The text.' })
  text!: string;

  @Field(() => String, { description: 'The name of the caregiver.' })
  caregiverName!: string;

  @Field(() => DateTimeScalar, { description: 'When the server got it.' })
  writtenAt!: Date;
}

@ObjectType('Measurement', { simpleResolvers: true, description: 'Something that was measured at a visit.' })
export class MeasurementType {
  @Field(() => ID, { description: 'Never given to another.' })
  id!: number;

  @Field(() => ID, { description: 'At which visit.' })
  visitId!: number;

  @Field(() => MeasurementKindEnum, { description: 'What was measured.' })
  kind!: MeasurementKind;

  @Field(() => Float, { description: 'In the unit of the kind.' })
  value!: number;

  @Field(() => String, { description: 'The unit, such as mmol/L.' })
  unit!: string;

  @Field(() => DateTimeScalar, { description: 'When the server got it.' })
  measuredAt!: Date;

  @Field(() => DirectionEnum, {
    nullable: true,
    description: 'Beyond which of the limits of its time it lay; null for neither.',
  })
  beyond!: Direction | null;
}

export const LimitSourceEnum = enumeration<LimitSource>('CareLimitSource', 'Who has set a limit.', {
  ELDER: 'It is the elder’s own.',
  FACILITY: 'The nearest facility at or above the station has set it.',
  DEFAULT: 'Nobody has; it is what counts everywhere.',
});

@ObjectType('CareLimit', { simpleResolvers: true, description: 'Beyond what a measurement alerts.' })
export class CareLimitType {
  @Field(() => MeasurementKindEnum, { description: 'Of what.' })
  kind!: MeasurementKind;

  @Field(() => Float, { nullable: true, description: 'Below this it alerts; null for no lower limit.' })
  low!: number | null;

  @Field(() => Float, { nullable: true, description: 'Above this it alerts; null for no upper limit.' })
  high!: number | null;

  @Field(() => LimitSourceEnum, { description: 'Who has set it.' })
  source!: LimitSource;
}

@InputType('CareLimitInput', {
  description: 'Limits of one elder, or of a facility and all beneath it: one of the two ids.',
})
export class CareLimitInput {
  @Field(() => ID, { nullable: true, description: 'Whose own limit it is.' })
  elderId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Or for which facility and all beneath it.' })
  facilityId?: string | null;

  @Field(() => MeasurementKindEnum, { description: 'Of what.' })
  kind!: MeasurementKind;

  @Field(() => Float, { nullable: true, description: 'Below this it alerts; none without it.' })
  low?: number | null;

  @Field(() => Float, { nullable: true, description: 'Above this it alerts; none without it.' })
  high?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True to have no limits of one’s own any more, so that those above count again.',
  })
  withdrawn!: boolean;
}

export const CareLimitResultUnion = createUnionType({
  name: 'CareLimitResult',
  description: 'What counts from now on, or why nothing changed.',
  types: () => [CareLimitType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : CareLimitType),
});
