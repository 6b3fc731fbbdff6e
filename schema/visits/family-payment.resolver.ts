import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { PaymentMeans } from '../../entities/visits/family-payment.entity.js';
import { isRefusal } from '../../src/shared/refusal.js';
import {
  paymentState,
  recordFamilyPayment,
  reverseFamilyPayment,
  visitOfPayment,
} from '../../src/visits/family-payments.js';
import type { FamilyPaymentFound } from '../../src/visits/find-payments.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { FenScalar } from '../shared/scalars.js';
import { FamilyPaymentResultUnion, FamilyPaymentType, PaymentMeansEnum } from './family-payment.type.js';
import { type ShownVisit, VisitType } from './visit.type.js';

/** Nobody's id. */
const nobody = 0;
const requestIdText =
  'A UUID that the caller makes: the same payment with it again is answered as the first time.';

/** What families paid of their part of visits. */
@Resolver(() => VisitType)
export class FamilyPaymentResolver {
  @Mutation(() => FamilyPaymentResultUnion, {
    description:
      "[manager, caregiver] Writes down that a family paid its part of a visit, or some of it: a caregiver what it took at its own visit, a station what it took itself or a caregiver handed in. From the check-in on, and never more than is owed. Government hours' part is never paid so.",
  })
  async recordFamilyPayment(
    @Ctx() context: Context,
    @Arg('requestId', () => String, { description: requestIdText }) requestId: string,
    @Arg('visitId', () => ID, { description: 'The visit.' }) visitIdText: string,
    @Arg('fen', () => FenScalar, { description: 'How much, in fen; from 1 to what is still owed.' })
    fen: number,
    @Arg('means', () => PaymentMeansEnum, { description: 'How.' }) means: PaymentMeans,
    @Arg('caregiverId', () => ID, {
      nullable: true,
      description: 'The caregiver of the visit to whom it was paid; the caller without it.',
    })
    caregiverIdText: string | null | undefined,
  ): Promise<typeof FamilyPaymentResultUnion> {
    const visitId = idOf(visitIdText) ?? nobody;
    const caregiverId = typeof caregiverIdText === 'string' ? (idOf(caregiverIdText) ?? nobody) : null;
    const given = { requestId, visitId, fen, means, caregiverId, byId: context.accountId, now: context.now };
    const reach = context.visitReachFor('recordFamilyPayment');
    const result = await context.audit.write((manager) => recordFamilyPayment(manager, given, reach), {
      state: (manager) => paymentState(manager, visitId),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => FamilyPaymentResultUnion, {
    description:
      '[manager] Takes a payment of a family back by an opposite one, once: money was given back, or it was written down by mistake.',
  })
  async reverseFamilyPayment(
    @Ctx() context: Context,
    @Arg('requestId', () => String, { description: requestIdText }) requestId: string,
    @Arg('paymentId', () => ID, { description: 'The payment.' }) paymentIdText: string,
    @Arg('reason', () => String, { description: 'Why; 1 to 200 characters, kept encrypted.' }) reason: string,
  ): Promise<typeof FamilyPaymentResultUnion> {
    const paymentId = idOf(paymentIdText) ?? nobody;
    const given = { requestId, paymentId, reason, byId: context.accountId, now: context.now };
    const reach = context.visitReachFor('reverseFamilyPayment');
    const result = await context.audit.write((manager) => reverseFamilyPayment(manager, given, reach), {
      state: async (manager) => paymentState(manager, await visitOfPayment(manager, paymentId)),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @FieldResolver(() => [FamilyPaymentType], {
    description:
      'What the family paid of its part, and what of it was taken back, in order; shown to the station and to relatives. FORBIDDEN to a caregiver.',
  })
  familyPayments(@Root() visit: ShownVisit, @Ctx() context: Context): Promise<FamilyPaymentFound[]> {
    return paymentsFor(visit, 'Visit.familyPayments', context);
  }

  @FieldResolver(() => FenScalar, {
    description:
      'What of its part the family has paid, in fen; shown to the station and to relatives. FORBIDDEN to a caregiver.',
  })
  async familyPaidFen(@Root() visit: ShownVisit, @Ctx() context: Context): Promise<number> {
    const payments = await paymentsFor(visit, 'Visit.familyPaidFen', context);
    return payments.reduce((sum, { fen }) => sum + fen, 0);
  }
}

async function paymentsFor(
  visit: ShownVisit,
  operation: 'Visit.familyPayments' | 'Visit.familyPaidFen',
  context: Context,
): Promise<FamilyPaymentFound[]> {
  const isRelative = context.visitReachFor(operation).elderIds.includes(visit.elderId);
  const asked = { id: visit.stationId, shared: operation };
  if (!isRelative && !(await context.loaders.facilityCovered.load(asked))) throw forbidden(context.language);
  return context.loaders.paymentsByVisit.load(visit.id);
}
