import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { VoidRefusalCode } from '../../src/meals/void-swipe.js';
import { enumeration } from '../shared/enumeration.js';
import { SwipeReceiptType } from './swipe.type.js';

export const VoidRefusalCodeEnum = enumeration<VoidRefusalCode>(
  'VoidRefusalCode',
  'Why a swipe was not voided.',
  {
    SWIPE_UNKNOWN: 'No meal was recorded under this id, as far as the caller may see.',
    ALREADY_VOIDED: 'It was voided before.',
    MONTH_CLOSED: "The month's statement is frozen; correct it in the next one.",
    MONTH_OPEN:
      "Only where a correction was asked: the month's statement is not frozen, so the meal is voided instead.",
    ELDER_ERASED: 'The file of the elder was erased: there is nobody to give the money back to.',
    DISPUTE_UPHELD: 'A dispute about it was upheld in a statement: the canteen bears its subsidy already.',
    REASON_INVALID: 'The reason is empty, longer than 200 characters, or holds a control character.',
  },
);

@ObjectType('VoidRefusal', { simpleResolvers: true, description: 'The swipe was not voided, and why.' })
export class VoidRefusalType {
  @Field(() => VoidRefusalCodeEnum, { description: 'Why.' })
  code!: VoidRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const VoidResultUnion = createUnionType({
  name: 'VoidResult',
  description: 'The receipt, now marked as voided, or why not.',
  types: () => [SwipeReceiptType, VoidRefusalType] as const,
  resolveType: (value) => ('code' in value ? VoidRefusalType : SwipeReceiptType),
});
