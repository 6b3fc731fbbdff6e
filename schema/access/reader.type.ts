import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { SequenceRange } from '../../src/meals/sequence-ranges.rules.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('Reader', {
  simpleResolvers: true,
  description: 'A card reader. What it shows of itself is up to a minute old where several servers run.',
})
export class ReaderType {
  @Field(() => ID, { description: 'The number of its account.' })
  id!: string;

  @Field(() => String, { description: 'What it is called, such as its serial number.' })
  name!: string;

  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  @Field(() => DateTimeScalar, { description: 'When it was enrolled.' })
  enrolledAt!: Date;

  @Field(() => DateTimeScalar, {
    description: 'When its newest key was made: at the enrolment, or at the last rotation.',
  })
  keyMadeAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when an older key works beside the newest one; null when none does.',
  })
  oldKeyUntil!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked; null while in service.' })
  revokedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it last called, with a revoked key too; null when it never did.',
  })
  lastSeenAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The version of its software, from its header x-reader-version; null while it never said.',
  })
  softwareVersion!: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Milliseconds by which its clock is ahead of the server’s, negative when it is behind, smoothed over its calls: from its header x-reader-clock, or else from the taps of live swipes, which take a moment to arrive. Null while unknown.',
  })
  clockSkewMs!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When its key was last used from two addresses at once, which a copied key would be; null when it never was.',
  })
  possiblyClonedAt!: Date | null;
}

@ObjectType('ReaderConnection', { simpleResolvers: true, description: 'A page of readers.' })
export class ReaderConnectionType {
  @Field(() => [ReaderType], { description: 'In the order of their numbers.' })
  nodes!: ReaderType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Readers on all pages together; counted only when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

@ObjectType('ReaderAddress', {
  simpleResolvers: true,
  description:
    'An address from which a reader called, over a time without a silence of more than ten minutes.',
})
export class ReaderAddressType {
  @Field(() => String, { description: 'IPv4 or IPv6, as the server saw it.' })
  address!: string;

  @Field(() => DateTimeScalar, { description: 'The first call of that time.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'The last call of that time.' })
  lastSeenAt!: Date;
}

@ObjectType('SequenceRange', { simpleResolvers: true, description: 'Numbers that follow one another.' })
export class SequenceRangeType implements SequenceRange {
  @Field(() => Int, { description: 'The first number.' })
  from!: number;

  @Field(() => Int, { description: 'The last number; the first again when only one is missing.' })
  to!: number;
}

@ObjectType('MissingSequences', {
  simpleResolvers: true,
  description:
    'Numbers of the reader’s counter that no kept swipe has and nobody explained, among its last 10,000: swipes that were lost, are still to be uploaded, or were refused without being kept.',
})
export class MissingSequencesType {
  @Field(() => Int, { description: 'How many numbers are missing.' })
  count!: number;

  @Field(() => [SequenceRangeType], { description: 'Where, the latest first; 20 at most.' })
  ranges!: SequenceRange[];
}
