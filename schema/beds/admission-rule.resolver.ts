import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { ContractBy } from '../../entities/beds/admission-rule.entity.js';
import { admissionRulesAt } from '../../src/beds/list-admission-rules.js';
import { admissionRuleState, setAdmissionRule } from '../../src/beds/set-admission-rule.js';
import { nowhere } from '../../src/network/scope.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { AdmissionRuleInput, ContractByEnum } from './admission-rule.input.js';
import { BedRefusalType } from './bed-refusal.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';

/** An id that no facility has. */
const unknown = -1;

@ObjectType('AdmissionRule', {
  simpleResolvers: true,
  description: 'That beds of a type are given on other terms from a day on.',
})
export class AdmissionRuleType {
  @Field(() => ID, { nullable: true, description: 'Where, with all beneath it; null for everywhere.' })
  facilityId!: number | null;

  @Field(() => BedTypeEnum, { description: 'For beds of this type.' })
  bedType!: BedTypeValue;

  @Field(() => DateScalar, { description: 'From this day on, until a later rule begins.' })
  from!: string;
}

export const AdmissionRuleResultUnion = createUnionType({
  name: 'AdmissionRuleResult',
  description: 'The rule as it was set, or why it was not.',
  types: () => [AdmissionRuleType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : AdmissionRuleType),
});

@ObjectType('AdmissionRuleInForce', {
  simpleResolvers: true,
  description: 'On which terms beds of a type are given at a facility, and whose rule says so.',
})
export class AdmissionRuleInForceType {
  @Field(() => ID, {
    nullable: true,
    description: 'Whose rule: that of the facility or of one above it; null for the one of everywhere.',
  })
  facilityId!: number | null;

  @Field(() => BedTypeEnum, { description: 'For beds of this type.' })
  bedType!: BedTypeValue;

  @Field(() => DateScalar, { description: 'It began on this day.' })
  from!: string;

  @Field(() => Boolean, { description: 'Whether an unexpired assessment is needed.' })
  needsAssessment!: boolean;

  @Field(() => Int, { description: 'The least GB/T 42195-2022 level that the type suits, 0 to 4.' })
  levelMin!: number;

  @Field(() => Int, { description: 'The greatest level that it suits, 0 to 4.' })
  levelMax!: number;

  @Field(() => ContractByEnum, { description: 'By when the contract is signed.' })
  contractBy!: ContractBy;

  @Field(() => Int, { description: 'How long a stay is on trial, in days.' })
  trialDays!: number;

  @Field(() => Int, { description: 'How long a bed may be held, in days.' })
  holdDaysMax!: number;

  @Field(() => Int, { description: 'Days of leave at home in a calendar year that keep the bed.' })
  homeLeaveDaysMax!: number;

  @Field(() => Int, { description: 'Days in hospital in a calendar year that keep the bed.' })
  hospitalLeaveDaysMax!: number;

  @Field(() => Int, { description: 'What of the fee a day of leave at home costs, in per cent.' })
  homeLeavePercent!: number;

  @Field(() => Int, { description: 'What of the fee a day in hospital costs, in per cent.' })
  hospitalLeavePercent!: number;

  @Field(() => Int, { description: 'How late an admission, a leave or a discharge may be entered, in days.' })
  entryDaysBackMax!: number;
}

/** On which terms beds are given. */
@Resolver()
export class AdmissionRuleResolver {
  @Query(() => [AdmissionRuleInForceType], {
    description:
      '[manager] On which terms beds of each type are given at a facility on a day: by the nearest rule. Empty for a place that is unknown or outside what the caller’s grants cover.',
  })
  admissionRules(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Where.' }) facility: string,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day; today without it.' })
    on: string | null | undefined,
  ): Promise<AdmissionRuleInForceType[]> {
    const { now } = context;
    const asked = { facilityId: idOf(facility) ?? nowhere, on: on ?? dayOf(now), now };
    const scope = context.scopeFor('admissionRules');
    return context.database.read((manager) => admissionRulesAt(manager, asked, scope));
  }

  @Mutation(() => AdmissionRuleResultUnion, {
    description:
      '[administrator] Sets on which terms beds of a type are given from a day on, today or later, at a facility and beneath it, or everywhere. The nearest rule counts; what was decided before stays.',
  })
  async setAdmissionRule(
    @Ctx() context: Context,
    @Arg('type', () => BedTypeEnum, { description: 'For beds of this type.' }) bedType: BedTypeValue,
    @Arg('from', () => DateScalar, { description: 'The first day, today or later.' }) from: string,
    @Arg('rule', () => AdmissionRuleInput, { description: 'The terms.' }) rule: AdmissionRuleInput,
    @Arg('facilityId', () => ID, {
      nullable: true,
      description:
        'Where, with all beneath it; everywhere without it, which only an administrator of everything may.',
    })
    facility: string | null | undefined,
  ): Promise<typeof AdmissionRuleResultUnion> {
    const facilityId = facility === null || facility === undefined ? null : (idOf(facility) ?? unknown);
    const wanted = { ...rule, facilityId, bedType, from };
    const scope = context.scopeFor('setAdmissionRule');
    const result = await context.audit.write(
      (manager) => setAdmissionRule(manager, { rule: wanted, now: context.now }, scope),
      { state: (manager) => admissionRuleState(manager, wanted) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}
