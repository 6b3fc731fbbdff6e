import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { careTermsAt, careTermsState, setCareTerms } from '../../src/visits/care-terms.js';
import type { CareTerms } from '../../src/visits/care-terms.rules.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import {
  VisitCareTermsInput,
  VisitCareTermsResultUnion,
  VisitCareTermsType,
} from './visit-care-terms.type.js';

/** On which terms visits are carried out. */
@Resolver()
export class VisitCareTermsResolver {
  @Query(() => VisitCareTermsType, {
    nullable: true,
    description:
      "[manager] The terms of a facility today; null for one that the caller's grants do not cover.",
  })
  async visitCareTerms(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Which facility.' }) facilityId: string,
  ): Promise<VisitCareTermsType | null> {
    const scope = context.scopeFor('visitCareTerms');
    const terms = await context.database.read((manager) =>
      careTermsAt(manager, idOf(facilityId) ?? 0, scope, dayOf(context.now)),
    );
    if (!terms) await context.audit.refused('visitCareTerms', notFound, { facilityId });
    return terms ?? null;
  }

  @Mutation(() => VisitCareTermsResultUnion, {
    description:
      '[administrator] Sets the terms of a facility, and of all beneath it that has none of its own, from a day on.',
  })
  async setVisitCareTerms(
    @Ctx() context: Context,
    @Arg('input', () => VisitCareTermsInput, { description: 'What changes.' }) input: VisitCareTermsInput,
  ): Promise<typeof VisitCareTermsResultUnion> {
    const { facilityId: facility, fromDay, ...given } = input;
    const facilityId = idOf(facility) ?? 0;
    const changed: Partial<CareTerms> = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
    );
    const { accountId: byId, now } = context;
    const wanted = { facilityId, fromDay, changed, byId, now };
    const scope = context.scopeFor('setVisitCareTerms');
    const result = await context.audit.write((manager) => setCareTerms(manager, wanted, scope), {
      state: (manager) => careTermsState(manager, { facilityId, fromDay }),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}
