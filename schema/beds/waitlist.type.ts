import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PlacedEntry } from '../../src/beds/waitlist-view.js';
import type { Language } from '../../src/shared/text.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';

/** Its edge bed stands in waitlist-edges.resolver.ts. */
@ObjectType('BedOffer', {
  simpleResolvers: true,
  description: 'A bed offered to somebody on a waiting list.',
})
export class BedOfferType {
  @Field(() => ID, {
    description: "The offer's identifier, never given to another; the stay that comes of it has the same.",
  })
  id!: number;

  bedId!: number;

  @Field(() => DateTimeScalar, { description: 'From this instant on it can no longer be accepted.' })
  expiresAt!: Date;
}

/** Its edges elder and facility stand in waitlist-edges.resolver.ts. */
@ObjectType('WaitlistEntry', {
  simpleResolvers: true,
  description: 'An elder waiting for a bed of one type at one facility.',
})
export class WaitlistEntryType {
  @Field(() => ID, { description: "The entry's identifier, never given to another." })
  id!: number;

  elderId!: number;

  facilityId!: number;

  @Field(() => BedTypeEnum, { description: 'For which type of bed.' })
  type!: BedTypeValue;

  @Field(() => Int, { description: '1 is next; 0 for somebody who waits no more.' })
  position!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The class by which the place was found; null for somebody who waits no more.',
  })
  className!: string | null;

  @Field(() => DateScalar, { description: 'The day of joining the list.' })
  joinedOn!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'How long it takes when beds of the type go on becoming free there as over the last 365 days, in days; null when none did.',
  })
  expectedWaitDays!: number | null;

  @Field(() => BedOfferType, {
    nullable: true,
    description: 'The offer that is open to the elder; null when none is.',
  })
  offer!: BedOfferType | null;
}

export function shownEntry({ className, ...entry }: PlacedEntry, language: Language): WaitlistEntryType {
  return { ...entry, className: className?.[language] ?? null };
}
