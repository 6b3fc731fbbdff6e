import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { noStays } from '../../src/elders/institution-stays.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { FoundCaregiver } from '../../src/visits/find-caregivers.js';
import { prepareTakeOver, takeOver } from '../../src/visits/plans/take-over.js';
import type { TakeOverRefusal } from '../../src/visits/plans/take-over-refusals.js';
import { absenceDaysMax, visitsAtRisk } from '../../src/visits/plans/visits-at-risk.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { CaregiverType } from './caregiver.type.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import {
  TakeOverInput,
  TakeOverProposalType,
  TakeOverResultUnion,
  VisitAtRiskType,
} from './visit-at-risk.type.js';

/** Nobody's id. */
const nobody = 0;
const dayMs = 86_400_000;

@Resolver(() => VisitAtRiskType)
export class VisitAtRiskResolver {
  @Query(() => [VisitAtRiskType], {
    description:
      '[manager] What becomes of the visits of a caregiver who is away over [from, to), on record or not yet: those that have not begun, in order of start, each with who could take it over. Empty for a caregiver whom the caller does not cover.',
  })
  async visitsAtRisk(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: 'Who is away.' }) caregiverId: string,
    @Arg('from', () => DateTimeScalar, { description: 'Since when.' }) startsAt: Date,
    @Arg('to', () => DateTimeScalar, { description: 'Until when, itself left out; 31 days later at most.' })
    endsAt: Date,
  ): Promise<VisitAtRiskType[]> {
    const { services, now } = context;
    const isTooLong = endsAt.getTime() - startsAt.getTime() > absenceDaysMax * dayMs;
    if (startsAt >= endsAt || isTooLong) {
      const text = {
        zh: `须晚于开始时间，至多相隔 ${absenceDaysMax} 天`,
        en: `must lie after the beginning, at most ${absenceDaysMax} days`,
      };
      throw badUserInput(['to'], text, context.language);
    }
    const { database, travel, stays = noStays } = services;
    const asked = { caregiverId: idOf(caregiverId) ?? nobody, startsAt, endsAt };
    const scope = context.scopeFor('visitsAtRisk');
    const found = await visitsAtRisk({ database, travel, stays }, asked, scope, now);
    return found.map(({ visit, missingCaregiverIds, proposals }) => ({
      visitId: visit.id,
      version: visit.version,
      missingCaregiverIds,
      proposals: proposals.map(({ caregiverIds, strangeness, detourSeconds, loadMinutes }) => ({
        caregiverIds,
        strangeness,
        detourMinutes: Math.ceil(detourSeconds / 60),
        loadMinutes: Math.ceil(loadMinutes),
      })),
    }));
  }

  @Mutation(() => TakeOverResultUnion, {
    description:
      '[manager] Gives visits to other caregivers at their times, all of them or none, each checked by the rules of bookings. It goes past a family’s wish for a caregiver by name. Families are told by visitChanged.',
  })
  async takeOver(
    @Ctx() context: Context,
    @Arg('takeOvers', () => [TakeOverInput], { description: 'One for each visit, 1 to 100.' })
    takeOvers: TakeOverInput[],
  ): Promise<typeof TakeOverResultUnion> {
    const { services, now, accountId: byId } = context;
    const { database, travel, stays = noStays } = services;
    const wanted = {
      takeOvers: takeOvers.map(({ visitId, version, caregiverIds }) => ({
        visitId: idOf(visitId) ?? nobody,
        version,
        caregiverIds: caregiverIds.map((id) => idOf(id) ?? nobody),
      })),
      byId,
      now,
    };
    const scope = context.scopeFor('takeOver');
    const prepared = await prepareTakeOver({ database, travel, stays }, wanted, scope);
    const result = await context.audit.writePrepared<{ visitIds: number[] }, TakeOverRefusal>(
      isRefusal(prepared) ? prepared : (manager) => takeOver(manager, wanted, prepared, stays),
      { told: () => (isRefusal(prepared) ? {} : { facilityId: prepared.stationIds[0] ?? null }) },
    );
    context.forgetLoaders();
    if (isRefusal(result)) return shownRefusal(result, context.language);
    const { loaders } = context;
    return { visits: await Promise.all(result.visitIds.map((id) => loaders.plannedVisitById.load(id))) };
  }

  @FieldResolver(() => VisitType, { description: 'The visit.' })
  visit(@Root() { visitId }: VisitAtRiskType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.plannedVisitById.load(visitId);
  }

  @FieldResolver(() => [CaregiverType], { description: 'Those of its caregivers who are away.' })
  missing(
    @Root() { missingCaregiverIds }: VisitAtRiskType,
    @Ctx() { loaders }: Context,
  ): Promise<FoundCaregiver[]> {
    return Promise.all(missingCaregiverIds.map((id) => loaders.caregiverById.load(id)));
  }
}

@Resolver(() => TakeOverProposalType)
export class TakeOverProposalResolver {
  @FieldResolver(() => [CaregiverType], {
    description: 'All who would bring it, those of two who stay too, in the order that takeOver wants.',
  })
  caregivers(
    @Root() { caregiverIds }: TakeOverProposalType,
    @Ctx() { loaders }: Context,
  ): Promise<FoundCaregiver[]> {
    return Promise.all(caregiverIds.map((id) => loaders.caregiverById.load(id)));
  }
}
