import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { acceptOffer, declineOffer } from '../../src/beds/answer-offer.js';
import { countyWaitlist, explainPosition, placesOfElder, waitlistOf } from '../../src/beds/find-waitlist.js';
import { joinWaitlist, leaveWaitlist } from '../../src/beds/join-waitlist.js';
import { offerBed } from '../../src/beds/offer-bed.js';
import type { PlacedEntry } from '../../src/beds/waitlist-view.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { bedReach, requestIdText, shownStayResult, toldOfStay } from './bed-answer.type.js';
import {
  type BedRefusalCodeValue,
  BedResultUnion,
  type WaitlistRefusalType,
  WaitlistResultUnion,
} from './bed-refusal.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';
import { shownEntry, WaitlistEntryType } from './waitlist.type.js';

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;
const typeAsked = { nullable: true, description: 'Only for this type; for every type without it.' };
const offerAsked = { description: 'Which offer.' };

/** Waiting lists and the offers made from them. Each step is one transaction; a refusal writes nothing. */
@Resolver()
export class WaitlistResolver {
  @Query(() => [WaitlistEntryType], {
    description:
      '[manager] Who waits for a bed, the next in line first, line by line in one order. Empty for a place that is unknown or outside what the caller’s grants cover.',
  })
  async waitlist(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Where they wait.' }) facilityId: string,
    @Arg('type', () => BedTypeEnum, typeAsked) type: BedTypeValue | null | undefined,
  ): Promise<WaitlistEntryType[]> {
    const { now } = context;
    const wanted = { facilityId: idOf(facilityId) ?? nobody, type: type ?? undefined, now };
    const scope = context.scopeFor('waitlist');
    return shown(await context.database.read((manager) => waitlistOf(manager, wanted, scope)), context);
  }

  @Query(() => [WaitlistEntryType], {
    description:
      '[manager] Who waits at or beneath a facility, by class and then by time of application, whichever the line; position is the place in the own line.',
  })
  async countyWaitlist(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: 'At this facility and beneath it.' }) within: string,
    @Arg('type', () => BedTypeEnum, typeAsked) type: BedTypeValue | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'How many at most, 0 to 200.' })
    first: number | null,
  ): Promise<WaitlistEntryType[]> {
    const page = readPage(first ?? 50, null, context.language);
    const { now } = context;
    const wanted = { within: idOf(within) ?? nobody, type: type ?? undefined, first: page.first, now };
    const scope = context.scopeFor('countyWaitlist');
    return shown(await context.database.read((manager) => countyWaitlist(manager, wanted, scope)), context);
  }

  @Query(() => [WaitlistEntryType], {
    description:
      '[family, manager] Where an elder stands in each line; empty for an elder who waits nowhere, is unknown, or whom the caller’s grants do not cover. Of the group BOOKING.',
  })
  async waitlistPositionOf(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'Who waits.' }) elderId: string,
  ): Promise<WaitlistEntryType[]> {
    const scope = await context.elderScopeFor('waitlistPositionOf');
    const id = idOf(elderId) ?? nobody;
    return shown(
      await context.database.read((manager) => placesOfElder(manager, id, scope, context.now)),
      context,
    );
  }

  @Query(() => [String], {
    description:
      '[family, manager] Why an entry stands where it stands, in sentences in the language of accept-language, and each time it was passed over with the reason. Empty for an entry that is unknown or not the caller’s. Of the group BOOKING.',
  })
  async explainPosition(
    @Ctx() context: Context,
    @Arg('entryId', () => ID, { description: 'Which entry.' }) entryId: string,
  ): Promise<string[]> {
    const reach = await bedReach(context, 'explainPosition');
    const id = assignedIdOf(entryId) ?? nobody;
    const lines = await context.database.read((manager) => explainPosition(manager, id, reach, context.now));
    return lines.map((line) => line[context.language]);
  }

  @Mutation(() => WaitlistResultUnion, {
    description:
      '[manager, family] Puts an elder on a waiting list: one who is assessed, whom the type suits, who has no bed and was not closed out by refusals. Of the group BOOKING.',
  })
  async joinWaitlist(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestIdText }) requestId: string,
    @Arg('elderId', () => ID, { description: 'Who is to wait.' }) elder: string,
    @Arg('facilityId', () => ID, { description: 'Where.' }) facility: string,
    @Arg('type', () => BedTypeEnum, { description: 'For which type of bed.' }) type: BedTypeValue,
  ): Promise<typeof WaitlistResultUnion> {
    const { services, accountId: byId, now } = context;
    const ids = { elderId: idOf(elder) ?? nobody, facilityId: idOf(facility) ?? nobody };
    const wanted = { id: await services.ids.take(1), requestId, ...ids, type, byId, now };
    const reach = await bedReach(context, 'joinWaitlist');
    const result = await context.audit.write((manager) => joinWaitlist(manager, wanted, reach), {
      told: toldOfEntry,
    });
    return shownResult(result, context);
  }

  @Mutation(() => WaitlistResultUnion, {
    description:
      '[manager, family] Takes an elder out of a line; an open offer from it is given back. Again is as once. Of the group BOOKING.',
  })
  async leaveWaitlist(
    @Ctx() context: Context,
    @Arg('entryId', () => ID, { description: 'Which entry.' }) entry: string,
  ): Promise<typeof WaitlistResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { entryId: assignedIdOf(entry) ?? nobody, byId, now };
    const reach = await bedReach(context, 'leaveWaitlist');
    const result = await context.audit.write((manager) => leaveWaitlist(manager, wanted, reach), {
      told: toldOfEntry,
    });
    return shownResult(result, context);
  }

  @Mutation(() => WaitlistResultUnion, {
    description:
      '[manager] Offers the bed to the next in line whom it suits, or to the named entry with a recorded reason. The bed is kept until the offer expires; then it can be offered to the one after.',
  })
  async offerBed(
    @Ctx() context: Context,
    @Arg('bedId', () => ID, { description: 'Which bed.' }) bed: string,
    @Arg('entryId', () => ID, {
      nullable: true,
      description: 'The entry to offer it to; the next in line without it.',
    })
    entry: string | null | undefined,
    @Arg('skipReason', () => String, {
      nullable: true,
      description: 'Why others are passed over; needed when the entry is not the next in line.',
    })
    skipReason: string | null | undefined,
  ): Promise<typeof WaitlistResultUnion> {
    const { services, accountId: byId, now } = context;
    const entryId = typeof entry === 'string' ? (assignedIdOf(entry) ?? nobody) : null;
    const id = await services.ids.take(1);
    const wanted = { id, bedId: idOf(bed) ?? nobody, entryId, skipReason: skipReason ?? null, byId, now };
    const reach = await bedReach(context, 'offerBed');
    const result = await context.audit.write((manager) => offerBed(manager, wanted, reach), {
      told: toldOfEntry,
    });
    return shownResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[family, manager] Takes the bed that was offered. Of the group BOOKING.',
  })
  async acceptOffer(
    @Ctx() context: Context,
    @Arg('offerId', () => ID, offerAsked) offer: string,
    @Arg('from', () => DateScalar, {
      description: 'The first day of the stay: from the day of the offer on, as long as the rule allows.',
    })
    from: string,
    @Arg('contractSignedOn', () => DateScalar, {
      nullable: true,
      description:
        'The day on which the contract was signed, not after from; where the rule asks for it before the elder comes, CONTRACT_MISSING without it.',
    })
    contract: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const contractSignedOn = contract ?? null;
    const wanted = { offerId: assignedIdOf(offer) ?? nobody, from, contractSignedOn, byId, now };
    const reach = await bedReach(context, 'acceptOffer');
    const result = await context.audit.write(
      (manager) => acceptOffer(manager, wanted, reach, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => WaitlistResultUnion, {
    description:
      '[family, manager] Leaves the bed to the next in line. Refusals that come too often close the list to the elder. Of the group BOOKING.',
  })
  async declineOffer(
    @Ctx() context: Context,
    @Arg('offerId', () => ID, offerAsked) offer: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 200 characters; kept with the entry.' })
    reason: string,
  ): Promise<typeof WaitlistResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { offerId: assignedIdOf(offer) ?? nobody, reason, byId, now };
    const reach = await bedReach(context, 'declineOffer');
    const result = await context.audit.write((manager) => declineOffer(manager, wanted, reach), {
      told: toldOfEntry,
    });
    return shownResult(result, context);
  }
}

function toldOfEntry(result: PlacedEntry | Refusal<string>) {
  if (isRefusal(result)) return {};
  const { id, facilityId, elderId } = result;
  return { facilityId, elderId, subject: `waiting:${id}` };
}

function shown(entries: readonly PlacedEntry[], { language }: Context): WaitlistEntryType[] {
  return entries.map((entry) => shownEntry(entry, language));
}

function shownResult(
  result: PlacedEntry | Refusal<BedRefusalCodeValue>,
  context: Context,
): WaitlistEntryType | WaitlistRefusalType {
  // What was loaded before the change must not answer after it.
  context.forgetLoaders();
  return isRefusal(result) ? shownRefusal(result, context.language) : shownEntry(result, context.language);
}
