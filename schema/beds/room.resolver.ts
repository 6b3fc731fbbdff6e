import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { OutOfServiceReason } from '../../entities/beds/bed-out-of-service.entity.js';
import { type RegisteredBeds, registerBeds } from '../../src/beds/add-rooms.js';
import { type BedTable, readBedRows, tableOfRooms } from '../../src/beds/bed-rows.rules.js';
import { type BedSheetFormat, readBedSheet } from '../../src/beds/bed-sheet.js';
import { closeBed, openBed } from '../../src/beds/close-bed.js';
import { closeRooms } from '../../src/beds/close-rooms.js';
import { setBedFee } from '../../src/beds/set-bed-fee.js';
import { chargeStay } from '../../src/beds/stay-charges.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isMonth } from '../../src/shared/month.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { enumeration } from '../shared/enumeration.js';
import { badUserInput, forbidden } from '../shared/errors.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar, FenScalar } from '../shared/scalars.js';
import { shownBed } from './bed.type.js';
import { bedReach } from './bed-answer.type.js';
import { RegisteredBedsType } from './bed-import.type.js';
import {
  BedChangeResultUnion,
  BedFeeResultUnion,
  ClosedRoomsResultUnion,
  StayChargesResultUnion,
} from './bed-results.type.js';
import { BedTypeEnum, type BedTypeValue, OutOfServiceReasonEnum } from './bed-state.type.js';
import { NewRoomInput } from './room.input.js';

export const BedSheetFormatEnum = enumeration<BedSheetFormat>(
  'BedSheetFormat',
  'How a list of beds is written.',
  {
    CSV: 'Comma-separated values in UTF-8, as text.',
    XLSX: 'A workbook, of which the first sheet is read, in base64.',
  },
);

const nobody = 0;
const facilityArgument = { description: 'The facility of the beds.' };
const bedArgument = { description: 'Which bed.' };

/** What a facility has: rooms, beds, when they are closed, and what they cost. */
@Resolver()
export class RoomResolver {
  @Mutation(() => RegisteredBedsType, {
    description:
      '[manager] Registers rooms with their beds, all of them or none, at most 2000 beds. A fault names the place of the bed in the list as its row, the first being 2. FORBIDDEN for a facility beyond the caller’s grants.',
  })
  addRooms(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, facilityArgument) facilityId: string,
    @Arg('rooms', () => [NewRoomInput], { description: 'The rooms.' }) rooms: NewRoomInput[],
  ): Promise<RegisteredBedsType> {
    return register(context, facilityId, tableOfRooms(rooms), false);
  }

  @Mutation(() => RegisteredBedsType, {
    description:
      '[manager] Registers the beds of a list: building, floor, room, gender, bed, type, registered, in service; heads in Chinese or English. Every faulty row is told, and with one of them nothing is written. FORBIDDEN for a facility beyond the caller’s grants.',
  })
  async importBeds(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, facilityArgument) facilityId: string,
    @Arg('format', () => BedSheetFormatEnum, { description: 'How the list is written.' })
    format: BedSheetFormat,
    @Arg('content', () => String, { description: 'The list, at most 900000 characters.' }) content: string,
    @Arg('dryRun', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description: 'Only says what would be registered, and what is wrong.',
    })
    dryRun: boolean | null,
  ): Promise<RegisteredBedsType> {
    const table = await readBedSheet(format, content);
    return register(context, facilityId, table, dryRun ?? true);
  }

  @Mutation(() => ClosedRoomsResultUnion, {
    description:
      '[manager] Closes rooms for good with their beds from a day on, all of them or none; nobody may have or hold one of the beds from then on.',
  })
  async closeRooms(
    @Ctx() context: Context,
    @Arg('roomIds', () => [ID], { description: '1 to 200 rooms.' }) roomIds: string[],
    @Arg('on', () => DateScalar, { description: 'The first day without them, today or later.' }) on: string,
  ): Promise<typeof ClosedRoomsResultUnion> {
    const wanted = { roomIds: roomIds.map((id) => idOf(id) ?? nobody), on, now: context.now };
    const scope = context.scopeFor('closeRooms');
    const result = await context.audit.write((manager) => closeRooms(manager, wanted, scope), {
      told: (done) => (isRefusal(done) ? {} : { facilityId: done.facilityId }),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => BedChangeResultUnion, {
    description: '[manager] Takes a bed out of service over [from, to), when nobody has or holds it then.',
  })
  async closeBed(
    @Ctx() context: Context,
    @Arg('bedId', () => ID, bedArgument) bed: string,
    @Arg('from', () => DateScalar, { description: 'The first day, at most 31 days back.' }) from: string,
    @Arg('to', () => DateScalar, {
      nullable: true,
      description: 'The first day on which it is in service again; not known without it.',
    })
    to: string | null | undefined,
    @Arg('reason', () => OutOfServiceReasonEnum, { description: 'Why.' }) reason: OutOfServiceReason,
  ): Promise<typeof BedChangeResultUnion> {
    const { accountId: byId, now, language } = context;
    const wanted = { bedId: idOf(bed) ?? nobody, from, to: to ?? null, reason, byId, now };
    const scope = context.scopeFor('closeBed');
    const result = await context.audit.write((manager) => closeBed(manager, wanted, scope), {
      told: toldOfBed,
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, language) : shownBed(result);
  }

  @Mutation(() => BedChangeResultUnion, {
    description:
      '[manager] Puts a bed that is out of service back from a day on; the day on which it was closed takes that back.',
  })
  async openBed(
    @Ctx() context: Context,
    @Arg('bedId', () => ID, bedArgument) bed: string,
    @Arg('on', () => DateScalar, { description: 'The first day in service again.' }) on: string,
  ): Promise<typeof BedChangeResultUnion> {
    const { accountId: byId, now, language } = context;
    const wanted = { bedId: idOf(bed) ?? nobody, on, byId, now };
    const scope = context.scopeFor('openBed');
    const result = await context.audit.write((manager) => openBed(manager, wanted, scope), {
      told: toldOfBed,
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, language) : shownBed(result);
  }

  @Mutation(() => BedFeeResultUnion, {
    description:
      '[manager] Sets what a day costs from a day on, today or later: in beds of a type, or in one bed.',
  })
  async setBedFee(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, facilityArgument) facilityId: string,
    @Arg('type', () => BedTypeEnum, { description: 'For beds of this type.' }) bedType: BedTypeValue,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) from: string,
    @Arg('fenPerDay', () => FenScalar, {
      nullable: true,
      description: "A day's fee, 0 to 1000000 fen. Left out for one bed: the fee of its type counts again.",
    })
    fenPerDay: number | null | undefined,
    @Arg('bedId', () => ID, { nullable: true, description: 'For this bed alone.' })
    bed: string | null | undefined,
  ): Promise<typeof BedFeeResultUnion> {
    const { accountId: byId, now, language } = context;
    const bedId = bed === null || bed === undefined ? null : (idOf(bed) ?? nobody);
    const fee = { facilityId: idOf(facilityId) ?? nobody, bedType, bedId, from };
    const wanted = { ...fee, fenPerDay: fenPerDay ?? null, byId, now };
    const scope = context.scopeFor('setBedFee');
    const result = await context.audit.write((manager) => setBedFee(manager, wanted, scope), {
      told: (done) => (isRefusal(done) ? {} : { facilityId: done.facilityId }),
    });
    return isRefusal(result) ? shownRefusal(result, language) : result;
  }

  @Mutation(() => StayChargesResultUnion, {
    description:
      '[manager] Puts a month of a stay on the bill: one that is over, or in which the stay has ended. Those days then stay as they are. Again is as once.',
  })
  async chargeStay(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: 'Which stay.' }) stay: string,
    @Arg('month', () => String, { description: 'The month, YYYY-MM.' }) month: string,
  ): Promise<typeof StayChargesResultUnion> {
    const { accountId: byId, now, language } = context;
    if (!isMonth(month))
      throw badUserInput(['month'], { zh: '须为 YYYY-MM', en: 'must be YYYY-MM' }, language);
    const wanted = { stayId: assignedIdOf(stay) ?? nobody, month, byId, now };
    const reach = await bedReach(context, 'chargeStay');
    const result = await context.audit.write((manager) => chargeStay(manager, wanted, reach), {
      told: (done) => (isRefusal(done) ? {} : { subject: `stay:${done.stayId}` }),
    });
    return isRefusal(result) ? shownRefusal(result, language) : result;
  }
}

function toldOfBed(result: object) {
  if (!('facilityId' in result) || !('id' in result)) return {};
  return { facilityId: Number(result.facilityId), subject: `bed:${result.id}` };
}

async function register(
  context: Context,
  facilityId: string,
  table: BedTable,
  isTrial: boolean,
): Promise<RegisteredBedsType> {
  const { now, language } = context;
  const read = 'code' in table ? { rows: [], faults: [table] } : readBedRows(table, dayOf(now));
  const wanted = { facilityId: idOf(facilityId) ?? nobody, ...read, now, isTrial };
  const scope = context.scopeFor(isTrial ? 'importBeds' : 'addRooms');
  const result = await context.audit.write(
    async (manager): Promise<RegisteredBeds | 'UNKNOWN'> =>
      (await registerBeds(manager, wanted, scope)) ?? 'UNKNOWN',
    {
      told: (done) => {
        if (done === 'UNKNOWN') return { result: 'FORBIDDEN' };
        return { facilityId: done.facilityId, ...(done.isWritten ? {} : { result: 'NOT_WRITTEN' }) };
      },
    },
  );
  if (result === 'UNKNOWN') throw forbidden(language);
  context.forgetLoaders();
  const { isWritten: written, bedsAdded: beds, roomsAdded: rooms, faults } = result;
  return {
    written,
    beds,
    rooms,
    faults: faults.map(({ row, column, code, text }) => ({ row, column, code, message: text[language] })),
  };
}
