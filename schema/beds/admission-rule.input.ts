import { Field, InputType, Int } from 'type-graphql';
import type { ContractBy } from '../../entities/beds/admission-rule.entity.js';
import { enumeration } from '../shared/enumeration.js';

export const ContractByEnum = enumeration<ContractBy>('ContractBy', 'By when a contract is signed.', {
  ADMISSION: 'Before the elder comes.',
  TRIAL_END: 'Before the trial of the stay is over.',
});

@InputType('AdmissionRuleInput', { description: 'On which terms a bed is given; all of it counts together.' })
export class AdmissionRuleInput {
  @Field(() => Boolean, {
    description: 'Whether an unexpired assessment is needed; without, no level is asked.',
  })
  needsAssessment!: boolean;

  @Field(() => Int, { description: 'The least GB/T 42195-2022 level that the type suits, 0 to 4.' })
  levelMin!: number;

  @Field(() => Int, { description: 'The greatest level that it suits, levelMin to 4.' })
  levelMax!: number;

  @Field(() => ContractByEnum, { description: 'By when the contract is signed.' })
  contractBy!: ContractBy;

  @Field(() => Int, { description: 'How long a stay is on trial, 0 to 366 days.' })
  trialDays!: number;

  @Field(() => Int, { description: 'How long a bed may be held, 1 to 90 days.' })
  holdDaysMax!: number;

  @Field(() => Int, { description: 'Days of leave at home in a calendar year that keep the bed, 0 to 366.' })
  homeLeaveDaysMax!: number;

  @Field(() => Int, { description: 'Days in hospital in a calendar year that keep the bed, 0 to 366.' })
  hospitalLeaveDaysMax!: number;

  @Field(() => Int, { description: 'What of the fee a day of leave at home costs, 0 to 100 per cent.' })
  homeLeavePercent!: number;

  @Field(() => Int, { description: 'What of the fee a day in hospital costs, 0 to 100 per cent.' })
  hospitalLeavePercent!: number;

  @Field(() => Int, {
    description: 'How late an admission, a leave or a discharge may be entered, 0 to 366 days.',
  })
  entryDaysBackMax!: number;
}
