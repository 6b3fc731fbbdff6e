import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { partsOf } from '../../src/elders/elder-scope.js';
import type { FoundCaregiver } from '../../src/visits/find-caregivers.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { FacilityType } from '../network/facility.type.js';
import { forbidden } from '../shared/errors.js';
import { FenScalar } from '../shared/scalars.js';
import { CaregiverType } from './caregiver.type.js';
import { ServiceType, shownService } from './service.type.js';
import { type ShownVisit, VisitType } from './visit.type.js';

/** From a visit to whom it is for, what is brought, by whom, and who pays. */
@Resolver(() => VisitType)
export class VisitEdgesResolver {
  @FieldResolver(() => ElderType, {
    description:
      'Who is visited; an elder has no two visits at once. FORBIDDEN to a caregiver before the day before the visit and after the day after it.',
  })
  async elder(@Root() { elderId, stationId }: ShownVisit, @Ctx() context: Context): Promise<ElderType> {
    const operation = 'Visit.elder';
    if (await isCovered(stationId, operation, context)) context.shownByVisits.add(elderId);
    else if (!partsOf(await context.elderScopeFor(operation)).elderIds.includes(elderId)) {
      throw forbidden(context.language);
    }
    return context.loaders.elderById.load(elderId);
  }

  @FieldResolver(() => ServiceType, {
    description: 'What is brought, at the price that was agreed when the visit was booked.',
  })
  async service(@Root() visit: ShownVisit, @Ctx() { loaders, language }: Context): Promise<ServiceType> {
    const service = await loaders.homeServiceById.load(visit.serviceId);
    return shownService({ ...service, priceFen: visit.subsidyFen + visit.selfPaidFen }, language);
  }

  @FieldResolver(() => FacilityType, { description: 'The home-care station that sends the caregivers.' })
  station(@Root() { stationId }: ShownVisit, @Ctx() { loaders }: Context): Promise<FacilityType> {
    return loaders.facilityById.load(stationId);
  }

  @FieldResolver(() => CaregiverType, {
    nullable: true,
    description:
      'Who brings it, of two whoever comes first; null until one is assigned. A caregiver has no two visits at once.',
  })
  async caregiver(
    @Root() { id }: ShownVisit,
    @Ctx() { loaders }: Context,
  ): Promise<FoundCaregiver | undefined> {
    return (await loaders.caregiversByVisit.load(id))[0];
  }

  @FieldResolver(() => [CaregiverType], {
    description:
      'All who bring it, one or two, whoever comes first at the head; empty until one is assigned.',
  })
  caregivers(@Root() { id }: ShownVisit, @Ctx() { loaders }: Context): Promise<FoundCaregiver[]> {
    return loaders.caregiversByVisit.load(id);
  }

  @FieldResolver(() => FenScalar, {
    description:
      "What of the price the government's hours pay, in fen: shown to the station and to relatives. FORBIDDEN to a caregiver.",
  })
  subsidyFen(@Root() visit: ShownVisit, @Ctx() context: Context): Promise<number> {
    return sumFor(visit, 'subsidyFen', context);
  }

  @FieldResolver(() => FenScalar, {
    description:
      'What of the price the family pays, in fen: all that the hours do not; shown to the station and to relatives. FORBIDDEN to a caregiver.',
  })
  selfPaidFen(@Root() visit: ShownVisit, @Ctx() context: Context): Promise<number> {
    return sumFor(visit, 'selfPaidFen', context);
  }
}

@Resolver(() => CaregiverType)
export class CaregiverEdgesResolver {
  @FieldResolver(() => FacilityType, {
    description: 'The home-care station that sends the caregiver out.',
  })
  station(@Root() { stationId }: FoundCaregiver, @Ctx() { loaders }: Context): Promise<FacilityType> {
    return loaders.facilityById.load(stationId);
  }

  @FieldResolver(() => [String], {
    description:
      'The skills that services may ask for, whose certificates count today; empty when none is proven.',
  })
  skills(@Root() { id }: FoundCaregiver, @Ctx() { loaders }: Context): Promise<string[]> {
    return loaders.skillsByCaregiver.load(id);
  }
}

/** Somebody may be a caregiver here and at the front desk there. */
async function sumFor(
  visit: ShownVisit,
  field: 'subsidyFen' | 'selfPaidFen',
  context: Context,
): Promise<number> {
  const operation = `Visit.${field}`;
  const isCoveredHere = await isCovered(visit.stationId, operation, context);
  if (!isCoveredHere && !context.visitReachFor(operation).elderIds.includes(visit.elderId)) {
    throw forbidden(context.language);
  }
  return visit[field];
}

function isCovered(stationId: number, operation: string, context: Context): Promise<boolean> {
  return context.loaders.facilityCovered.load({ id: stationId, shared: operation });
}
