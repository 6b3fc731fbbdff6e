import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { HoursRuleStatus } from '../../entities/visits/hours-rule.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import {
  approveHoursRules,
  type HoursRuleDecision,
  rejectHoursRules,
  withdrawHoursRules,
} from '../../src/visits/decide-hours-rules.js';
import { hoursRuleState } from '../../src/visits/hours-rule-state.js';
import { countHoursRules, findHoursRules, type ListedHoursRules } from '../../src/visits/list-hours-rules.js';
import { type HoursRuleRefusalCode, proposeHoursRuleText } from '../../src/visits/propose-hours-rules.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { idOf } from '../shared/ids.js';
import { connectionOf, readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
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
  async hoursRuleSets(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The facility.' }) facilityId: string,
    @Arg('status', () => HoursRuleStatusEnum, { nullable: true, description: 'Only these.' })
    status: HoursRuleStatus | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Only the versions of this set.' })
    code: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 20, description: 'At most so many, 0 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `endCursor` of the page before.' })
    after: string | null | undefined,
  ): Promise<HoursRuleSetConnectionType | null> {
    const page = readPage(first, after, context.language);
    const filter = {
      facilityId: idOf(facilityId) ?? 0,
      status: status ?? undefined,
      code: code ?? undefined,
    };
    const today = dayOf(context.now);
    const scope = context.scopeFor('hoursRuleSets');
    const rows = await context.database.read((manager) =>
      findHoursRules(manager, filter, { afterId: page.afterId, rowsMax: page.first + 1 }, scope, today),
    );
    if (!rows) await context.audit.refused('hoursRuleSets', notFound, { facilityId });
    if (!rows) return null;
    return connectionOf(rows, page.first, () =>
      context.database.read((manager) => countHoursRules(manager, filter, today)),
    );
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description:
      '[finance, administrator] Keeps a new version, which counts nowhere until somebody else approves it.',
  })
  async proposeHoursRuleSet(
    @Ctx() context: Context,
    @Arg('input', () => ProposeHoursRuleSetInput, { description: 'The version.' })
    input: ProposeHoursRuleSetInput,
  ): Promise<typeof HoursRuleSetResultUnion> {
    const { accountId: byId, now } = context;
    const proposal = {
      ...input,
      toDay: input.toDay ?? null,
      facilityId: idOf(input.facilityId) ?? 0,
      byId,
      now,
    };
    const scope = context.scopeFor('proposeHoursRuleSet');
    const result = await context.audit.write((manager) => proposeHoursRuleText(manager, proposal, scope), {
      state: (manager, rules) => hoursRuleState(manager, rules && !isRefusal(rules) ? rules.id : undefined),
    });
    return shown(result, context);
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
    return decided(approveHoursRules, 'approveHoursRuleSet', context, id, note);
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description: '[administrator] Turns a version down, with the reason.',
  })
  rejectHoursRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters.' }) note: string,
  ): Promise<typeof HoursRuleSetResultUnion> {
    return decided(rejectHoursRules, 'rejectHoursRuleSet', context, id, note);
  }

  @Mutation(() => HoursRuleSetResultUnion, {
    description: '[finance, administrator] Takes a version back; its author alone does.',
  })
  withdrawHoursRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
  ): Promise<typeof HoursRuleSetResultUnion> {
    return decided(withdrawHoursRules, 'withdrawHoursRuleSet', context, id, null);
  }

  @FieldResolver(() => FacilityType, {
    description: 'It counts at the home-care stations beneath this facility.',
  })
  facility(@Root() rules: HoursRuleSetType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(rules.facilityId);
  }
}

async function decided(
  work: typeof approveHoursRules,
  operation: string,
  context: Context,
  id: string,
  note: string | null | undefined,
): Promise<typeof HoursRuleSetResultUnion> {
  const ruleId = idOf(id) ?? 0;
  const decision: HoursRuleDecision = {
    ruleId,
    note: note ?? null,
    byId: context.accountId,
    now: context.now,
  };
  const scope = context.scopeFor(operation);
  const result = await context.audit.write((manager) => work(manager, decision, scope), {
    state: (manager) => hoursRuleState(manager, ruleId),
  });
  return shown(result, context);
}

function shown(
  result: ListedHoursRules | Refusal<HoursRuleRefusalCode>,
  { language }: Context,
): typeof HoursRuleSetResultUnion {
  return isRefusal(result) ? shownRefusal(result, language) : result;
}
