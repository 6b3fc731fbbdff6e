import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { dutiesAt, setVisitDuty, visitDutyState } from '../../src/visits/set-visit-duty.js';
import { findVisitTerms, setVisitTerms, visitTermsState } from '../../src/visits/set-visit-terms.js';
import type { VisitTerms } from '../../src/visits/visit-terms.rules.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import {
  VisitDutyInput,
  VisitDutyResultUnion,
  VisitDutyType,
  VisitTermsInput,
  VisitTermsResultUnion,
  VisitTermsType,
} from './visit-terms.type.js';

const nowhere = 0;
const facilityText = 'Which facility.';

/** On which terms visits are booked, and who must be visited every month. */
@Resolver()
export class VisitTermsResolver {
  @Query(() => VisitTermsType, {
    nullable: true,
    description:
      "[manager] The terms of booking that count at a facility today; null for one that the caller's grants do not cover.",
  })
  async visitTerms(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: facilityText }) facilityId: string,
  ): Promise<VisitTermsType | null> {
    const scope = context.scopeFor('visitTerms');
    const terms = await context.database.read((manager) =>
      findVisitTerms(manager, idOf(facilityId) ?? nowhere, scope, dayOf(context.now)),
    );
    if (!terms) await context.audit.refused('visitTerms', notFound, { facilityId });
    return terms ?? null;
  }

  @Query(() => [VisitDutyType], {
    nullable: true,
    description:
      "[manager] Who must be visited every month at a facility, by its own duties and those of the places above it that are not over; null for one that the caller's grants do not cover.",
  })
  async visitDuties(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: facilityText }) facilityId: string,
  ): Promise<VisitDutyType[] | null> {
    const scope = context.scopeFor('visitDuties');
    const duties = await context.database.read((manager) =>
      dutiesAt(manager, idOf(facilityId) ?? nowhere, scope, dayOf(context.now)),
    );
    if (!duties) await context.audit.refused('visitDuties', notFound, { facilityId });
    return duties ?? null;
  }

  @Mutation(() => VisitTermsResultUnion, {
    description:
      '[administrator] Sets the terms of booking of a facility, and of all beneath it that has none of its own, from a day on.',
  })
  async setVisitTerms(
    @Ctx() context: Context,
    @Arg('input', () => VisitTermsInput, { description: 'What changes.' }) input: VisitTermsInput,
  ): Promise<typeof VisitTermsResultUnion> {
    const { facilityId: facility, fromDay, ...given } = input;
    const facilityId = idOf(facility) ?? nowhere;
    const changed: Partial<VisitTerms> = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
    );
    const wanted = { facilityId, fromDay, changed, now: context.now };
    const scope = context.scopeFor('setVisitTerms');
    const result = await context.audit.write((manager) => setVisitTerms(manager, wanted, scope), {
      state: (manager) => visitTermsState(manager, { facilityId, fromDay }),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => VisitDutyResultUnion, {
    description:
      '[administrator] Says that elders of a category, from an ability level on, are to be visited every month at a facility and beneath it, or are not any more, from a day on.',
  })
  async setVisitDuty(
    @Ctx() context: Context,
    @Arg('input', () => VisitDutyInput, { description: 'What changes.' }) input: VisitDutyInput,
  ): Promise<typeof VisitDutyResultUnion> {
    const facilityId = idOf(input.facilityId) ?? nowhere;
    const wanted = { ...input, facilityId, now: context.now };
    const scope = context.scopeFor('setVisitDuty');
    const result = await context.audit.write((manager) => setVisitDuty(manager, wanted, scope), {
      state: (manager) => visitDutyState(manager, facilityId),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}
