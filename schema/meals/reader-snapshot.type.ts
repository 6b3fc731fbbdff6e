import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { SnapshotRefusalCode } from '../../src/meals/reader-lists/snapshot-refusals.js';
import { enumeration } from '../shared/enumeration.js';

@ObjectType('ReaderSnapshot', {
  simpleResolvers: true,
  description: 'A page of what a reader needs to decide alone. docs/reader-protocol.md tells what is in it.',
})
export class ReaderSnapshotType {
  @Field(() => String, {
    description:
      'A compact JWS (RFC 7515), signed with Ed25519 over JSON that is compressed with gzip. Everything that counts is within: the canteen and the reader it is for, its version, whether another page follows, and until when it may be used.',
  })
  page!: string;
}

@ObjectType('SnapshotKey', { simpleResolvers: true, description: 'What readers verify pages with.' })
export class SnapshotKeyType {
  @Field(() => String, { description: 'The kid by which a page names it.' })
  id!: string;

  @Field(() => String, {
    description: 'The 32 bytes of an Ed25519 public key in base64url, the x of RFC 8037.',
  })
  publicKey!: string;
}

export const ReaderSnapshotRefusalCodeEnum = enumeration<SnapshotRefusalCode>(
  'ReaderSnapshotRefusalCode',
  'Why a reader was given no page. When several apply, the first in this list is the answer.',
  {
    CANTEEN_NOT_YOURS:
      'The canteen is not the one that the reader is bound to, or there is none with this id.',
    ITEMS_OUT_OF_RANGE: 'itemsMax is not within 1 and 5000.',
    SINCE_INVALID: 'since is nothing that a page ever said: leave it out, and load the list anew.',
    SNAPSHOTS_NOT_SET_UP: 'The platform has no key to sign with, so its readers have to be online.',
    CANTEEN_NOT_CONFIGURED: 'Nobody has said yet what the canteen serves and when: ask again later.',
  },
);

@ObjectType('ReaderSnapshotRefusal', { simpleResolvers: true, description: 'No page was given, and why.' })
export class ReaderSnapshotRefusalType {
  @Field(() => ReaderSnapshotRefusalCodeEnum, { description: 'Why.' })
  code!: SnapshotRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const ReaderSnapshotResultUnion = createUnionType({
  name: 'ReaderSnapshotResult',
  description: 'A page, or why there is none.',
  types: () => [ReaderSnapshotType, ReaderSnapshotRefusalType] as const,
  resolveType: (value) => ('code' in value ? ReaderSnapshotRefusalType : ReaderSnapshotType),
});
