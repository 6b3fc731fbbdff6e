import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import type { FoundBed } from '../../src/beds/read-beds.js';
import type { Stay, StayState } from '../../src/beds/read-stays.js';
import { cursorOf, PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';
import {
  BedStateEnum,
  BedTypeEnum,
  type BedTypeValue,
  LeaveKindEnum,
  RoomGenderEnum,
} from './bed-state.type.js';

/** Its edges facility, state and stay stand in bed-edges.resolver.ts. */
@ObjectType('Bed', { simpleResolvers: true, description: 'One registered bed of a facility.' })
export class BedObjectType {
  @Field(() => ID, { description: "The bed's identifier, never given to another." })
  id!: number;

  /** Where it stands. */
  facilityId!: number;

  @Field(() => String, { description: 'The building, as the facility calls it.' })
  building!: string;

  @Field(() => Int, { description: 'The floor: 1 is the ground floor, below ground it is negative.' })
  floor!: number;

  @Field(() => ID, { description: 'The number of the room.' })
  roomId!: number;

  @Field(() => String, { description: 'The room, as its door says.' })
  room!: string;

  @Field(() => RoomGenderEnum, { description: 'Who may live in the room.' })
  genderRule!: RoomGender;

  @Field(() => String, { description: 'The bed within its room.' })
  label!: string;

  @Field(() => BedTypeEnum, { description: 'For whom it is equipped.' })
  type!: BedTypeValue;

  @Field(() => DateScalar, { description: 'The day from which it counts as registered.' })
  registeredOn!: string;

  @Field(() => DateScalar, { description: 'The first day on which somebody can have it.' })
  inServiceFrom!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which it is no longer registered; null while it is.',
  })
  closedOn!: string | null;
}

@ObjectType('BedConnection', { simpleResolvers: true, description: 'A page of beds.' })
export class BedConnectionType {
  @Field(() => [BedObjectType], { description: 'The beds of this page.' })
  nodes!: BedObjectType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Beds on all pages together.' })
  totalCount!: number | (() => Promise<number>);
}

/** Its edges bed and elder stand in bed-edges.resolver.ts. */
@ObjectType('BedStay', { simpleResolvers: true, description: 'The days over which an elder has a bed.' })
export class BedStayType {
  @Field(() => ID, {
    description:
      "The stay's identifier, never given to another; a stay that comes of a hold keeps the number of the hold.",
  })
  id!: number;

  bedId!: number;
  facilityId!: number;
  elderId!: number;

  @Field(() => DateScalar, { description: 'The first day. Half-open in days: [from, to).' })
  from!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: "The first day on which it is no longer the elder's; null while the stay is open.",
  })
  to!: string | null;

  @Field(() => BedStateEnum, { description: 'HELD before the elder comes, OCCUPIED or ON_LEAVE after.' })
  state!: StayState;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'When the elder came, moves to other beds left out; null for a hold.',
  })
  admittedOn!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'When the contract was signed; null when not yet.',
  })
  contractSignedOn!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day after the trial; null for a hold.',
  })
  trialEndsOn!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it ended, a code of dischargeReasons; TRANSFER when it goes on in another bed.',
  })
  endReason!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From this instant on a hold counts no more; null for a stay.',
  })
  expiresAt!: Date | null;

  @Field(() => LeaveKindEnum, { nullable: true, description: 'Where the resident is while ON_LEAVE.' })
  leaveKind!: LeaveKind | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which the resident is thought to be back; null when nobody knows.',
  })
  expectedBackOn!: string | null;
}

export function shownBed(bed: FoundBed): BedObjectType {
  return bed;
}

export function shownStay(stay: Stay): BedStayType {
  return stay;
}

/** Cuts a page out of the beds that were read, one more than asked for. */
export function bedPage(
  beds: readonly FoundBed[],
  first: number,
  totalCount: () => Promise<number>,
): BedConnectionType {
  const nodes = beds.slice(0, first).map(shownBed);
  const last = nodes.at(-1);
  const pageInfo = { hasNextPage: beds.length > first, endCursor: last ? cursorOf(last.id) : null };
  return { nodes, pageInfo, totalCount };
}
