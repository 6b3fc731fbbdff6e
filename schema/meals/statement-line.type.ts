import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import type { PaidBecause } from '../../entities/settlement/station-line.entity.js';
import { maskedName } from '../../src/elders/masked-name.rules.js';
import type { ShownLine } from '../../src/settlement/shown-line.js';
import type { DisputeState } from '../../src/settlement/statement.rules.js';
import { BedTypeEnum } from '../beds/bed-state.type.js';
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

@ObjectType('StayOfLine', {
  simpleResolvers: true,
  description: 'The days of a stay that a line of a home is about; below zero where they are taken back.',
})
export class StayOfLineType {
  @Field(() => ID, { description: 'The id of the stay.' })
  stayId!: string;

  @Field(() => String, { description: 'Building, room and bed.' })
  bedName!: string;

  @Field(() => BedTypeEnum, { description: 'The type of the bed.' })
  bedType!: BedType;

  @Field(() => Int, {
    nullable: true,
    description: 'The ability level that counted on these days, 0 to 4; null for none.',
  })
  level!: number | null;

  @Field(() => Int, { description: 'Days in the bed. The last day of a stay is none of it.' })
  presentDays!: number;

  @Field(() => Int, { description: 'Days on leave at home.' })
  homeLeaveDays!: number;

  @Field(() => Int, { description: 'Days in hospital.' })
  hospitalDays!: number;

  @Field(() => Int, { description: 'Of all these, the days that some funder pays for.' })
  countedDays!: number;

  @Field(() => String, {
    description:
      'The month as it was known: a letter a day, P in the bed, L on leave at home, H in hospital, - neither.',
  })
  days!: string;
}

export const DisputeDecisionEnum = enumeration<DisputeDecision>(
  'DisputeDecision',
  'What the street decides about a line that it doubted.',
  {
    UPHELD:
      'The canteen bears the subsidy itself, or nobody pays for the visit or the days; a correction comes into the next month’s statement.',
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
    'One posting of the ledger of meals, or of hours, or the days of a stay at one level, in a statement. What takes money back has amounts below zero.',
})
export class StatementLineType {
  @Field(() => ID, { description: 'The id of the posting, or of the line of a home.' })
  id!: string;

  @Field(() => String, {
    description:
      'The kind of the posting: SWIPE, VOID, REVIEW, DISPUTE of meals; USE, FORFEIT, CORRECT of visits. Of a home: STAY for days of the month, CORRECT for those of an earlier one, DISPUTE where a doubt took their money.',
  })
  kind!: string;

  @Field(() => DateScalar, {
    description: 'The day of the meal or visit; the first day of a stay in its month.',
  })
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

  @Field(() => StayOfLineType, { nullable: true, description: 'The stay; null where there is none.' })
  stay!: StayOfLineType | null;
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
  stay,
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
    stay: stay && { ...stay, stayId: String(stay.stayId) },
    dispute: dispute && { ...dispute, id: String(dispute.id) },
  };
}
