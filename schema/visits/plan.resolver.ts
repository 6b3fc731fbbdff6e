import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { noStays } from '../../src/elders/institution-stays.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import type { FoundCaregiver } from '../../src/visits/find-caregivers.js';
import { applyPlan } from '../../src/visits/plans/apply-plan.js';
import { findPlan, type StoredPlan } from '../../src/visits/plans/find-plan.js';
import { readChanges } from '../../src/visits/plans/plan-changes.js';
import { isPlanRefusal, type PlanRefusal } from '../../src/visits/plans/plan-refusals.js';
import type { RunToStart } from '../../src/visits/plans/plan-runner.js';
import { planStateForLog } from '../../src/visits/plans/plan-state.js';
import { beginPlan, preparePlan, type WantedPlan } from '../../src/visits/plans/start-plan.js';
import { stopPlan } from '../../src/visits/plans/stop-plan.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { idOf } from '../shared/ids.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { CaregiverType } from './caregiver.type.js';
import { PlanOptionsInput, planOptionsOf, stationsOf } from './plan.input.js';
import { type PlanRefusalType, PlanResultUnion, PlanType, shownPlan } from './plan.type.js';
import { PlanChangesType, PlanChangeType } from './plan-changes.type.js';
import { type ShownVisit, VisitType } from './visit.type.js';

/** Nobody's id. */
const nobody = 0;
const daysOfWeek = 7;

const stationArgument = { description: 'The home-care station, whose settings count.' };
const planArgument = { description: 'The number of the plan.' };
const optionsArgument = { nullable: true, description: 'How it is searched for; the defaults without it.' };

@Resolver(() => PlanType)
export class PlanResolver {
  @Mutation(() => PlanResultUnion, {
    description:
      '[manager] Begins to search for a better plan of a day: who brings which open visit when. Nothing changes before applyPlan. What has begun, and what begins within minutes, stays as it is. The caller must cover all stations named.',
  })
  planDay(
    @Ctx() context: Context,
    @Arg('stationId', () => ID, stationArgument) stationId: string,
    @Arg('date', () => DateScalar, { description: 'The day, from today on.' }) date: string,
    @Arg('options', () => PlanOptionsInput, optionsArgument) options: PlanOptionsInput | null | undefined,
  ): Promise<typeof PlanResultUnion> {
    return started({ stationId, fromDay: date, toDay: addDays(date, 1), options }, 'planDay', context);
  }

  @Mutation(() => PlanResultUnion, {
    description: '[manager] As planDay, of seven days at once.',
  })
  planWeek(
    @Ctx() context: Context,
    @Arg('stationId', () => ID, stationArgument) stationId: string,
    @Arg('date', () => DateScalar, { description: 'The first of the days, from today on.' }) date: string,
    @Arg('options', () => PlanOptionsInput, optionsArgument) options: PlanOptionsInput | null | undefined,
  ): Promise<typeof PlanResultUnion> {
    return started(
      { stationId, fromDay: date, toDay: addDays(date, daysOfWeek), options },
      'planWeek',
      context,
    );
  }

  @Query(() => PlanType, {
    nullable: true,
    description:
      '[manager] How far a plan came; null when unknown, or when the caller does not cover all of its stations.',
  })
  async plan(
    @Ctx() context: Context,
    @Arg('id', () => ID, planArgument) id: string,
  ): Promise<PlanType | null> {
    const plan = await found(idOf(id) ?? nobody, 'plan', context);
    return plan ? shownPlan(plan) : null;
  }

  @Query(() => PlanChangesType, {
    nullable: true,
    description:
      '[manager] The differences of the best plan so far, before anything changes: per visit who and when before and after, the costs evil by evil, and why a visit is left out. Null when the plan is unknown to the caller.',
  })
  async planChanges(
    @Ctx() context: Context,
    @Arg('planId', () => ID, planArgument) planId: string,
  ): Promise<PlanChangesType | null> {
    const plan = await found(idOf(planId) ?? nobody, 'planChanges', context);
    if (!plan) return null;
    const changes = await context.database.read((manager) => readChanges(manager, plan.id));
    const { language } = context;
    return {
      plan: shownPlan(plan),
      changes: changes.map((change) => ({
        change,
        visitId: change.visitId,
        startsAtBefore: change.before.startsAt,
        startsAtAfter: change.after?.startsAt ?? null,
        leftOutCode: change.reason?.code ?? null,
        leftOutReason: change.reason?.text[language] ?? null,
      })),
    };
  }

  @Mutation(() => PlanResultUnion, {
    description:
      '[manager] Ends a search; the best plan so far may be applied. Of a search that another server runs the end comes within a second or two. Again is as once.',
  })
  async stopPlan(
    @Ctx() context: Context,
    @Arg('planId', () => ID, planArgument) planId: string,
  ): Promise<typeof PlanResultUnion> {
    const id = idOf(planId) ?? nobody;
    const scope = context.scopeFor('stopPlan');
    const clocks = { now: context.now, heardNow: context.services.staff.clock.now() };
    const result = await context.audit.write(
      (manager) => stopPlan(manager, { planId: id, ...clocks }, scope),
      { state: (manager) => planStateForLog(manager, id) },
    );
    if (isPlanRefusal(result)) return shownPlanRefusal(result, context);
    await context.services.planner.stop(id);
    const plan = await found(id, 'stopPlan', context);
    return shownPlan(plan ?? result);
  }

  @Mutation(() => PlanResultUnion, {
    description:
      '[manager] Changes all visits as the plan says, or none: refused when a visit, a roster or an absence changed since it was made. Families are told by visitChanged. Again it answers the same and changes nothing.',
  })
  async applyPlan(
    @Ctx() context: Context,
    @Arg('planId', () => ID, planArgument) planId: string,
  ): Promise<typeof PlanResultUnion> {
    const { accountId: byId, now, services } = context;
    const id = idOf(planId) ?? nobody;
    const scope = context.scopeFor('applyPlan');
    const wanted = { planId: id, byId, now, heardNow: services.staff.clock.now() };
    const result = await context.audit.write(
      (manager) => applyPlan(manager, wanted, scope, services.stays ?? noStays),
      { state: (manager) => planStateForLog(manager, id) },
    );
    context.forgetLoaders();
    return isPlanRefusal(result) ? shownPlanRefusal(result, context) : shownPlan(result.plan);
  }

  @FieldResolver(() => [FacilityType], {
    description: 'The stations whose visits and caregivers it is about.',
  })
  stations(@Root() { stationIds }: PlanType, @Ctx() { loaders }: Context): Promise<FacilityType[]> {
    return Promise.all(stationIds.map((id) => loaders.facilityById.load(id)));
  }
}

@Resolver(() => PlanChangeType)
export class PlanChangeResolver {
  @FieldResolver(() => VisitType, { description: 'The visit as it stands now.' })
  visit(@Root() { visitId }: PlanChangeType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.plannedVisitById.load(visitId);
  }

  @FieldResolver(() => [CaregiverType], {
    description: 'Who brings it as it is booked, whoever comes first at the head; empty where nobody does.',
  })
  caregiversBefore(
    @Root() { change }: PlanChangeType,
    @Ctx() { loaders }: Context,
  ): Promise<FoundCaregiver[]> {
    return Promise.all(change.before.caregiverIds.map((id) => loaders.caregiverById.load(id)));
  }

  @FieldResolver(() => [CaregiverType], {
    description: 'Who brings it by the plan, whoever comes first at the head; empty where it is left out.',
  })
  caregiversAfter(
    @Root() { change }: PlanChangeType,
    @Ctx() { loaders }: Context,
  ): Promise<FoundCaregiver[]> {
    const parts = change.after?.parts ?? [];
    return Promise.all(parts.map(({ caregiverId }) => loaders.caregiverById.load(caregiverId)));
  }
}

interface WantedDays {
  stationId: string;
  fromDay: string;
  toDay: string;
  options: PlanOptionsInput | null | undefined;
}

async function started(
  { stationId, fromDay, toDay, options }: WantedDays,
  operation: string,
  context: Context,
): Promise<typeof PlanResultUnion> {
  const { services, now, accountId: byId } = context;
  const { database, travel, stays = noStays, planner } = services;
  const stationIds = stationsOf(stationId, options);
  const wanted: WantedPlan = { stationIds, fromDay, toDay, options: planOptionsOf(options), byId, now };
  const scope = context.scopeFor(operation);
  const prepared = await preparePlan({ database, travel, stays }, wanted, scope);
  const heardAt = services.staff.clock.now();
  const result = await context.audit.writePrepared<RunToStart, PlanRefusal>(
    isPlanRefusal(prepared) ? prepared : (manager) => beginPlan(manager, prepared, planner, heardAt),
    {
      told: (answer) => ({
        facilityId: stationIds[0] ?? null,
        ...(isPlanRefusal(answer) ? {} : { subject: `plan:${answer.planId}` }),
      }),
    },
  );
  if (isPlanRefusal(result)) return shownPlanRefusal(result, context);
  planner.start(result);
  const plan = await found(result.planId, operation, context);
  if (!plan) throw new Error(`plan ${result.planId} was begun, and is not there`);
  return shownPlan(plan);
}

async function found(id: number, operation: string, context: Context): Promise<StoredPlan | undefined> {
  const scope = context.scopeFor(operation);
  const clocks = { today: dayOf(context.now), heardNow: context.services.staff.clock.now() };
  const plan = await context.database.read((manager) => findPlan(manager, id, scope, clocks));
  if (!plan) await context.audit.refused(operation, notFound, { id });
  return plan;
}

function shownPlanRefusal(refusal: PlanRefusal, { language }: Context): PlanRefusalType {
  const { planId, visitIds, caregiverIds } = refusal;
  return { ...shownRefusal(refusal, language), planId, visitIds, caregiverIds };
}
