import { Arg, Ctx, createUnionType, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import { admissionRuleState, setAdmissionRule } from '../../src/beds/set-admission-rule.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { AdmissionRuleInput } from './admission-rule.input.js';
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

/** On which terms beds are given. */
@Resolver()
export class AdmissionRuleResolver {
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
