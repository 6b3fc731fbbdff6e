import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { partsOf } from '../../src/elders/elder-scope.js';
import type { Agreement, CancelledBy, Step } from '../../src/visits/find-agreements.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import { CancelledByEnum, VisitAgreementType, VisitEventType } from './visit-agreement.type.js';

/** From a visit to what was agreed about it, and to what became of it. */
@Resolver(() => VisitType)
export class VisitBookingResolver {
  @FieldResolver(() => VisitAgreementType, {
    nullable: true,
    description: 'What was agreed at the booking; null for a visit that was imported without one.',
  })
  async agreed(
    @Root() { id }: ShownVisit,
    @Ctx() { loaders }: Context,
  ): Promise<Omit<Agreement, 'note'> | undefined> {
    return loaders.agreementByVisit.load(id);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What the caregiver should know beforehand: shown to the station, to relatives with the right BOOKING, and to the caregiver from the day before the visit to the day after it, FORBIDDEN otherwise; null when nothing was said.',
  })
  async note(
    @Root() { id, elderId, stationId }: ShownVisit,
    @Ctx() context: Context,
  ): Promise<string | null> {
    const isCovered = await context.loaders.facilityCovered.load({ id: stationId, shared: 'Visit.note' });
    // The right is that to the elder's visits; for a caregiver the elder is open while its visit is.
    const open = isCovered ? [elderId] : partsOf(await context.elderScopeFor('Elder.visits')).elderIds;
    if (!open.includes(elderId)) throw forbidden(context.language);
    return (await context.loaders.agreementByVisit.load(id))?.note ?? null;
  }

  @FieldResolver(() => CancelledByEnum, {
    nullable: true,
    description:
      'Who called it off; null of a visit that was not called off. Why, as it was written, is in history, for the station alone.',
  })
  cancelledBy(
    @Root() { id, status }: ShownVisit,
    @Ctx() { loaders }: Context,
  ): Promise<CancelledBy | null> | null {
    return status === 'CANCELLED' ? loaders.cancellerByVisit.load(id) : null;
  }

  @FieldResolver(() => [VisitEventType], {
    description:
      'Everything that was done with it, the first step first; empty for a visit that was imported. FORBIDDEN beyond the stations of the manager.',
  })
  async history(@Root() { id, stationId }: ShownVisit, @Ctx() context: Context): Promise<Step[]> {
    const { loaders, language } = context;
    const isCovered = await loaders.facilityCovered.load({ id: stationId, shared: 'Visit.history' });
    if (!isCovered) throw forbidden(language);
    return loaders.historyByVisit.load(id);
  }
}
