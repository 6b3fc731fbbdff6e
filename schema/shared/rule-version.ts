import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { VersionStatus } from '../../entities/rule-version.js';
import type { VersionRefusalCode } from '../../src/rule-versions/rule-kind.js';
import { PageInfo } from './paging.js';
import { DateScalar, DateTimeScalar } from './scalars.js';

/** What became of a version, each status with its description. */
export const versionStatusTexts: Readonly<Record<VersionStatus, string>> = {
  PROPOSED: 'Waits for a second person; it counts nowhere.',
  APPROVED: 'Counts from its first day on, and is never changed.',
  REJECTED: 'Was turned down.',
  WITHDRAWN: 'Was taken back by its author.',
};

/** Why a version is not proposed or decided on, each refusal with its description. */
export const versionRefusalTexts: Readonly<Record<VersionRefusalCode, string>> = {
  CODE_INVALID: 'The code is not 1 to 32 of A-Z, 0-9 and the hyphen.',
  DATE_OUT_OF_RANGE: 'The days do not exist or end before they begin.',
  FACILITY_UNKNOWN: 'No facility has this id, as far as the caller may see.',
  FACILITY_DIFFERS: 'Other versions of the code are for another facility.',
  VERSIONS_OVERLAP: 'An approved version begins later, and before this one ends.',
  CATEGORY_UNKNOWN: 'It asks for a category that neither the nation nor the city has.',
  RULES_UNKNOWN: 'No version has this id, as far as the caller may see.',
  NOT_PROPOSED: 'It was decided on before.',
  SAME_PERSON: 'Who proposed it may not approve it.',
  NOT_THE_AUTHOR: 'Its author alone may withdraw it.',
  BACKDATED: 'Its first day has begun or is over: it has to be approved before that day.',
  NOTE_INVALID: 'The note is missing, or longer than 200 characters.',
};

const toDayDescription = 'The first day on which nothing of it counts any more; null while no end is known.';

/** What a version of any kind of rules shows; its kind adds the status, the document and the facility. */
@ObjectType({ simpleResolvers: true })
export abstract class RuleVersionType {
  @Field(() => ID, { description: 'Of this version.' })
  id!: number;

  @Field(() => String, { description: 'Of the set; all its versions share it.' })
  code!: string;

  @Field(() => Int, { description: 'Counted from 1 for each code.' })
  version!: number;

  /** For the edge to the facility; not a field of the graph. */
  facilityId!: number;

  @Field(() => DateScalar, { description: 'The first day on which it counts.' })
  fromDay!: string;

  @Field(() => DateScalar, { nullable: true, description: toDayDescription })
  toDay!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The account that proposed it; null for what the command line brought in.',
  })
  proposedById!: number | null;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'The account that approved, rejected or withdrew it; never the author of an approved one.',
  })
  decidedById!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided on.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said with the decision.' })
  decisionNote!: string | null;
}

/** A page of versions; its kind adds the nodes. */
@ObjectType({ simpleResolvers: true })
export abstract class RuleVersionConnectionType {
  @Field(() => PageInfo, { description: 'Where the page ends.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number | (() => Promise<number>);
}

/** What is said of a new version; its kind adds the facility and the document. */
@InputType()
export abstract class ProposeVersionInput {
  @Field(() => String, { description: 'Of the set: 1 to 32 of A-Z, 0-9 and the hyphen.' })
  code!: string;

  @Field(() => DateScalar, { description: 'The first day on which it counts; not over when it is approved.' })
  fromDay!: string;

  @Field(() => DateScalar, { nullable: true, description: toDayDescription })
  toDay?: string | null;

  /** Described by the kind, which says of what it is. */
  abstract facilityId: string;
  abstract document: string;
}

/** A refusal to propose or decide; its kind adds the code. */
@ObjectType({ simpleResolvers: true })
export abstract class RuleRefusalType {
  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field at fault, as a path; into the document where it is there.',
  })
  field!: readonly string[] | null;
}
