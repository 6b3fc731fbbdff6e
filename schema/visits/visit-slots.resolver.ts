import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { isRefusal } from '../../src/shared/refusal.js';
import type { FoundCaregiver } from '../../src/visits/find-caregivers.js';
import { previewVisit } from '../../src/visits/preview-visit.js';
import { slotDaysMax, slotsMax } from '../../src/visits/visit-terms.rules.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { BookVisitInput, bookingOf } from './book-visit.input.js';
import { CaregiverType } from './caregiver.type.js';
import { VisitOfferType, VisitPreviewResultUnion } from './visit-preview.type.js';
import { shownVisitRefusal } from './visit-refusal.type.js';
import { shownSlot, VisitSlotType } from './visit-slot.type.js';

const nobody = 0;
const slotsUsual = 20;
const dayMs = 86_400_000;

/** What can be had, before anything is booked. */
@Resolver(() => VisitOfferType)
export class VisitSlotsResolver {
  @Query(() => [VisitSlotType], {
    description:
      '[family, manager] Times over [from, to), 31 days at most, at which the service could be brought to the elder, the earliest first: within what the terms of the station let be booked, the elder at home and free, and enough caregivers with the skill free, travel, preparation and buffer counted. None for an elder whom the caller may not book for; a relative needs the right BOOKING. An offer, which a booking looks at again.',
  })
  async visitSlots(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'Who is to be visited.' }) elderId: string,
    @Arg('serviceCode', () => String, { description: 'The code of a Service.' }) serviceCode: string,
    @Arg('from', () => DateTimeScalar, { description: 'The earliest start.' }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'The end of the time asked about, itself left out.' })
    to: Date,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: slotsUsual,
      description: 'How many slots at most, the earliest first, 0 to 200.',
    })
    first: number | null,
  ): Promise<VisitSlotType[]> {
    const count = first ?? slotsUsual;
    checkQuestion({ from, to, count }, context);
    const asked = { elderId: idOf(elderId) ?? nobody, serviceCode, from, to, slotsMax: count };
    const slots = await context.services.slots.of(asked, await context.bookerFor('visitSlots'));
    return slots.map(shownSlot);
  }

  @Query(() => VisitPreviewResultUnion, {
    description:
      '[family, manager] What bookVisit would book with the same input now: who could come, what the government’s hours pay and what the family pays. It writes nothing and keeps nothing free.',
  })
  async previewVisit(
    @Ctx() context: Context,
    @Arg('input', () => BookVisitInput, { description: 'What would be booked.' }) input: BookVisitInput,
  ): Promise<typeof VisitPreviewResultUnion> {
    const { database, language } = context;
    const booker = await context.bookerFor('previewVisit');
    const result = await previewVisit({ read: database.read.bind(database) }, bookingOf(input), booker);
    if (isRefusal(result)) return shownVisitRefusal(result, language);
    const visits = result.visits.map(({ fromMs, toMs, caregivers, ...offer }) => ({
      startsAt: new Date(fromMs),
      endsAt: new Date(toMs),
      hoursMinutes: offer.hoursMinutes,
      subsidyFen: offer.subsidyFen,
      selfPaidFen: offer.selfPaidFen,
      caregiverIds: caregivers.map(({ caregiverId }) => caregiverId),
    }));
    const sum = (field: 'hoursMinutes' | 'subsidyFen' | 'selfPaidFen') =>
      visits.reduce((total, visit) => total + visit[field], 0);
    const [hoursMinutes, subsidyFen, selfPaidFen] = [
      sum('hoursMinutes'),
      sum('subsidyFen'),
      sum('selfPaidFen'),
    ];
    return { visits, hoursMinutes, subsidyFen, selfPaidFen };
  }

  @FieldResolver(() => [CaregiverType], {
    description: 'Who would come, one or two, whoever comes first at the head.',
  })
  caregivers(
    @Root() { caregiverIds }: VisitOfferType,
    @Ctx() { loaders }: Context,
  ): Promise<FoundCaregiver[]> {
    return Promise.all(caregiverIds.map((id) => loaders.caregiverById.load(id)));
  }
}

/** @throws GraphQLError with extensions.code BAD_USER_INPUT for a time turned round or too long, and a count out of range */
function checkQuestion(
  { from, to, count }: { from: Date; to: Date; count: number },
  { language }: Context,
): void {
  if (count < 0 || count > slotsMax) {
    const text = { zh: `须在 0 至 ${slotsMax} 之间`, en: `must be within 0-${slotsMax}` };
    throw badUserInput(['first'], text, language);
  }
  if (to < from || to.getTime() - from.getTime() > slotDaysMax * dayMs) {
    const text = {
      zh: `须不早于 from，且相隔至多 ${slotDaysMax} 天`,
      en: `must not be before from, and at most ${slotDaysMax} days after it`,
    };
    throw badUserInput(['to'], text, language);
  }
}
