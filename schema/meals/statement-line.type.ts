import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import type { PaidBecause } from '../../entities/settlement/station-line.entity.js';
import { maskedName } from '../../src/elders/masked-name.rules.js';
import type { ShownLine } from '../../src/settlement/shown-line.js';
import type { DisputeState } from '../../src/settlement/statement.rules.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { DiningModeEnum, MealEnum } from './meal.type.js';

export const DisputeStateEnum = enumeration<DisputeState>('DisputeState', 'How far a dispute has come.', {
  OPEN: 'Raised by the street; the facility has to answer.',
  ANSWERED: 'Answered by the facility; the street has to decide.',
  DECIDED: 'Decided, for good.',
});

export const PaidBecauseEnum = enumeration<PaidBecause>('PaidBecause', 'Why a visit is paid.', {
  TAPS: 'Its taps at the door prove it.',
  VERDICT: 'Somebody who looked at its evidence let it through.',
});

@ObjectType('VisitOfLine', { simpleResolvers: true, description: 'The visit that a line is about.' })
export class VisitOfLineType {
  @Field(() => ID, { description: 'The id of the visit.' })
  visitId!: string;

  @Field(() => String, { description: 'The code of the service.' })
  serviceCode!: string;

  @Field(() => DateTimeScalar, { description: 'When it began, as it was booked.' })
  startsAt!: Date;

  @Field(() => Int, {
    description:
      'Minutes that it was booked for; below zero when it was taken back, 0 when it was called off.',
  })
  minutes!: number;

  @Field(() => Int, { description: 'Minutes of government hours; below zero when they were taken back.' })
  hoursMinutes!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'What its evidence is worth, 0 to 100; null without any.',
  })
  score!: number | null;

  @Field(() => PaidBecauseEnum, {
    nullable: true,
    description: 'Why it is paid; null for what takes money back, and for a visit that was called off.',
  })
  paidBecause!: PaidBecause | null;

  @Field(() => FenScalar, {
    description:
      'What the family has paid of its part of the visit until now, in fen: a statement that is submitted stays as it is, payments go on.',
  })
  familyPaidFen!: number;
}

export const DisputeDecisionEnum = enumeration<DisputeDecision>(
  'DisputeDecision',
  'What the street decides about a line that it doubted.',
  {
    UPHELD:
      'The canteen bears the subsidy itself, or the visit is paid by nobody; a correction comes into the next month’s statement.',
    REJECTED: 'The line stands as it was submitted.',
  },
);

@ObjectType('LineDispute', { simpleResolvers: true, description: 'What the street doubts about a line.' })
export class LineDisputeType {
  @Field(() => ID, { description: 'The id of the dispute.' })
  id!: string;

  @Field(() => DisputeStateEnum, { description: 'How far it has come.' })
  state!: DisputeState;

  @Field(() => String, { description: 'What is doubted, in the words of the street.' })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The answer of the facility; null until there is one.',
  })
  answer!: string | null;

  @Field(() => DisputeDecisionEnum, { nullable: true, description: 'The decision; null until there is one.' })
  decision!: DisputeDecision | null;

  @Field(() => String, { nullable: true, description: 'Why it was decided so.' })
  decisionReason!: string | null;
}

@ObjectType('LineFunder', { simpleResolvers: true, description: 'What one funder bears of a line.' })
export class LineFunderType {
  @Field(() => String, { description: 'The code of the funder.' })
  code!: string;

  @Field(() => FenScalar, { description: 'How much, in fen; below zero when it gets it back.' })
  fen!: number;
}

@ObjectType('StatementLine', {
  simpleResolvers: true,
  description:
    'One posting of the ledger of meals, or of hours, in a statement. What takes money back has amounts below zero.',
})
export class StatementLineType {
  @Field(() => ID, { description: 'The id of the posting.' })
  id!: string;

  @Field(() => String, {
    description:
      'The kind of the posting: SWIPE, VOID, REVIEW, DISPUTE of meals; USE, FORFEIT, CORRECT of visits.',
  })
  kind!: string;

  @Field(() => DateScalar, { description: 'The day of the meal or visit.' })
  day!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The earlier month that it corrects, YYYY-MM; null for what belongs to the statement’s own.',
  })
  correctsMonth!: string | null;

  @Field(() => MealEnum, { nullable: true, description: 'The meal; null where there is none.' })
  meal!: Meal | null;

  @Field(() => DiningModeEnum, {
    nullable: true,
    description: 'Where it was eaten; null where there is none.',
  })
  mode!: DiningMode | null;

  @Field(() => ID, {
    nullable: true,
    description: "The reader's id for the swipe; null where there is none.",
  })
  swipeId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The elder; null where there is none.' })
  elderId!: string | null;

  @Field(() => String, { nullable: true, description: 'The family name of the elder, the rest starred.' })
  elderName!: string | null;

  @Field(() => FenScalar, { description: 'The price, in fen.' })
  grossFen!: number;

  @Field(() => FenScalar, { description: 'What levels of government bear, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the canteen or donors bear, in fen.' })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'What the elder bears, in fen.' })
  selfPaidFen!: number;

  @Field(() => [LineFunderType], { description: 'What funders bear, one by one, donors among them.' })
  funders!: LineFunderType[];

  @Field(() => LineDisputeType, {
    nullable: true,
    description: 'What is doubted about it; null when nothing.',
  })
  dispute!: LineDisputeType | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the card was tapped.' })
  swipedAt!: Date | null;

  @Field(() => VisitOfLineType, { nullable: true, description: 'The visit; null where there is none.' })
  visit!: VisitOfLineType | null;
}

@ObjectType('StatementLineConnection', {
  simpleResolvers: true,
  description: 'A page of the lines of a statement, in the order of their ids.',
})
export class StatementLineConnectionType {
  @Field(() => [StatementLineType], { description: 'The lines of this page.' })
  nodes!: StatementLineType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

export function shownStatementLine({
  id,
  elderId,
  elderName,
  dispute,
  meal,
  visit,
  ...line
}: ShownLine): StatementLineType {
  return {
    ...line,
    id: String(id),
    elderId: elderId === null ? null : String(elderId),
    elderName: elderName === null ? null : maskedName(elderName),
    meal: meal?.meal ?? null,
    mode: meal?.mode ?? null,
    swipeId: meal?.swipeId ?? null,
    swipedAt: meal?.swipedAt ?? null,
    visit: visit && { ...visit, visitId: String(visit.visitId) },
    dispute: dispute && { ...dispute, id: String(dispute.id) },
  };
}
