import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { StateChangeKind } from '../../entities/elders/elder-state-change.entity.js';
import { scaleOn } from '../../src/elders/assessment-scale.js';
import { assessmentsDue } from '../../src/elders/assessments-due.js';
import { findElder } from '../../src/elders/find-elder.js';
import { assessmentsOf } from '../../src/elders/read-assessments.js';
import { recordAssessment } from '../../src/elders/record-assessment.js';
import { reportChangeOfState } from '../../src/elders/report-change-of-state.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import {
  AbilityAssessmentType,
  AssessmentDueType,
  AssessmentResultUnion,
  AssessmentScaleType,
  IndicatorScoreInput,
  StateChangeKindEnum,
  StateChangeResultUnion,
  shownAssessment,
  shownScale,
} from './assessment.type.js';
import { ElderType } from './elder.type.js';

/** Nobody's id. */
const nobody = 0;

/** How able elders are, and since when. */
@Resolver()
export class AssessmentResolver {
  @Query(() => AssessmentScaleType, { description: 'By what abilities are assessed on a day.' })
  async assessmentScale(
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day asked about; today without it.' })
    on: string | null | undefined,
  ): Promise<AssessmentScaleType> {
    const day = on ?? dayOf(context.now);
    return shownScale(await context.database.read((manager) => scaleOn(manager, day)), context.language);
  }

  @Query(() => [AbilityAssessmentType], {
    description:
      '[manager, family] The assessments of an elder in the order of their days; empty for one who is unknown or whom the caller’s grants do not cover. Of the group HEALTH.',
  })
  async assessmentsOf(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elder: string,
  ): Promise<AbilityAssessmentType[]> {
    const id = idOf(elder) ?? nobody;
    const scope = await context.elderScopeFor('assessmentsOf');
    const today = dayOf(context.now);
    return context.database.read(async (manager) => {
      const found = await findElder(manager, id, scope, today);
      const asked = found ? id : nobody;
      const kept = (await assessmentsOf(manager, [asked])).get(asked) ?? [];
      return kept.map(shownAssessment);
    });
  }

  @Query(() => [AssessmentDueType], {
    description:
      '[manager] Elders of the places beneath a facility whose assessment is due by a day, in the order of their ids.',
  })
  async assessmentsDue(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: 'Files kept at this facility and beneath it.' }) within: string,
    @Arg('by', () => DateScalar, {
      nullable: true,
      description: 'Due on this day or before; today without it.',
    })
    by: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'How many at most, 0 to 200.' })
    first: number | null,
    @Arg('afterElderId', () => ID, { nullable: true, description: 'Only those after this elder.' })
    after: string | null | undefined,
  ): Promise<AssessmentDueType[]> {
    const page = readPage(first ?? 50, null, context.language);
    const today = dayOf(context.now);
    const afterId = typeof after === 'string' ? (idOf(after) ?? nobody) : nobody;
    const asked = { within: idOf(within) ?? nobody, by: by ?? today, first: page.first, afterId, today };
    const scope = context.scopeFor('assessmentsDue');
    return context.database.read((manager) => assessmentsDue(manager, asked, scope));
  }

  @Mutation(() => AssessmentResultUnion, {
    description:
      'Records an assessment; the level follows from the scores and what makes it worse, and counts from then on. It answers an open change of state.',
  })
  async recordAssessment(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, {
      description: 'A UUID the caller makes; sending it again returns the first answer.',
    })
    requestId: string,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elder: string,
    @Arg('assessedOn', () => DateScalar, {
      description: 'The day of the assessment: not before the last one, and at most a year ago.',
    })
    assessedOn: string,
    @Arg('scores', () => [IndicatorScoreInput], {
      description: 'One for each indicator of the second level.',
    })
    scores: IndicatorScoreInput[],
    @Arg('isInComa', () => Boolean, { nullable: true, description: 'Whether the elder is in a coma.' })
    isInComa: boolean | null | undefined,
    @Arg('hasDementia', () => Boolean, { nullable: true, description: 'Whether dementia was diagnosed.' })
    hasDementia: boolean | null | undefined,
    @Arg('riskEvents', () => Int, {
      nullable: true,
      description: "Events of risk within the scale's riskDays, such as falls; 0 to 99.",
    })
    riskEvents: number | null | undefined,
  ): Promise<typeof AssessmentResultUnion> {
    const { services, accountId: byId, now } = context;
    const findings = {
      scores: scores.map(({ code, score }) => ({ code, score })),
      isInComa: isInComa ?? false,
      hasDementia: hasDementia ?? false,
      riskEvents: riskEvents ?? 0,
    };
    const id = await services.ids.take(2);
    const wanted = { id, requestId, elderId: idOf(elder) ?? nobody, assessedOn, findings, byId, now };
    const scope = await context.elderScopeFor('recordAssessment');
    const result = await context.audit.write((manager) => recordAssessment(manager, wanted, scope), {
      told: told('assessment'),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : shownAssessment(result);
  }

  @Mutation(() => StateChangeResultUnion, {
    description:
      '[manager, family] Notes that an elder can do less, or more, than was assessed: the next assessment is due, and the level counts for the scale’s changeDays yet. While one is open it is the answer. Of the group HEALTH.',
  })
  async reportChangeOfState(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elder: string,
    @Arg('on', () => DateScalar, { description: 'The day of the change: within the last 90.' }) on: string,
    @Arg('kind', () => StateChangeKindEnum, { description: 'What changed.' }) kind: StateChangeKind,
    @Arg('note', () => String, { nullable: true, description: 'What was seen, at most 200 characters.' })
    note: string | null | undefined,
  ): Promise<typeof StateChangeResultUnion> {
    const { services, accountId: byId, now } = context;
    const id = await services.ids.take(2);
    const wanted = { id, elderId: idOf(elder) ?? nobody, changedOn: on, kind, note: note ?? null, byId, now };
    const scope = await context.elderScopeFor('reportChangeOfState');
    const result = await context.audit.write((manager) => reportChangeOfState(manager, wanted, scope), {
      told: told('state-change'),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}

function told(kind: string) {
  return (result: { id: number; elderId: number } | Refusal<string>) =>
    isRefusal(result) ? {} : { elderId: result.elderId, subject: `${kind}:${result.id}` };
}

/** From who is due to the file. */
@Resolver(() => AssessmentDueType)
export class AssessmentDueEdgesResolver {
  @FieldResolver(() => ElderType, { description: 'Whose assessment is due.' })
  elder(@Root() { elderId }: AssessmentDueType, @Ctx() { loaders }: Context): Promise<ElderType> {
    return loaders.elderById.load(elderId);
  }
}

/** From an elder to the level on any day. */
@Resolver(() => ElderType)
export class ElderAbilityResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'The ability level that counted on a day, 0 (able) to 4 (fully disabled); null when none did. Of the group HEALTH.',
  })
  abilityLevelOn(
    @Root() { id }: ElderType,
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day asked about; today without it.' })
    on: string | null | undefined,
  ): Promise<number | null> {
    return context.loaders.abilityLevelOn.load({ id, shared: on ?? dayOf(context.now) });
  }
}
