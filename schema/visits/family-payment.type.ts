import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import type { PaymentMeans } from '../../entities/visits/family-payment.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

export const PaymentMeansEnum = enumeration<PaymentMeans>('FamilyPaymentMeans', 'How a family paid.', {
  CASH: 'In cash.',
  TRANSFER: 'By a transfer, whichever.',
});

@ObjectType('FamilyPayment', {
  simpleResolvers: true,
  description: "A payment of a family's part of a visit, or one that takes another back; never changed.",
})
export class FamilyPaymentType {
  @Field(() => ID, { description: 'The id of the payment.' })
  id!: number;

  @Field(() => FenScalar, { description: 'In fen; below zero for one that takes another back.' })
  fen!: number;

  @Field(() => PaymentMeansEnum, { description: 'How it was paid.' })
  means!: PaymentMeans;

  @Field(() => String, { description: 'The name of whom it was paid to.' })
  takenBy!: string;

  @Field(() => String, { description: 'The name of who wrote it down.' })
  recordedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was written down.' })
  recordedAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The payment that it takes back; null of a payment.' })
  reversesId!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it takes that back; null of a payment.' })
  reason!: string | null;
}

export const FamilyPaymentResultUnion = createUnionType({
  name: 'FamilyPaymentResult',
  description: 'The payment as it is kept, or why nothing was written.',
  types: () => [FamilyPaymentType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : FamilyPaymentType),
});
