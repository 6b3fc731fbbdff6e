import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { AssessmentKind } from '../../entities/elders/elder-assessment.entity.js';
import type { StateChangeKind } from '../../entities/elders/elder-state-change.entity.js';
import type { Scale } from '../../src/elders/assessment.rules.js';
import type { DueReason } from '../../src/elders/assessments-due.js';
import type { KeptAssessment } from '../../src/elders/read-assessments.js';
import type { AssessmentRefusalCode } from '../../src/elders/record-assessment.js';
import type { Language } from '../../src/shared/text.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';

@InputType('IndicatorScoreInput', { description: 'The score of one indicator.' })
export class IndicatorScoreInput {
  @Field(() => String, { description: 'The code of an indicator of the second level.' })
  code!: string;

  @Field(() => Int, { description: 'From 0, wholly dependent, to the scoreMax of the indicator.' })
  score!: number;
}

@ObjectType('IndicatorScore', { simpleResolvers: true, description: 'The score of one indicator.' })
export class IndicatorScoreType {
  @Field(() => String, { description: 'The code of an indicator of the second level.' })
  code!: string;

  @Field(() => Int, { description: 'From 0, wholly dependent, to the scoreMax of the indicator.' })
  score!: number;
}

@ObjectType('AssessmentIndicator', { simpleResolvers: true, description: 'One indicator of a scale.' })
export class AssessmentIndicatorType {
  @Field(() => String, { description: 'By which its score is given.' })
  code!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The indicator of the first level that it belongs to; null for one of the first level.',
  })
  groupCode!: string | null;

  @Field(() => String, { description: 'What is looked at, in the language of accept-language.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'The best score; null for one of the first level.' })
  scoreMax!: number | null;
}

@ObjectType('AssessmentLevel', { simpleResolvers: true, description: 'One level of a scale.' })
export class AssessmentLevelType {
  @Field(() => Int, { description: '0 (able) to 4 (fully disabled).' })
  level!: number;

  @Field(() => Int, { description: 'The least sum of scores that reaches it.' })
  scoreMin!: number;

  @Field(() => String, { description: 'What it is called, in the language of accept-language.' })
  name!: string;
}

@ObjectType('AssessmentScale', {
  simpleResolvers: true,
  description: 'By what abilities are assessed: indicators, levels, and what makes a level worse.',
})
export class AssessmentScaleType {
  @Field(() => String, { description: 'Such as GB/T 42195-2022.' })
  code!: string;

  @Field(() => String, { description: 'Its name, in the language of accept-language.' })
  name!: string;

  @Field(() => Int, { description: 'For how many months an assessment counts.' })
  validityMonths!: number;

  @Field(() => Int, { description: 'The level of whoever is in a coma.' })
  comaLevel!: number;

  @Field(() => Int, { description: 'By how many levels dementia or events of risk make it worse.' })
  worseBy!: number;

  @Field(() => Int, { description: 'How many events of risk within riskDays do.' })
  riskEventsMin!: number;

  @Field(() => Int, { description: 'Over how many days before the assessment they are counted.' })
  riskDays!: number;

  @Field(() => Int, { description: 'For how many days a level counts yet after a change of state.' })
  changeDays!: number;

  @Field(() => [AssessmentIndicatorType], { description: 'In the order in which they are asked.' })
  indicators!: readonly AssessmentIndicatorType[];

  @Field(() => [AssessmentLevelType], { description: 'From the best to the worst.' })
  levels!: readonly AssessmentLevelType[];
}

export const AssessmentKindEnum = enumeration<AssessmentKind>('AssessmentKind', 'Where a level comes from.', {
  ASSESSED: 'From an assessment that was recorded score by score.',
  REGISTERED: 'From the opening of the file, without scores.',
});

@ObjectType('AbilityAssessment', {
  simpleResolvers: true,
  description: 'One assessment of an elder. It counts from its day until countsUntil, or until the next.',
})
export class AbilityAssessmentType {
  @Field(() => ID, { description: "The assessment's identifier, never given to another." })
  id!: number;

  @Field(() => ID, { description: 'Whom it is about.' })
  elderId!: number;

  @Field(() => AssessmentKindEnum, { description: 'Where the level comes from.' })
  kind!: AssessmentKind;

  @Field(() => DateScalar, { description: 'The day of the assessment.' })
  assessedOn!: string;

  @Field(() => Int, { description: '0 (able) to 4 (fully disabled).' })
  level!: number;

  @Field(() => Int, { nullable: true, description: 'The sum of the scores; null without scores.' })
  score!: number | null;

  @Field(() => [IndicatorScoreType], { description: 'The scores; none for a level without scores.' })
  scores!: readonly IndicatorScoreType[];

  @Field(() => Boolean, { description: 'Whether the elder was in a coma.' })
  isInComa!: boolean;

  @Field(() => Boolean, { description: 'Whether dementia was diagnosed.' })
  hasDementia!: boolean;

  @Field(() => Int, { description: 'Events of risk in the days before, such as falls.' })
  riskEvents!: number;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      'The next is due on this day, on which this one no longer counts; null when it does not expire.',
  })
  expiresOn!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The same, or sooner where a change of state was reported.',
  })
  countsUntil!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  recordedAt!: Date;
}

export const DueReasonEnum = enumeration<DueReason>('AssessmentDueReason', 'Why an assessment is due.', {
  NEVER: 'The elder was never assessed.',
  EXPIRES: 'The level expires, or has expired.',
  CHANGED: 'A change of state was reported.',
});

/** Its edge elder stands in assessment.resolver.ts. */
@ObjectType('AssessmentDue', { simpleResolvers: true, description: 'An elder whose assessment is due.' })
export class AssessmentDueType {
  elderId!: number;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Since when; null for one who was never assessed.',
  })
  dueOn!: string | null;

  @Field(() => DueReasonEnum, { description: 'Why.' })
  reason!: DueReason;
}

export const StateChangeKindEnum = enumeration<StateChangeKind>('StateChangeKind', 'What changed.', {
  ILLNESS: 'A new illness, or one that became worse.',
  HOSPITAL: 'A stay in hospital.',
  ACCIDENT: 'A fall or another accident.',
  BETTER: 'The elder can do more than before.',
  OTHER: 'Something else.',
});

@ObjectType('StateChange', {
  simpleResolvers: true,
  description: 'A change of state that opened a reassessment.',
})
export class StateChangeType {
  @Field(() => ID, { description: "The change's identifier, never given to another." })
  id!: number;

  @Field(() => ID, { description: 'Whom it is about.' })
  elderId!: number;

  @Field(() => DateScalar, { description: 'The day of the change, on which the reassessment is due.' })
  changedOn!: string;

  @Field(() => StateChangeKindEnum, { description: 'What changed.' })
  kind!: StateChangeKind;
}

export const AssessmentRefusalCodeEnum = enumeration<AssessmentRefusalCode>(
  'AssessmentRefusalCode',
  'Why nothing was recorded. When several apply, the first in this list is the answer.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    NOTE_INVALID: 'The note is longer than 200 characters, or holds control characters.',
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
    ELDER_NOT_ACTIVE: 'The file has ended.',
    DAY_OUT_OF_RANGE:
      'After today, before the last assessment, or too long ago; the message says which days.',
    RISK_EVENTS_INVALID: 'Not 0 to 99.',
    SCORE_INVALID: 'No such indicator, a score beyond its maximum, or an indicator twice.',
    SCORE_MISSING: 'An indicator of the second level has no score.',
  },
);

@ObjectType('AssessmentRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class AssessmentRefusalType {
  @Field(() => AssessmentRefusalCodeEnum, { description: 'Why.' })
  code!: AssessmentRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const AssessmentResultUnion = createUnionType({
  name: 'AssessmentResult',
  description: 'The assessment as it is kept, or why it is not.',
  types: () => [AbilityAssessmentType, AssessmentRefusalType] as const,
  resolveType: (value) => ('code' in value ? AssessmentRefusalType : AbilityAssessmentType),
});

export const StateChangeResultUnion = createUnionType({
  name: 'StateChangeResult',
  description: 'The change that is open now, or why nothing was noted.',
  types: () => [StateChangeType, AssessmentRefusalType] as const,
  resolveType: (value) => ('code' in value ? AssessmentRefusalType : StateChangeType),
});

export function shownAssessment({ findings, ...kept }: KeptAssessment): AbilityAssessmentType {
  const { scores, isInComa, hasDementia, riskEvents } = findings ?? {
    ...{ scores: [], isInComa: false, hasDementia: false, riskEvents: 0 },
  };
  return { ...kept, scores, isInComa, hasDementia, riskEvents };
}

export function shownScale(scale: Scale, language: Language): AssessmentScaleType {
  const named = <Part extends { name: { zh: string; en: string } }>(part: Part) => ({
    ...part,
    name: part.name[language],
  });
  return { ...named(scale), indicators: scale.indicators.map(named), levels: scale.levels.map(named) };
}
