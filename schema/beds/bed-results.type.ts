import { createUnionType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import type { TransferState } from '../../entities/beds/stay-transfer.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { BedObjectType } from './bed.type.js';
import { BedRefusalType } from './bed-refusal.type.js';
import { BedTypeEnum, type BedTypeValue, LeaveKindEnum } from './bed-state.type.js';

export const BedChangeResultUnion = createUnionType({
  name: 'BedChangeResult',
  description: 'The bed as it now is, or why nothing changed.',
  types: () => [BedObjectType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : BedObjectType),
});

@ObjectType('ClosedRooms', { simpleResolvers: true, description: 'Rooms that were closed for good.' })
export class ClosedRoomsType {
  @Field(() => Int, { description: 'How many rooms.' })
  rooms!: number;

  @Field(() => Int, { description: 'How many beds were still registered in them.' })
  beds!: number;
}

export const ClosedRoomsResultUnion = createUnionType({
  name: 'ClosedRoomsResult',
  description: 'What was closed, or why nothing was.',
  types: () => [ClosedRoomsType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : ClosedRoomsType),
});

@ObjectType('BedFee', { simpleResolvers: true, description: 'What a day in a bed costs from a day on.' })
export class BedFeeType {
  @Field(() => ID, { description: 'The facility.' })
  facilityId!: number;

  @Field(() => BedTypeEnum, { description: 'For beds of this type.' })
  bedType!: BedTypeValue;

  @Field(() => ID, { nullable: true, description: 'For this bed alone; null for all of the type.' })
  bedId!: number | null;

  @Field(() => DateScalar, { description: 'From this day on, until a later fee begins.' })
  from!: string;

  @Field(() => FenScalar, {
    nullable: true,
    description: "A day's fee, in fen; null when the fee of the type counts for the bed again.",
  })
  fenPerDay!: number | null;
}

export const BedFeeResultUnion = createUnionType({
  name: 'BedFeeResult',
  description: 'The fee from then on, or why nothing changed.',
  types: () => [BedFeeType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : BedFeeType),
});

export const TransferStateEnum = enumeration<TransferState>(
  'TransferState',
  'Where the question stands whether another facility takes a resident over.',
  {
    ASKED: 'The other side has not answered.',
    ACCEPTED: 'The resident has moved, or is to move on the day.',
    DECLINED: 'The other side does not take the resident over.',
    WITHDRAWN: 'Taken back, or the stay ended otherwise.',
  },
);

/** Its edge stay stands in transfer.resolver.ts. */
@ObjectType('StayTransfer', {
  simpleResolvers: true,
  description: 'One facility asks another to take over a resident.',
})
export class StayTransferType {
  @Field(() => ID, { description: "The transfer's identifier, never given to another." })
  id!: number;

  stayId!: number;

  @Field(() => ID, { description: 'The facility that asks.' })
  fromFacilityId!: number;

  @Field(() => ID, { description: 'The facility that is asked.' })
  toFacilityId!: number;

  @Field(() => DateScalar, { description: 'The first day at the other facility, as it was asked for.' })
  on!: string;

  @Field(() => TransferStateEnum, { description: 'Where it stands.' })
  state!: TransferState;

  @Field(() => String, { nullable: true, description: 'Why it was declined; null when nothing was said.' })
  answer!: string | null;
}

export const StayTransferResultUnion = createUnionType({
  name: 'StayTransferResult',
  description: 'The transfer as it now stands, or why nothing changed.',
  types: () => [StayTransferType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : StayTransferType),
});

@ObjectType('StayChargeLine', {
  simpleResolvers: true,
  description: 'Days in a row that cost the same for the same reason, [from, to).',
})
export class StayChargeLineType {
  @Field(() => DateScalar, { description: 'The first of the days.' })
  from!: string;

  @Field(() => DateScalar, { description: 'The first day after them.' })
  to!: string;

  @Field(() => Int, { description: 'How many days.' })
  days!: number;

  @Field(() => LeaveKindEnum, {
    nullable: true,
    description: 'The leave that lowers the fee; null for days in the bed.',
  })
  leave!: LeaveKind | null;

  @Field(() => FenScalar, { description: 'What one of the days costs, in fen.' })
  fenPerDay!: number;

  @Field(() => FenScalar, { description: 'days × fenPerDay, in fen.' })
  fen!: number;
}

@ObjectType('StayCharges', {
  simpleResolvers: true,
  description: 'What a stay costs for a month: as it is on the bill, or as it would be now.',
})
export class StayChargesType {
  @Field(() => ID, { description: 'The stay.' })
  stayId!: number;

  @Field(() => String, { description: 'The month, YYYY-MM.' })
  month!: string;

  @Field(() => [StayChargeLineType], { description: 'The days by what they cost, in their order.' })
  lines!: readonly StayChargeLineType[];

  @Field(() => Int, { description: 'Days of the stay in the month, leave included.' })
  days!: number;

  @Field(() => Int, { description: 'Of these, days on leave.' })
  leaveDays!: number;

  @Field(() => FenScalar, { description: 'What they cost together, in fen.' })
  fen!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was put on a bill; null when not yet.',
  })
  chargedAt!: Date | null;
}

export const StayChargesResultUnion = createUnionType({
  name: 'StayChargesResult',
  description: 'What was charged, or why nothing was.',
  types: () => [StayChargesType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : StayChargesType),
});

@ObjectType('DischargeReason', { simpleResolvers: true, description: 'A reason for which a stay may end.' })
export class DischargeReasonType {
  @Field(() => String, { description: 'What discharge is given as its reason.' })
  code!: string;

  @Field(() => String, { description: 'The reason in the language of accept-language.' })
  name!: string;

  @Field(() => Boolean, { description: "Whether the elder's file ends with the stay." })
  endsFile!: boolean;
}

@ObjectType('BedFigures', {
  simpleResolvers: true,
  description: 'How the beds of a part of the network were used over some days.',
})
export class BedFiguresType {
  @Field(() => Int, { description: 'Bed-days: days on which a bed had a resident in it, leave left out.' })
  occupiedDays!: number;

  @Field(() => Int, { description: 'Days on which a bed was kept for a resident on leave.' })
  leaveDays!: number;

  @Field(() => Int, { description: 'Days on which a bed was registered.' })
  registeredDays!: number;

  @Field(() => Int, { description: 'Days on which a bed was registered and in service.' })
  openDays!: number;

  @Field(() => Float, { description: 'occupiedDays / registeredDays, 0 to 1; 0 without beds.' })
  perRegistered!: number;

  @Field(() => Float, { description: 'occupiedDays / openDays, 0 to 1; 0 when none was open.' })
  perOpen!: number;

  @Field(() => Float, { description: 'Registered nursing beds of all registered beds, by days, 0 to 1.' })
  nursingShare!: number;

  @Field(() => Int, { description: 'Stays that ended in these days, moves to other beds left out.' })
  endedStays!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'How long those lasted from the admission on, in days; null when none ended.',
  })
  averageStayDays!: number | null;
}

@ObjectType('FreeBedsPoint', { simpleResolvers: true, description: 'Free beds on one day.' })
export class FreeBedsPointType {
  @Field(() => DateScalar, { description: 'The day.' })
  date!: string;

  @Field(() => Int, { description: 'Beds in service that nobody has, holds or is on leave from.' })
  free!: number;
}

@ObjectType('FreeBeds', { simpleResolvers: true, description: 'Free beds of one type, day by day.' })
export class FreeBedsType {
  @Field(() => BedTypeEnum, { description: 'The type.' })
  type!: BedTypeValue;

  @Field(() => [FreeBedsPointType], {
    description: 'The day asked about and each of the fortnight after it.',
  })
  days!: readonly FreeBedsPointType[];
}
