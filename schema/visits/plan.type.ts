import { createUnionType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { PlanFailure, PlanState } from '../../entities/visits/plan-run.entity.js';
import type { StoredPlan } from '../../src/visits/plans/find-plan.js';
import type { PlanRefusalCode } from '../../src/visits/plans/plan-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';

export const PlanStateEnum = enumeration<PlanState>('VisitPlanState', 'Where the search for a plan stands.', {
  RUNNING: 'It is searched for; the best plan so far may be looked at.',
  DONE: 'The search took its time. The plan may be applied.',
  STOPPED: 'Somebody stopped the search, or the server went; the best plan so far may be applied.',
  FAILED: 'The search broke off. Nothing of it can be applied.',
});

export const PlanFailureEnum = enumeration<PlanFailure>('VisitPlanFailure', 'Why a search broke off.', {
  CRASHED: 'The thread that searched ended by itself.',
  OUT_OF_MEMORY: 'The thread that searched needed more memory than it may have.',
  OUT_OF_TIME: 'The thread that searched did not end when its time was over.',
  SERVER_LOST: 'Nothing was heard for a minute of the server that searched.',
});

@ObjectType('VisitPlanCosts', {
  simpleResolvers: true,
  description: 'How bad a day is, in all and evil by evil. The evils are not weighted.',
})
export class PlanCostsType {
  @Field(() => Float, { description: 'The weighted sum, in minutes of travel; less is better.' })
  total!: number;

  @Field(() => Float, { description: 'Minutes on the way, those from and to the stations too.' })
  travelMinutes!: number;

  @Field(() => Float, {
    description: 'Minutes by which visits begin after what was agreed with the families.',
  })
  latenessMinutes!: number;

  @Field(() => Float, { description: 'Minutes of the worst lateness of all.' })
  worstLatenessMinutes!: number;

  @Field(() => Float, {
    description: 'Minutes by which visits begin at another time than the families were told.',
  })
  movedMinutes!: number;

  @Field(() => Float, {
    description: 'Places of caregivers that are taken by others than the families were told.',
  })
  changedCaregivers!: number;

  @Field(() => Float, {
    description: 'Visits by caregivers whom the elder never saw; in part where it saw others more often.',
  })
  strangeness!: number;

  @Field(() => Float, { description: 'Minutes by which the work is shared unevenly.' })
  unevennessMinutes!: number;

  @Field(() => Float, { description: 'Minutes of work beyond a normal day.' })
  overtimeMinutes!: number;

  @Field(() => Float, {
    description: 'Visits that nobody brings; one that a family was promised counts three times.',
  })
  leftOut!: number;
}

/** The stations have a resolver of their own. */
@ObjectType('VisitPlan', {
  simpleResolvers: true,
  description: 'A search for a better plan of one or more days of home visits, and how far it came.',
})
export class PlanType {
  @Field(() => ID, { description: 'The number of the plan.' })
  id!: number;

  /** For the edge to the stations; not a field of the graph. */
  stationIds!: readonly number[];

  @Field(() => PlanStateEnum, { description: 'Where the search stands.' })
  state!: PlanState;

  @Field(() => DateScalar, { description: 'The first day that is planned.' })
  fromDay!: string;

  @Field(() => DateScalar, { description: 'The first day after those that are planned.' })
  toDay!: string;

  @Field(() => Int, { description: 'The same day with the same seed and iterations gives the same plan.' })
  seed!: number;

  @Field(() => Int, { description: 'How long the search may take, in seconds.' })
  secondsMax!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'After how many moves the search ends; null where the time alone ends it.',
  })
  iterationsMax!: number | null;

  @Field(() => Int, { description: 'How many moves were tried so far.' })
  iterations!: number;

  @Field(() => Int, { description: 'Visits that the best plan so far gives to somebody.' })
  plannedVisits!: number;

  @Field(() => Int, { description: 'Visits that it leaves out; planChanges says why.' })
  leftOutVisits!: number;

  @Field(() => PlanCostsType, {
    nullable: true,
    description: 'What the days cost as they were booked when the search began; null before the first plan.',
  })
  costsBefore!: PlanCostsType | null;

  @Field(() => PlanCostsType, {
    nullable: true,
    description: 'What they cost by the best plan so far; null before the first.',
  })
  costsAfter!: PlanCostsType | null;

  @Field(() => DateTimeScalar, { description: 'When the search began.' })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it runs.' })
  endedAt!: Date | null;

  @Field(() => PlanFailureEnum, { nullable: true, description: 'Why it broke off; null unless FAILED.' })
  failure!: PlanFailure | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the plan was applied; null while it was not.',
  })
  appliedAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'How many visits it changed then.' })
  appliedVisits!: number | null;
}

export const PlanRefusalCodeEnum = enumeration<PlanRefusalCode>(
  'PlanRefusalCode',
  'Why nothing was planned or applied. When several apply, the first in this list is the answer.',
  {
    STATIONS_INVALID: 'More than ten stations, or one of them twice.',
    STATION_UNKNOWN: 'No home-care station has this id, as far as the caller may see.',
    DAY_OUT_OF_RANGE: 'A day in the past, or more than sixty days ahead.',
    OPTIONS_INVALID: 'A number is out of its range; the message says which range.',
    MATRIX_INVALID: 'The matrix is not square, an entry is missing or negative, or a place is in it twice.',
    STATION_CLOSED: 'The station is not open on one of the days.',
    NO_CAREGIVERS: 'No caregiver of the stations works on these days.',
    NOTHING_TO_PLAN: 'No visit of these days is open: all have begun, or there is none.',
    TOO_MANY_VISITS: 'More than five thousand visits at once.',
    MATRIX_INCOMPLETE:
      'The matrix lacks a station or the home of an elder who is visited; the message names it.',
    PLANNER_BUSY: 'As many plans wait for a free thread as may.',
    PLAN_RUNNING: 'A plan of one of these days and stations is being made; planId says which.',
    PLAN_UNKNOWN: 'No plan has this id, as far as the caller may see.',
    PLAN_NOT_READY: 'The search runs still, failed, or found nothing.',
    PLAN_STALE:
      'A visit, a roster, an absence or a door changed since the plan was made: the message says what.',
    PLAN_INVALID: 'An assignment would break a rule; the message says which.',
  },
);

@ObjectType('PlanRefusal', { simpleResolvers: true, description: 'Nothing was planned or changed, and why.' })
export class PlanRefusalType {
  @Field(() => PlanRefusalCodeEnum, { description: 'Why.' })
  code!: PlanRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;

  @Field(() => ID, { nullable: true, description: 'The plan that it is about, or that is in the way.' })
  planId!: number | null;

  @Field(() => [ID], { description: 'Visits that changed since the plan was made, or that break a rule.' })
  visitIds!: readonly number[];

  @Field(() => [ID], { description: 'Caregivers whose roster, absences or skills changed since.' })
  caregiverIds!: readonly number[];
}

export const PlanResultUnion = createUnionType({
  name: 'VisitPlanResult',
  description: 'The plan as it stands, or why not.',
  types: () => [PlanType, PlanRefusalType] as const,
  resolveType: (value) => ('code' in value ? PlanRefusalType : PlanType),
});

export function shownPlan({ costs, ...plan }: StoredPlan): PlanType {
  const shown = (compared: { cost: number; costs: NonNullable<StoredPlan['costs']>['best']['costs'] }) => ({
    total: compared.cost,
    ...compared.costs,
  });
  return {
    ...plan,
    costsBefore: costs ? shown(costs.booked) : null,
    costsAfter: costs ? shown(costs.best) : null,
  };
}
