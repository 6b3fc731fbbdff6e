import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import type { StatementKind, StatementState } from '../../entities/settlement/month-statement.entity.js';
import type { SharePart } from '../../entities/settlement/statement-share.entity.js';
import type { StatementRefusalCode } from '../../src/settlement/settlement-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar, FenScalar } from '../shared/scalars.js';

export const StatementStateEnum = enumeration<StatementState>(
  'StatementState',
  'Where a statement stands in its life. Its lines are fixed from SUBMITTED on.',
  {
    DRAFT: 'Read from the ledger each time; never submitted, or returned.',
    SUBMITTED: 'The facility stands by it; the street goes through the lines.',
    REVIEWED: 'The street has gone through it; no dispute is open.',
    SIGNED: 'The county has signed it.',
    PAID: 'The finance office has paid it.',
    FROZEN: 'It never changes again; corrections go into the next month.',
  },
);

export const StatementKindEnum = enumeration<StatementKind>('StatementKind', 'What a statement settles.', {
  CANTEEN: 'The meals of a canteen.',
  STATION: 'The visits of a home-care station.',
  HOME: 'The days in the beds of a home.',
});

export const SharePartEnum = enumeration<SharePart>('SharePart', 'For what a funder pays by a statement.', {
  SUBSIDY: 'Its part of the meals, visits or occupied beds, as a level of government.',
  DONATION: 'Its part of the same, as a donor; no subsidy, and not among what is paid out of public money.',
  OPERATOR_MEAL: 'What the operator gets for each meal.',
  OPERATOR_PERSON: 'What the operator gets for each person.',
  OPERATOR_MONTH: 'What the operator gets for the month.',
});

@ObjectType('StatementSums', {
  simpleResolvers: true,
  description: 'A statement in figures; amounts in fen.',
})
export class StatementSumsType {
  @Field(() => Int, { description: 'Lines: postings of the ledger, or a home’s stays.' })
  lines!: number;

  @Field(() => Int, { description: 'Meals, those taken back subtracted; 0 of anything but a canteen.' })
  meals!: number;

  @Field(() => Int, {
    description: 'Visits, those taken back subtracted; 0 of anything but a home-care station.',
  })
  visits!: number;

  @Field(() => Int, { description: 'Minutes that the visits were booked for, those taken back subtracted.' })
  minutes!: number;

  @Field(() => Int, { description: 'Minutes of government hours that the visits used.' })
  hoursMinutes!: number;

  @Field(() => Int, {
    description:
      'Days on which a bed of a home had its resident in it: those that bedFigures calls occupied.',
  })
  bedDays!: number;

  @Field(() => Int, { description: 'Days on which a bed was kept for a resident on leave at home.' })
  homeLeaveDays!: number;

  @Field(() => Int, { description: 'Days on which a bed was kept for a resident in hospital.' })
  hospitalDays!: number;

  @Field(() => Int, { description: 'Of all these, the days that some funder pays for.' })
  countedDays!: number;

  @Field(() => Int, { description: 'Elders who had a meal, a visit or a day in a bed.' })
  elders!: number;

  @Field(() => FenScalar, { description: 'Sum of the prices, in fen; of a home what its beds are paid for.' })
  grossFen!: number;

  @Field(() => FenScalar, { description: 'What levels of government bear of it, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the canteen or donors bear, in fen.' })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'What the elders or their families bear, in fen.' })
  selfPaidFen!: number;

  @Field(() => FenScalar, { description: 'What the operator gets beside the meals, in fen.' })
  operatorFen!: number;
}

@ObjectType('StatementShare', {
  simpleResolvers: true,
  description: 'What one funder, or donor, owes by a statement.',
})
export class StatementShareType {
  @Field(() => SharePartEnum, { description: 'For what.' })
  part!: SharePart;

  @Field(() => String, { description: 'The code of the funder.' })
  code!: string;

  @Field(() => String, { description: 'The name of the funder.' })
  name!: string;

  @Field(() => Int, { description: 'Meals, visits, days in a bed, persons or months that it is for.' })
  units!: number;

  @Field(() => FenScalar, { description: 'How much, in fen.' })
  fen!: number;
}

@ObjectType('StatementEvent', { simpleResolvers: true, description: 'A step in the life of a statement.' })
export class StatementEventType {
  @Field(() => String, { description: 'SUBMIT, RETURN, REVIEW, SEND_BACK, SIGN, PAY or FREEZE.' })
  event!: string;

  @Field(() => StatementStateEnum, { description: 'The state that it led to.' })
  toState!: StatementState;

  @Field(() => String, { nullable: true, description: 'Who took it; null for the operator of the machine.' })
  byName!: string | null;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'Why it went back, or the number of the payment.' })
  note!: string | null;
}

@ObjectType('CanteenStatement', {
  simpleResolvers: true,
  description:
    "A canteen's, home-care station's or home's statement for a month. One exists for each of them and every month, as a draft at first.",
})
export class CanteenStatementType {
  /** For the edges; not fields of the graph. */
  id!: number | null;
  facilityId!: number;

  @Field(() => StatementKindEnum, { description: 'Whether meals, visits or days in beds are settled by it.' })
  kind!: StatementKind;

  @Field(() => String, { description: 'The month in China Standard Time, YYYY-MM.' })
  month!: string;

  @Field(() => StatementStateEnum, { description: 'Where it stands in its life.' })
  state!: StatementState;

  @Field(() => Int, { description: 'How many steps it has taken; give it with the next one.' })
  version!: number;
}

@ObjectType('CanteenStatementConnection', {
  simpleResolvers: true,
  description: 'A page of statements of one month, in the order of the facilities’ ids.',
})
export class CanteenStatementConnectionType {
  @Field(() => [CanteenStatementType], { description: 'The statements of this page.' })
  nodes!: CanteenStatementType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

export const StatementRefusalCodeEnum = enumeration<StatementRefusalCode>(
  'StatementRefusalCode',
  'Why a statement did not move. When several apply, the first in this list is the answer.',
  {
    MONTH_INVALID: 'The month is not written YYYY-MM.',
    STATEMENT_UNKNOWN: 'No canteen, home-care station or home has this id, as far as the caller may see.',
    DISPUTE_UNKNOWN: 'No dispute has this id, as far as the caller may see.',
    NOT_ENTITLED: 'The caller holds no role at the level that takes this step.',
    FROZEN: 'The statement is frozen; corrections go into the next month.',
    WRONG_STATE: 'The step is not taken in the state that the statement is in.',
    VERSION_CHANGED: 'It has moved on since the caller read it.',
    SAME_PERSON:
      'The caller took the last step, or submitted what is to be approved; another person must take this one.',
    NOTE_INVALID:
      'The note, reason or answer is empty, longer than 200 characters, or holds a control character.',
    MONTH_NOT_OVER: 'A month is submitted from ten past midnight on the 1st of the next.',
    EARLIER_MONTH_OPEN: 'An earlier month with lines was not submitted yet.',
    DISPUTES_OPEN: 'Disputes have no decision yet.',
    LINE_UNKNOWN: 'The statement has no such line.',
    LINE_NOT_DISPUTABLE: 'The line has no subsidy, was disputed before, was taken back, or brings no day.',
    OUT_OF_TURN: 'A dispute is answered once and then decided once.',
  },
);

@ObjectType('StatementRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class StatementRefusalType {
  @Field(() => StatementRefusalCodeEnum, { description: 'Why.' })
  code!: StatementRefusalCode;

  @Field(() => String, { description: 'The same in words, with the state; in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const StatementResultUnion = createUnionType({
  name: 'StatementResult',
  description: 'The statement as it now stands, or why nothing changed.',
  types: () => [CanteenStatementType, StatementRefusalType] as const,
  resolveType: (value) => ('code' in value ? StatementRefusalType : CanteenStatementType),
});
