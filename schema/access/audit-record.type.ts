import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FoundAuditRecord } from '../../src/access/find-audit-records.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('AuditRecord', {
  simpleResolvers: true,
  description: 'One line of the audit log: who did what to whom, from where, and what came of it.',
})
export class AuditRecordType {
  @Field(() => ID, { description: 'The id of the record; ids do not follow the order of time.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: "When, by the machine's own clock." })
  at!: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'The account that acted; null for a caller without one and for a batch of several readers.',
  })
  accountId!: string | null;

  @Field(() => String, { nullable: true, description: "The account's name; null as accountId is." })
  accountName!: string | null;

  @Field(() => [String], { description: 'The roles that the account held at that instant.' })
  roles!: string[];

  @Field(() => String, {
    nullable: true,
    description:
      'The address that the request came from; null for work on the machine itself and for a batch from several.',
  })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'The x-request-id of the request, as in the log.' })
  requestId!: string | null;

  @Field(() => String, {
    description: 'The operation of the graph, Type.field for an edge, or the words of a command.',
  })
  operation!: string;

  /** The field of that name is resolved from it. */
  facilityId!: number | null;

  @Field(() => ID, { nullable: true, description: 'The elder it was about; null when it was about none.' })
  elderId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What else it was about, by kind and id, such as card:12; null when nothing else is known.',
  })
  subject!: string | null;

  @Field(() => String, { description: 'DONE, or the code of the refusal or of the error.' })
  result!: string;

  @Field(() => Int, {
    description: 'How many it stands for: the swipes of a batch, or equal refusals that came at once.',
  })
  times!: number;

  @Field(() => String, {
    description:
      'JSON with what was asked, before and after, as far as there is any; masked, at most 20,000 characters.',
  })
  details!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The place in the chain of hashes, a whole number; null for a second or two after it happened.',
  })
  seq!: string | null;
}

@ObjectType('AuditRecordConnection', {
  simpleResolvers: true,
  description: 'A page of the audit log, the newest first.',
})
export class AuditRecordConnectionType {
  @Field(() => [AuditRecordType], { description: 'The records of this page.' })
  nodes!: AuditRecordType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether older records follow.' })
  pageInfo!: PageInfo;
}

export function shownAuditRecord(record: FoundAuditRecord): AuditRecordType {
  const { id, at, accountId, roles, elderId, seq, ...rest } = record;
  return {
    ...rest,
    id: String(id),
    at: new Date(at),
    accountId: accountId === null ? null : String(accountId),
    roles: roles === '' ? [] : roles.split(' '),
    elderId: elderId === null ? null : String(elderId),
    seq: seq === null ? null : String(seq),
  };
}
