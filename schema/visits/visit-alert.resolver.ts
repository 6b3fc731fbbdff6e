import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { CareAlertOutcome } from '../../entities/visits/care-alert.entity.js';
import type { VisitAlertOutcome } from '../../entities/visits/visit-alert.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { type AlertQueue, alertState, answerAlert } from '../../src/visits/answer-alert.js';
import { type AlertsAsked, findCareAlerts, findVisitAlerts } from '../../src/visits/find-alerts.js';
import { measuredKinds } from '../../src/visits/measurement.rules.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import {
  AlertAnswerResultUnion,
  CareAlertOutcomeEnum,
  CareAlertType,
  VisitAlertOutcomeEnum,
  VisitAlertType,
} from './visit-alert.type.js';

const pageSize = 100;
const within = 'Only what tells facilities at or beneath this one; all that the caller sees without it.';
const closed = 'False for those that are open; true for those that were closed, the newest first.';
const first = 'How many at most, 0 to 200.';
const which = 'Which alert.';
const note =
  'What was found or done, at most 200 characters, with an outcome; needed with OTHER. Kept encrypted.';

/** Alerts about visits that nobody began, and who sees to them. */
@Resolver(() => VisitAlertType)
export class VisitAlertResolver {
  @Query(() => [VisitAlertType], {
    description:
      '[manager] Visits that nobody began or ended: elders who live alone come first, then whoever waits longest.',
  })
  visitAlerts(
    @Ctx() context: Context,
    @Arg('within', () => ID, { nullable: true, description: within }) place: string | null | undefined,
    @Arg('closed', () => Boolean, { defaultValue: false, description: closed }) isClosed: boolean,
    @Arg('first', () => Int, { nullable: true, defaultValue: pageSize, description: first })
    rows: number | null,
  ): Promise<VisitAlertType[]> {
    const asked = alertsAsked(context, place, isClosed, rows);
    const scope = context.scopeFor('visitAlerts');
    return context.database.read((manager) => findVisitAlerts(manager, asked, scope, dayOf(context.now)));
  }

  @Mutation(() => AlertAnswerResultUnion, {
    description: '[manager] Says that an alert about a visit was seen, or how it ended.',
  })
  answerVisitAlert(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: which }) id: string,
    @Arg('outcome', () => VisitAlertOutcomeEnum, {
      nullable: true,
      description: 'How it ended; without it the alert is acknowledged and stays open. Not WENT_ON.',
    })
    outcome: VisitAlertOutcome | null | undefined,
    @Arg('note', () => String, { nullable: true, description: note }) text: string | null | undefined,
  ): Promise<typeof AlertAnswerResultUnion> {
    return answer(context, 'visit', { id, outcome: outcome ?? null, note: text ?? null });
  }

  @FieldResolver(() => VisitType, { description: 'Which visit.' })
  visit(@Root() { visitId }: VisitAlertType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.visitById.load(visitId);
  }

  @FieldResolver(() => FacilityType, { description: 'Whom it tells.' })
  facility(@Root() { facilityId }: VisitAlertType, @Ctx() { loaders }: Context): Promise<FacilityType> {
    return loaders.facilityById.load(facilityId);
  }
}

/** Alerts about measurements beyond their limits. */
@Resolver(() => CareAlertType)
export class CareAlertResolver {
  @Query(() => [CareAlertType], {
    description: '[manager] Measurements beyond their limits: whoever waits longest comes first.',
  })
  async careAlerts(
    @Ctx() context: Context,
    @Arg('within', () => ID, { nullable: true, description: within }) place: string | null | undefined,
    @Arg('closed', () => Boolean, { defaultValue: false, description: closed }) isClosed: boolean,
    @Arg('first', () => Int, { nullable: true, defaultValue: pageSize, description: first })
    rows: number | null,
  ): Promise<CareAlertType[]> {
    const asked = alertsAsked(context, place, isClosed, rows);
    const scope = context.scopeFor('careAlerts');
    const found = await context.database.read((manager) =>
      findCareAlerts(manager, asked, scope, dayOf(context.now)),
    );
    return found.map(({ tenths, ...alert }) => ({
      ...alert,
      value: tenths / 10,
      unit: measuredKinds[alert.kind].unit,
    }));
  }

  @Mutation(() => AlertAnswerResultUnion, {
    description: '[manager] Says that an alert about a measurement was seen, or how it ended.',
  })
  answerCareAlert(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: which }) id: string,
    @Arg('outcome', () => CareAlertOutcomeEnum, {
      nullable: true,
      description: 'How it ended; without it the alert is acknowledged and stays open.',
    })
    outcome: CareAlertOutcome | null | undefined,
    @Arg('note', () => String, { nullable: true, description: note }) text: string | null | undefined,
  ): Promise<typeof AlertAnswerResultUnion> {
    return answer(context, 'care', { id, outcome: outcome ?? null, note: text ?? null });
  }

  @FieldResolver(() => VisitType, { description: 'At which visit it was measured.' })
  visit(@Root() { visitId }: CareAlertType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.visitById.load(visitId);
  }
}

function alertsAsked(
  { language }: Context,
  place: string | null | undefined,
  isClosed: boolean,
  rows: number | null,
): AlertsAsked {
  const { first: rowsMax } = readPage(rows ?? pageSize, null, language);
  return { within: typeof place === 'string' ? (idOf(place) ?? 0) : undefined, isClosed, rowsMax };
}

async function answer(
  context: Context,
  queue: AlertQueue,
  given: { id: string; outcome: string | null; note: string | null },
): Promise<typeof AlertAnswerResultUnion> {
  const id = idOf(given.id) ?? 0;
  const { accountId: byId, now } = context;
  const scope = context.scopeFor(queue === 'visit' ? 'answerVisitAlert' : 'answerCareAlert');
  const result = await context.audit.write(
    (manager) => answerAlert(manager, { ...given, queue, id, byId, now }, scope),
    { state: (manager) => alertState(manager, queue, id) },
  );
  return isRefusal(result) ? shownRefusal(result, context.language) : result;
}
