import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import type { GapRefusalCode } from '../../src/meals/explain-gap.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('GapExplanation', {
  simpleResolvers: true,
  description: 'Why the swipes of a gap will not come.',
})
export class GapExplanationType {
  @Field(() => String, { description: 'Why, in the words of who explained it.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'When it was explained.' })
  explainedAt!: Date;

  @Field(() => String, { description: 'The name of the account that explained it.' })
  explainedBy!: string;
}

@ObjectType('SequenceGap', {
  simpleResolvers: true,
  description:
    'Numbers of a reader’s counter that follow one another and that no kept swipe had when they were looked at.',
})
export class SequenceGapType {
  @Field(() => Int, { description: 'The first number.' })
  from!: number;

  @Field(() => Int, { description: 'The last number; the first again when it is only one.' })
  to!: number;

  @Field(() => GapExplanationType, { nullable: true, description: 'Null while nobody explained it.' })
  explanation!: GapExplanationType | null;
}

@ObjectType('SequenceGapConnection', { simpleResolvers: true, description: 'A page of gaps.' })
export class SequenceGapConnectionType {
  @Field(() => [SequenceGapType], { description: 'In the order of the numbers.' })
  nodes!: SequenceGapType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

export const GapRefusalCodeEnum = enumeration<GapRefusalCode>(
  'GapRefusalCode',
  'Why a gap was not explained. When several apply, the first in this list is the answer.',
  {
    REASON_INVALID: 'The reason is empty, longer than 200 characters, or holds a control character.',
    RANGE_INVALID: 'The range begins below 0 or ends before it begins.',
    READER_UNKNOWN: 'No reader has this id, as far as the caller may see.',
    ALREADY_EXPLAINED:
      'Some of these numbers were explained before, in other words or as part of another range.',
    NOT_MISSING: 'Some of these numbers were received, or lie before the first or behind the last.',
  },
);

@ObjectType('GapRefusal', { simpleResolvers: true, description: 'Nothing was explained, and why.' })
export class GapRefusalType {
  @Field(() => GapRefusalCodeEnum, { description: 'Why.' })
  code!: GapRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const GapResultUnion = createUnionType({
  name: 'GapResult',
  description: 'The gap with its explanation, or why it was not explained.',
  types: () => [SequenceGapType, GapRefusalType] as const,
  resolveType: (value) => ('code' in value ? GapRefusalType : SequenceGapType),
});
