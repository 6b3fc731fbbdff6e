import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { VersionStatus } from '../../entities/rule-version.js';
import { approveVersion, rejectVersion, withdrawVersion } from '../../src/rule-versions/decide-version.js';
import { hoursRules } from '../../src/visits/hours-rules.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { decidedVersion, listedVersions, proposedVersion } from '../shared/rule-steps.js';
import {
  HoursRuleSetConnectionType,
  HoursRuleSetResultUnion,
  HoursRuleSetType,
  HoursRuleStatusEnum,
  ProposeHoursRuleSetInput,
} from './hours-rule.type.js';

const idDescription = 'The version, while it is proposed.';

/** How rules of government hours are proposed and decided on. */
@Resolver(() => HoursRuleSetType)
export class HoursRuleResolver {
  @Query(() => HoursRuleSetConnectionType, {
    nullable: true,
    description:
      '[manager, finance, auditor] Versions of the rules of government hours of a facility, of the places above it, whose rules count there too, and of those beneath it; null when the caller may not see the facility.',
  })
  hoursRuleSets(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The facility.' }) facilityId: string,
    @Arg('status', () => HoursRuleStatusEnum, { nullable: true, description: 'Only these.' })
    status: VersionStatus | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Only the versions of this set.' })
    code: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 20, description: 'At most so many, 0 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `endCursor` of the page before.' })
    after: string | null | undefined,
  ): Promise<HoursRuleSetConnectionType | null> {
    const asked = { facilityId, status, code, first, after };
    return listedVersions({ kind: hoursRules, operation: 'hoursRuleSets', context }, asked);
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description:
      '[finance, administrator] Keeps a new version, which counts nowhere until somebody else approves it.',
  })
  proposeHoursRuleSet(
    @Ctx() context: Context,
    @Arg('input', () => ProposeHoursRuleSetInput, { description: 'The version.' })
    input: ProposeHoursRuleSetInput,
  ): Promise<typeof HoursRuleSetResultUnion> {
    return proposedVersion({ kind: hoursRules, operation: 'proposeHoursRuleSet', context }, input);
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description:
      '[administrator] Lets a version count from its first day on. Not by its author, and not when that day is over.',
  })
  approveHoursRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, { nullable: true, description: 'At most 200 characters.' })
    note: string | null | undefined,
  ): Promise<typeof HoursRuleSetResultUnion> {
    return decidedVersion(
      { kind: hoursRules, operation: 'approveHoursRuleSet', context },
      approveVersion,
      id,
      note,
    );
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description: '[administrator] Turns a version down, with the reason.',
  })
  rejectHoursRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters.' }) note: string,
  ): Promise<typeof HoursRuleSetResultUnion> {
    return decidedVersion(
      { kind: hoursRules, operation: 'rejectHoursRuleSet', context },
      rejectVersion,
      id,
      note,
    );
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description: '[finance, administrator] Takes a version back; its author alone does.',
  })
  withdrawHoursRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
  ): Promise<typeof HoursRuleSetResultUnion> {
    return decidedVersion(
      { kind: hoursRules, operation: 'withdrawHoursRuleSet', context },
      withdrawVersion,
      id,
    );
  }

  @FieldResolver(() => FacilityType, {
    description: 'It counts at the home-care stations beneath this facility.',
  })
  facility(@Root() rules: HoursRuleSetType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(rules.facilityId);
  }
}
