import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { VisitRefusalType } from './visit-refusal.type.js';

/** Who could come has a resolver of its own. */
@ObjectType('VisitOffer', {
  simpleResolvers: true,
  description: 'A visit as it would be booked now, and who would pay it.',
})
export class VisitOfferType {
  @Field(() => DateTimeScalar, { description: 'When it would begin. Half-open: [startsAt, endsAt).' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it would end.' })
  endsAt!: Date;

  @Field(() => Int, { description: 'Minutes of government hours that would pay it.' })
  hoursMinutes!: number;

  @Field(() => FenScalar, { description: 'What those hours pay, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the family pays, in fen: the price of the day less that.' })
  selfPaidFen!: number;

  /** Whom the edge leads to. */
  caregiverIds!: readonly number[];
}

@ObjectType('VisitPreview', {
  simpleResolvers: true,
  description: 'What a booking would be, were it confirmed now. Nothing is kept free by it.',
})
export class VisitPreviewType {
  @Field(() => [VisitOfferType], { description: 'One for each occurrence, in order of start.' })
  visits!: VisitOfferType[];

  @Field(() => Int, { description: 'Minutes of government hours of all of them together.' })
  hoursMinutes!: number;

  @Field(() => FenScalar, { description: 'What the hours pay of all of them together, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the family pays of all of them together, in fen.' })
  selfPaidFen!: number;
}

export const VisitPreviewResultUnion = createUnionType({
  name: 'VisitPreviewResult',
  description: 'What a booking would be, or why it cannot be.',
  types: () => [VisitPreviewType, VisitRefusalType] as const,
  resolveType: (value) => ('alternatives' in value ? VisitRefusalType : VisitPreviewType),
});
