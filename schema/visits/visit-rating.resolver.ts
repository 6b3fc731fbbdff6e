import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { addDays, dayOf, instantOn } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { careVisitState } from '../../src/visits/care-state.js';
import type { FoundCaregiver } from '../../src/visits/find-caregivers.js';
import { rateVisit, ratingsByCaregiver } from '../../src/visits/rate-visit.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { CaregiverType } from './caregiver.type.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import { CaregiverRatingType, RateVisitResultUnion, VisitRatingType } from './visit-rating.type.js';

/** How families found visits. */
@Resolver(() => VisitType)
export class VisitRatingResolver {
  @Mutation(() => RateVisitResultUnion, {
    description:
      '[family] Rates a visit that was brought, with the right BOOKING; once, and changed by whoever gave it for seven days.',
  })
  async rateVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: 'A completed visit to the elder.' }) visitIdText: string,
    @Arg('stars', () => Int, { description: '1, bad, to 5, very good.' }) stars: number,
    @Arg('comment', () => String, {
      nullable: true,
      description: 'At most 500 characters; kept encrypted.',
    })
    comment: string | null | undefined,
  ): Promise<typeof RateVisitResultUnion> {
    const visitId = idOf(visitIdText) ?? 0;
    const { accountId: byId, now } = context;
    const reach = context.visitReachFor('rateVisit');
    const given = { visitId, stars, comment: comment ?? null, byId, now };
    const result = await context.audit.write((manager) => rateVisit(manager, given, reach), {
      state: (manager) => careVisitState(manager, visitId),
      told: () => ({ asked: { visitId: String(visitId), stars } }),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Query(() => [CaregiverRatingType], {
    description: '[manager] How families found the caregivers, by visits that start over [from, to).',
  })
  async caregiverRatings(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Visits of stations at or beneath this facility; of all that the caller sees without it.',
    })
    within: string | null | undefined,
    @Arg('from', () => DateScalar, { nullable: true, description: 'The first day; 90 days ago without it.' })
    from: string | null | undefined,
    @Arg('to', () => DateScalar, {
      nullable: true,
      description: 'The first day left out; tomorrow without it.',
    })
    to: string | null | undefined,
  ): Promise<CaregiverRatingType[]> {
    const today = dayOf(context.now);
    const asked = {
      within: typeof within === 'string' ? (idOf(within) ?? 0) : undefined,
      from: instantOn(from ?? addDays(today, -90), 0),
      to: instantOn(to ?? addDays(today, 1), 0),
    };
    const scope = context.scopeFor('caregiverRatings');
    const rows = await context.database.read((manager) => ratingsByCaregiver(manager, asked, scope, today));
    return rows.map(({ hundredths, ...row }) => ({ ...row, average: hundredths / 100 }));
  }

  @FieldResolver(() => VisitRatingType, {
    nullable: true,
    description: 'How the family found it; null when nobody has said. FORBIDDEN to a caregiver.',
  })
  async rating(@Root() visit: ShownVisit, @Ctx() context: Context): Promise<VisitRatingType | null> {
    const operation = 'Visit.rating';
    const isRelative = context.visitReachFor(operation).elderIds.includes(visit.elderId);
    const asked = { id: visit.stationId, shared: operation };
    const isSeen = isRelative || (await context.loaders.facilityCovered.load(asked));
    if (!isSeen) throw forbidden(context.language);
    return context.loaders.ratingByVisit.load(visit.id);
  }

  @FieldResolver(() => [String], {
    description: 'What whoever brings it takes along, in the language of accept-language; empty for nothing.',
  })
  async toBring(@Root() { serviceId }: ShownVisit, @Ctx() { loaders, language }: Context): Promise<string[]> {
    const items = await loaders.itemsByService.load(serviceId);
    return items.map((item) => item[language]);
  }
}

@Resolver(() => CaregiverRatingType)
export class CaregiverRatingEdgesResolver {
  @FieldResolver(() => CaregiverType, { description: 'Who.' })
  caregiver(@Root() { caregiverId: id, name, stationId }: CaregiverRatingType): FoundCaregiver {
    return { id, name, stationId };
  }
}
