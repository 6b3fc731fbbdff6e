import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { addService, changeService, serviceState, setServicePrice } from '../../src/visits/change-service.js';
import { serviceCatalog } from '../../src/visits/find-catalog.js';
import { setServiceOffer } from '../../src/visits/service-offers.js';
import type { ServiceRefusal } from '../../src/visits/service-refusals.js';
import type { ServiceTerms } from '../../src/visits/service-terms.rules.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { DateScalar, FenScalar } from '../shared/scalars.js';
import {
  AddServiceInput,
  CatalogServiceType,
  ServiceResultUnion,
  ServiceTermsInput,
} from './service-catalog.type.js';

const codeDescription = 'The code of the service.';

/** How the catalogue of home services is read and kept. It is the whole network's; what is offered is each place's. */
@Resolver(() => CatalogServiceType)
export class ServiceCatalogResolver {
  @Query(() => [CatalogServiceType], {
    nullable: true,
    description:
      '[manager] The whole catalogue as it stands at a facility on a day, services without a price too; null for a facility beyond the caller’s grants.',
  })
  async serviceCatalog(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'A home-care station, or a place above stations.' })
    facilityId: string,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day; today without it.' })
    on: string | null | undefined,
  ): Promise<CatalogServiceType[] | null> {
    const today = dayOf(context.now);
    const asked = { facilityId: idOf(facilityId) ?? 0, on: on ?? today };
    const scope = context.scopeFor('serviceCatalog');
    const found = await context.database.read((manager) => serviceCatalog(manager, asked, scope, today));
    if (!found) await context.audit.refused('serviceCatalog', notFound, { facilityId });
    return found ?? null;
  }

  @Mutation(() => ServiceResultUnion, {
    description:
      '[administrator] Adds a service to the catalogue, with its first price; FORBIDDEN to administrators of a part of the network.',
  })
  addService(
    @Ctx() context: Context,
    @Arg('input', () => AddServiceInput, { description: 'The service.' }) input: AddServiceInput,
  ): Promise<typeof ServiceResultUnion> {
    const { code, group, fromDay, priceFen } = input;
    const service = { ...termsOf(input), code, group, fromDay, priceFen };
    return changed('addService', context, code, (manager) =>
      addService(manager, service, dayOf(context.now)),
    );
  }

  @Mutation(() => ServiceResultUnion, {
    description:
      '[administrator] Changes what a visit of a service takes from now on; visits that are booked keep their times. FORBIDDEN to administrators of a part of the network.',
  })
  changeService(
    @Ctx() context: Context,
    @Arg('serviceCode', () => String, { description: codeDescription }) serviceCode: string,
    @Arg('input', () => ServiceTermsInput, { description: 'All of it anew.' }) input: ServiceTermsInput,
  ): Promise<typeof ServiceResultUnion> {
    return changed('changeService', context, serviceCode, (manager) =>
      changeService(manager, serviceCode, termsOf(input), context.now),
    );
  }

  @Mutation(() => ServiceResultUnion, {
    description:
      '[administrator] Sets the price of a visit from a day on. A price that has begun is never changed. FORBIDDEN to administrators of a part of the network.',
  })
  setServicePrice(
    @Ctx() context: Context,
    @Arg('serviceCode', () => String, { description: codeDescription }) code: string,
    @Arg('fromDay', () => DateScalar, { description: 'Its first day, today at the earliest.' })
    fromDay: string,
    @Arg('priceFen', () => FenScalar, { description: 'The price, 0 to 10000000 fen.' }) priceFen: number,
  ): Promise<typeof ServiceResultUnion> {
    return changed('setServicePrice', context, code, (manager) =>
      setServicePrice(manager, { code, fromDay, priceFen }, dayOf(context.now)),
    );
  }

  @Mutation(() => ServiceResultUnion, {
    description:
      '[manager] Says that a station, or every station beneath a place that says nothing itself, offers a service from a day on, or does not. Visits that are booked stay booked.',
  })
  async setServiceOffer(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The station, or a place above stations.' })
    facilityId: string,
    @Arg('serviceCode', () => String, { description: codeDescription }) serviceCode: string,
    @Arg('fromDay', () => DateScalar, { description: 'The first day, today at the earliest.' })
    fromDay: string,
    @Arg('isOffered', () => Boolean, { description: 'Whether it is offered.' }) isOffered: boolean,
  ): Promise<typeof ServiceResultUnion> {
    const wanted = { facilityId: idOf(facilityId) ?? 0, serviceCode, fromDay, isOffered };
    const scope = context.scopeFor('setServiceOffer');
    const result = await context.audit.write(
      (manager) => setServiceOffer(manager, wanted, scope, dayOf(context.now)),
      { told: (answer) => (isRefusal(answer) ? {} : offerTold(answer)) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : { serviceCode };
  }
}

function offerTold({ serviceId, facilityId }: { serviceId: number; facilityId: number }) {
  return { facilityId, subject: `service:${serviceId}` };
}

function termsOf(input: ServiceTermsInput): ServiceTerms {
  const { secondAfterMin = null, secondAfterMax = null, skill = null } = input;
  const { nameZh, nameEn, minutes, preparationMinutes, bufferMinutes, caregivers, genderRule } = input;
  // Half of a pair is refused with the pair, as one that ends before it begins.
  const pair =
    secondAfterMin === null && secondAfterMax === null
      ? null
      : { secondAfterMin: secondAfterMin ?? -1, secondAfterMax: secondAfterMax ?? -1 };
  return { nameZh, nameEn, minutes, preparationMinutes, bufferMinutes, skill, caregivers, pair, genderRule };
}

type Work = Parameters<Context['audit']['write']>[0];

async function changed(
  operation: string,
  context: Context,
  serviceCode: string,
  work: (manager: Parameters<Work>[0]) => Promise<{ code: string } | ServiceRefusal>,
): Promise<typeof ServiceResultUnion> {
  if (context.scopeFor(operation) !== 'everywhere') throw forbidden(context.language);
  const result = await context.audit.write(work, { state: (manager) => serviceState(manager, serviceCode) });
  return isRefusal(result) ? shownRefusal(result, context.language) : { serviceCode };
}
