import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { VersionStatus } from '../../entities/rule-version.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { approveVersion, rejectVersion, withdrawVersion } from '../../src/rule-versions/decide-version.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { decidedVersion, listedVersions, proposedVersion } from '../shared/rule-steps.js';
import {
  ProposeRuleSetInput,
  RuleSetResultUnion,
  RuleStatusEnum,
  SubsidyRuleSetConnectionType,
  SubsidyRuleSetType,
} from './rule-set.type.js';

const idDescription = 'The version, while it is proposed.';

/** How subsidy rules are proposed and decided on. */
@Resolver(() => SubsidyRuleSetType)
export class RuleSetResolver {
  @Query(() => SubsidyRuleSetConnectionType, {
    nullable: true,
    description:
      '[manager, finance, auditor] Versions of the rules of a facility, of the places above it, whose rules count there too, and of those beneath it; null when the caller may not see the facility.',
  })
  subsidyRuleSets(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The facility.' }) facilityId: string,
    @Arg('status', () => RuleStatusEnum, { nullable: true, description: 'Only these.' })
    status: VersionStatus | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Only the versions of this set.' })
    code: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 20, description: 'At most so many, 0 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `endCursor` of the page before.' })
    after: string | null | undefined,
  ): Promise<SubsidyRuleSetConnectionType | null> {
    const asked = { facilityId, status, code, first, after };
    return listedVersions({ kind: subsidyRules, operation: 'subsidyRuleSets', context }, asked);
  }

  @Mutation(() => RuleSetResultUnion, {
    description:
      '[finance, administrator] Keeps a new version, which counts nowhere until somebody else approves it.',
  })
  proposeRuleSet(
    @Ctx() context: Context,
    @Arg('input', () => ProposeRuleSetInput, { description: 'The version.' }) input: ProposeRuleSetInput,
  ): Promise<typeof RuleSetResultUnion> {
    return proposedVersion({ kind: subsidyRules, operation: 'proposeRuleSet', context }, input);
  }

  @Mutation(() => RuleSetResultUnion, {
    description:
      '[administrator] Lets a version count from its first day on. Not by its author, and not when that day is over.',
  })
  approveRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, { nullable: true, description: 'At most 200 characters.' })
    note: string | null | undefined,
  ): Promise<typeof RuleSetResultUnion> {
    return decidedVersion(
      { kind: subsidyRules, operation: 'approveRuleSet', context },
      approveVersion,
      id,
      note,
    );
  }

  @Mutation(() => RuleSetResultUnion, {
    description: '[administrator] Turns a version down, with the reason.',
  })
  rejectRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters.' }) note: string,
  ): Promise<typeof RuleSetResultUnion> {
    return decidedVersion(
      { kind: subsidyRules, operation: 'rejectRuleSet', context },
      rejectVersion,
      id,
      note,
    );
  }

  @Mutation(() => RuleSetResultUnion, {
    description: '[finance, administrator] Takes a version back; its author alone does.',
  })
  withdrawRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
  ): Promise<typeof RuleSetResultUnion> {
    return decidedVersion({ kind: subsidyRules, operation: 'withdrawRuleSet', context }, withdrawVersion, id);
  }

  @FieldResolver(() => FacilityType, { description: 'It counts in the canteens beneath this facility.' })
  facility(@Root() rules: SubsidyRuleSetType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(rules.facilityId);
  }
}
