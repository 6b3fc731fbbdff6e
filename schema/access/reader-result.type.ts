import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { EnrolReaderRefusalCode } from '../../src/access/enrol-reader.js';
import type { RotateReaderRefusalCode } from '../../src/access/rotate-reader.js';
import { enumeration } from '../shared/enumeration.js';
import { ReaderType } from './reader.type.js';

type ReaderRefusalCode = EnrolReaderRefusalCode | RotateReaderRefusalCode;

const ReaderRefusalCodeEnum = enumeration<ReaderRefusalCode>(
  'ReaderRefusalCode',
  'Why nothing happened to a reader. When several apply, the first in this list is the answer.',
  {
    NAME_INVALID: 'A name is 1 to 60 characters.',
    FACILITY_UNKNOWN: 'There is no such facility, or it lies outside what the caller’s grants cover.',
    FACILITY_CLOSED: 'The facility is not open today.',
    NOT_A_CANTEEN: 'A reader is enrolled at an elder canteen only.',
    READER_UNKNOWN: 'No reader has this number, as far as the caller may see.',
    READER_REVOKED: 'It was revoked; it comes back by a new enrolment only.',
    OVERLAP_OUT_OF_RANGE: 'The overlap is 0 to 43200 minutes, which are 30 days.',
  },
);

@ObjectType('ReaderRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class ReaderRefusalType {
  @Field(() => ReaderRefusalCodeEnum, { description: 'Why.' })
  code!: ReaderRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

@ObjectType('ReaderKey', {
  simpleResolvers: true,
  description: 'A reader and the key that was just made for it.',
})
export class ReaderKeyType {
  @Field(() => ReaderType, { description: 'The reader as it now stands.' })
  reader!: ReaderType;

  @Field(() => String, {
    description: 'Its bearer token. It is shown here once and kept nowhere: enter it at the reader now.',
  })
  key!: string;
}

export const ReaderKeyResultUnion = createUnionType({
  name: 'ReaderKeyResult',
  description: 'The reader with its new key, or why nothing changed.',
  types: () => [ReaderKeyType, ReaderRefusalType] as const,
  resolveType: (value) => ('code' in value ? ReaderRefusalType : ReaderKeyType),
});

export const ReaderResultUnion = createUnionType({
  name: 'ReaderResult',
  description: 'The reader as it now stands, or why nothing changed.',
  types: () => [ReaderType, ReaderRefusalType] as const,
  resolveType: (value) => ('code' in value ? ReaderRefusalType : ReaderType),
});
