import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RuleStatus } from '../../entities/meals/subsidy-rule.entity.js';
import {
  approveRules,
  type RuleDecision,
  rejectRules,
  withdrawRules,
} from '../../src/meals/rules/decide-rules.js';
import { countRuleSets, findRuleSets, type ListedRules } from '../../src/meals/rules/list-rules.js';
import { proposeRuleText, type RuleRefusalCode } from '../../src/meals/rules/propose-rules.js';
import { ruleSetState } from '../../src/meals/rules/rule-set-state.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { idOf } from '../shared/ids.js';
import { connectionOf, readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
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
  async subsidyRuleSets(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The facility.' }) facilityId: string,
    @Arg('status', () => RuleStatusEnum, { nullable: true, description: 'Only these.' })
    status: RuleStatus | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Only the versions of this set.' })
    code: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 20, description: 'At most so many, 0 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `endCursor` of the page before.' })
    after: string | null | undefined,
  ): Promise<SubsidyRuleSetConnectionType | null> {
    const page = readPage(first, after, context.language);
    const filter = {
      facilityId: idOf(facilityId) ?? 0,
      status: status ?? undefined,
      code: code ?? undefined,
    };
    const today = dayOf(context.now);
    const scope = context.scopeFor('subsidyRuleSets');
    const rows = await context.database.read((manager) =>
      findRuleSets(manager, filter, { afterId: page.afterId, rowsMax: page.first + 1 }, scope, today),
    );
    if (!rows) await context.audit.refused('subsidyRuleSets', notFound, { facilityId });
    if (!rows) return null;
    return connectionOf(rows, page.first, () =>
      context.database.read((manager) => countRuleSets(manager, filter, today)),
    );
  }

  @Mutation(() => RuleSetResultUnion, {
    description:
      '[finance, administrator] Keeps a new version, which counts nowhere until somebody else approves it.',
  })
  async proposeRuleSet(
    @Ctx() context: Context,
    @Arg('input', () => ProposeRuleSetInput, { description: 'The version.' }) input: ProposeRuleSetInput,
  ): Promise<typeof RuleSetResultUnion> {
    const { accountId: byId, now } = context;
    const proposal = {
      ...input,
      toDay: input.toDay ?? null,
      facilityId: idOf(input.facilityId) ?? 0,
      byId,
      now,
    };
    const scope = context.scopeFor('proposeRuleSet');
    const result = await context.audit.write((manager) => proposeRuleText(manager, proposal, scope), {
      state: (manager, rules) => ruleSetState(manager, rules && !isRefusal(rules) ? rules.id : undefined),
    });
    return shown(result, context);
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
    return decided(approveRules, 'approveRuleSet', context, id, note);
  }

  @Mutation(() => RuleSetResultUnion, {
    description: '[administrator] Turns a version down, with the reason.',
  })
  rejectRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters.' }) note: string,
  ): Promise<typeof RuleSetResultUnion> {
    return decided(rejectRules, 'rejectRuleSet', context, id, note);
  }

  @Mutation(() => RuleSetResultUnion, {
    description: '[finance, administrator] Takes a version back; its author alone does.',
  })
  withdrawRuleSet(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
  ): Promise<typeof RuleSetResultUnion> {
    return decided(withdrawRules, 'withdrawRuleSet', context, id, null);
  }

  @FieldResolver(() => FacilityType, { description: 'It counts in the canteens beneath this facility.' })
  facility(@Root() rules: SubsidyRuleSetType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(rules.facilityId);
  }
}

async function decided(
  work: typeof approveRules,
  operation: string,
  context: Context,
  id: string,
  note: string | null | undefined,
): Promise<typeof RuleSetResultUnion> {
  const ruleSetId = idOf(id) ?? 0;
  const decision: RuleDecision = {
    ruleSetId,
    note: note ?? null,
    byId: context.accountId,
    now: context.now,
  };
  const scope = context.scopeFor(operation);
  const result = await context.audit.write((manager) => work(manager, decision, scope), {
    state: (manager) => ruleSetState(manager, ruleSetId),
  });
  return shown(result, context);
}

function shown(
  result: ListedRules | Refusal<RuleRefusalCode>,
  { language }: Context,
): typeof RuleSetResultUnion {
  return isRefusal(result) ? shownRefusal(result, language) : result;
}
