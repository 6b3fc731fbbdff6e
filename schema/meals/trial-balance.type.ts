import { Field, ObjectType } from 'type-graphql';
import type { TrialBalanceKey } from '../../src/meals/trial-balance.js';
import { enumeration } from '../shared/enumeration.js';
import { FenScalar } from '../shared/scalars.js';

export const TrialBalanceKeyEnum = enumeration<TrialBalanceKey>(
  'TrialBalanceKey',
  'By what the lines of a trial balance are told from each other.',
  {
    FUNDER: 'A line for each funder, and one for the accounts that are no funder’s.',
    CANTEEN: 'A line for each canteen, and one for money paid in and out at counters.',
    DAY: 'A line for each day on which something was booked.',
    MONTH: 'A line for each month in which something was booked.',
  },
);

@ObjectType('TrialBalanceLine', {
  simpleResolvers: true,
  description:
    'What was booked on the accounts of each kind, in fen. What an account has come to owe is negative.',
})
export class TrialBalanceLineType {
  /** For the edges; not a field of the graph. */
  key!: string | null;
  /** For the edges; not a field of the graph. */
  by!: TrialBalanceKey;

  @Field(() => String, {
    nullable: true,
    description:
      'The day, YYYY-MM-DD, or the month, YYYY-MM; null on the lines of a balance by funder or canteen.',
  })
  period!: string | null;

  @Field(() => FenScalar, { description: 'On the accounts of levels of government.' })
  funderFen!: number;

  @Field(() => FenScalar, { description: 'On the accounts of donors.' })
  donorFen!: number;

  @Field(() => FenScalar, { description: 'On what canteens are owed.' })
  receivableFen!: number;

  @Field(() => FenScalar, { description: 'On what canteens bear themselves.' })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'On the accounts of elders.' })
  elderFen!: number;

  @Field(() => FenScalar, { description: 'On cash: negative what was paid in at counters.' })
  cashFen!: number;

  @Field(() => FenScalar, {
    description: 'On what canteens are owed beside their meals, by statements that were signed.',
  })
  operatorFen!: number;

  @Field(() => FenScalar, {
    description:
      'All of these together: zero on every line of a balance by canteen, day or month; by funder, on all lines together.',
  })
  sumFen!: number;
}

@ObjectType('TrialBalance', {
  simpleResolvers: true,
  description: 'The books of a place over some days. Every posting is taken whole.',
})
export class TrialBalanceType {
  @Field(() => [TrialBalanceLineType], {
    description: 'In the order of their keys, without a key first; none where nothing was booked.',
  })
  lines!: TrialBalanceLineType[];

  @Field(() => FenScalar, { description: 'All lines together, always zero.' })
  sumFen!: number;
}
