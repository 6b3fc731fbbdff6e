import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { offeredServices } from '../../src/visits/find-services.js';
import { findVisit, visitsOnDay } from '../../src/visits/find-visits.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { ServiceType, shownService } from './service.type.js';
import { type ShownVisit, VisitType } from './visit.type.js';

/** Nobody's id. */
const nobody = 0;

/** What can be read of services and visits. */
@Resolver(() => VisitType)
export class VisitResolver {
  @Query(() => [ServiceType], {
    description:
      'The services that may be booked today, in the order of the catalogue. A station offers all but those that it, or a place above it, says it does not.',
  })
  async services(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description:
        'Only what stations at or beneath this facility offer, so none where no home-care station is open; everything without it.',
    })
    within: string | null | undefined,
  ): Promise<ServiceType[]> {
    const facilityId = typeof within === 'string' ? (idOf(within) ?? nobody) : undefined;
    const services = await context.database.read((manager) =>
      offeredServices(manager, facilityId, dayOf(context.now)),
    );
    return services.map((service) => shownService(service, context.language));
  }

  @Query(() => VisitType, {
    nullable: true,
    description:
      "[caregiver, manager] One visit; null when unknown or outside what the caller's grants cover. A caregiver's covers its own.",
  })
  async visit(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'Which visit.' }) id: string,
  ): Promise<ShownVisit | null> {
    const reach = context.visitReachFor('visit');
    const visit = await context.database.read((manager) =>
      findVisit(manager, idOf(id) ?? nobody, reach, dayOf(context.now)),
    );
    if (!visit) await context.audit.refused('visit', notFound, { id });
    return visit ?? null;
  }

  @Query(() => [VisitType], {
    description:
      "[caregiver, manager] One station's or one caregiver's day, in order of start, cancelled visits too; of a caregiver who asks, its own visits alone.",
  })
  async visitsOn(
    @Ctx() context: Context,
    @Arg('date', () => DateScalar, { description: 'The day on which the visits start.' }) date: string,
    @Arg('stationId', () => ID, {
      nullable: true,
      description: 'The home-care station, when its day is asked for; needed where caregiverId is not given.',
    })
    stationId: string | null | undefined,
    @Arg('caregiverId', () => ID, {
      nullable: true,
      description: 'The caregiver, when one day of theirs is asked for. A caregiver may leave out both.',
    })
    caregiverId: string | null | undefined,
  ): Promise<ShownVisit[]> {
    const reach = context.visitReachFor('visitsOn');
    const given = (id: string | null | undefined) =>
      typeof id === 'string' ? (idOf(id) ?? nobody) : undefined;
    const wanted = { day: date, stationId: given(stationId), caregiverId: given(caregiverId) };
    const isOpenQuestion = wanted.stationId === undefined && wanted.caregiverId === undefined;
    if (isOpenQuestion && reach.own.stations.length === 0) {
      const text = { zh: '须指定服务站或护理员', en: 'a station or a caregiver must be named' };
      throw badUserInput(['stationId'], text, context.language);
    }
    const accountId = isOpenQuestion ? reach.own.accountId : undefined;
    return context.database.read((manager) =>
      visitsOnDay(manager, { ...wanted, accountId }, reach, dayOf(context.now)),
    );
  }
}
