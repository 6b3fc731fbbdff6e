import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { CancelCause } from '../../entities/visits/visit-event.entity.js';
import { recordOf } from '../../src/audit-log/write-on-record.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import { assignVisit } from '../../src/visits/assign-visit.js';
import { type BookingDoors, bookVisit, type Doors } from '../../src/visits/book-visit.js';
import type { BookingAnswer } from '../../src/visits/bookings/record-bookings.js';
import { cancelVisit } from '../../src/visits/cancel-visit.js';
import type { FoundVisit } from '../../src/visits/find-visits.js';
import type { SeriesScope } from '../../src/visits/locked-visits.js';
import { rescheduleVisit } from '../../src/visits/reschedule-visit.js';
import type { VisitRefusal } from '../../src/visits/visit-refusals.js';
import { visitState } from '../../src/visits/visit-state.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { BookVisitInput, bookingOf } from './book-visit.input.js';
import { SeriesScopeEnum } from './series-scope.type.js';
import { CancelCauseEnum } from './visit-agreement.type.js';
import { shownVisitRefusal, VisitResultUnion } from './visit-refusal.type.js';

const visitIdText = 'Which visit.';
const scopeArgument = {
  nullable: true,
  description: 'With a visit of a series, whether the later ones change too; THIS without it.',
};
const nobody = 0;

/** Booking, and what changes a booking. */
@Resolver()
export class VisitChangesResolver {
  @Mutation(() => VisitResultUnion, {
    description:
      '[family, manager] Books a visit, or all visits of a series, and chooses who comes: the one asked for, or whoever came most often before, then whoever has the shortest way. All or none; the first visit is answered. The same requestId with the same input answers the first booking again. A relative needs the right BOOKING and keeps to the lead of the terms.',
  })
  async bookVisit(
    @Ctx() context: Context,
    @Arg('input', () => BookVisitInput, { description: 'What is booked.' }) input: BookVisitInput,
  ): Promise<typeof VisitResultUnion> {
    const wanted = bookingOf(input);
    const booker = await context.bookerFor('bookVisit');
    const { database, services, audit } = context;
    const told = (answer: BookingAnswer) => toldOf(answer, wanted.elderId);
    const doors: BookingDoors = {
      read: database.read.bind(database),
      book: (request) =>
        audit.writeBy(
          (write) => services.bookings.book({ ...request, recordOf: (answer) => recordOf(write, answer) }),
          { told },
        ),
    };
    return shown(await bookVisit(doors, wanted, booker), context);
  }

  @Mutation(() => VisitResultUnion, {
    description:
      '[family, manager] Moves a visit to another time, by the same caregiver where that can be. A family keeps to the notice of the terms; a station may go past it, which the visit’s history says. Price and hours are those of the new day.',
  })
  async rescheduleVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitIdText }) visitId: string,
    @Arg('startsAt', () => DateTimeScalar, {
      description: 'The new start; it lasts as long as before. Later ones of the series move by as much.',
    })
    startsAt: Date,
    @Arg('scope', () => SeriesScopeEnum, scopeArgument) scope: SeriesScope | null | undefined,
    @Arg('reason', () => String, { nullable: true, description: 'Why; kept with the visit.' })
    reason: string | null | undefined,
  ): Promise<typeof VisitResultUnion> {
    const id = idOf(visitId) ?? nobody;
    const booker = await context.bookerFor('rescheduleVisit');
    const reach = context.visitReachFor('rescheduleVisit');
    const move = { visitId: id, startsAt, scope: scope ?? 'THIS', reason: reason ?? null };
    return shown(await rescheduleVisit(doorsTo(id, context), move, reach, booker), context);
  }

  @Mutation(() => VisitResultUnion, {
    description:
      '[family, manager] Calls a visit off. A family keeps to the notice of the terms (TOO_LATE_TO_CANCEL); a station may go past it, which the visit’s history says. Called off in time, or on the station’s own account, government hours are free again.',
  })
  async cancelVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitIdText }) visitId: string,
    @Arg('reason', () => String, {
      description: 'Why; 1 to 200 characters on one line, kept with the visit.',
    })
    reason: string,
    @Arg('scope', () => SeriesScopeEnum, scopeArgument) scope: SeriesScope | null | undefined,
    @Arg('causedBy', () => CancelCauseEnum, {
      nullable: true,
      description:
        'On whose account, as the station says; STATION without it. What a family calls off itself is on the family’s.',
    })
    causedBy: CancelCause | null | undefined,
  ): Promise<typeof VisitResultUnion> {
    const id = idOf(visitId) ?? nobody;
    const booker = await context.bookerFor('cancelVisit');
    const reach = context.visitReachFor('cancelVisit');
    const cancellation = { visitId: id, reason, scope: scope ?? 'THIS', causedBy: causedBy ?? null };
    const { write } = doorsTo(id, context);
    return shown(await write((manager) => cancelVisit(manager, cancellation, reach, booker)), context);
  }

  @Mutation(() => VisitResultUnion, {
    description:
      '[manager] Gives a visit, at its time, to a caregiver of its station who is free then; whoever was to come before is not any more. Of a visit of two, the other one stays or is found.',
  })
  async assignVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitIdText }) visitId: string,
    @Arg('caregiverId', () => ID, { description: 'Who shall bring it.' }) caregiverId: string,
  ): Promise<typeof VisitResultUnion> {
    const id = idOf(visitId) ?? nobody;
    const booker = await context.bookerFor('assignVisit');
    const reach = context.visitReachFor('assignVisit');
    const assignment = { visitId: id, caregiverId: idOf(caregiverId) ?? nobody };
    return shown(await assignVisit(doorsTo(id, context), assignment, reach, booker), context);
  }
}

/** How a step of a visit comes to the database: on record, with the visit before and after it. */
function doorsTo(visitId: number, { database, audit }: Context): Doors {
  return {
    read: database.read.bind(database),
    write: (work) => audit.write(work, { state: (manager) => visitState(manager, visitId) }),
  };
}

function toldOf(result: object, elderId: number) {
  if (isRefusal(result as Refusal<string>)) return { elderId };
  const { id, stationId } = result as FoundVisit;
  return { elderId, facilityId: stationId, subject: `visit:${id}` };
}

function shown(result: FoundVisit | VisitRefusal, { language }: Context): typeof VisitResultUnion {
  if (isRefusal(result)) return shownVisitRefusal(result, language);
  return result as unknown as typeof VisitResultUnion;
}
