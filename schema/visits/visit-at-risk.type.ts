import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { TakeOverRefusalCode } from '../../src/visits/plans/take-over-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { type ShownVisit, VisitType } from './visit.type.js';

/** The caregivers have a resolver of their own. */
@ObjectType('TakeOverProposal', {
  simpleResolvers: true,
  description: 'Those who could bring a visit at its time, travel counted, and what speaks for them.',
})
export class TakeOverProposalType {
  /** For the edge to the caregivers; not a field of the graph. */
  caregiverIds!: readonly number[];

  @Field(() => Float, {
    description:
      'From 0, whom the elder knows best, to 1, whom it never saw; of those who are new, the mean.',
  })
  strangeness!: number;

  @Field(() => Int, { description: 'What the ways of the day get longer by, in minutes, rounded up.' })
  detourMinutes!: number;

  @Field(() => Int, { description: 'Minutes of visits that those who are new have on that day already.' })
  loadMinutes!: number;
}

/** The visit and the missing caregivers have resolvers of their own. */
@ObjectType('VisitAtRisk', {
  simpleResolvers: true,
  description: 'A visit whose caregiver is away at its time, and who could take it over.',
})
export class VisitAtRiskType {
  /** For the edges; not fields of the graph. */
  visitId!: number;
  missingCaregiverIds!: readonly number[];

  @Field(() => Int, { description: 'The version that was looked at; takeOver wants it back.' })
  version!: number;

  @Field(() => [TakeOverProposalType], {
    description:
      'The best first, five at most: whom the elder knows, then who has the shorter way, then who has less to do. Each stands for itself. Empty where nobody can.',
  })
  proposals!: TakeOverProposalType[];
}

@InputType({ description: 'Who shall bring a visit instead, at its time.' })
export class TakeOverInput {
  @Field(() => ID, { description: 'The visit.' })
  visitId!: string;

  @Field(() => Int, { description: 'The version that was looked at: another one, and nothing is changed.' })
  version!: number;

  @Field(() => [ID], {
    description:
      'All who shall bring it, of two whoever comes first at the head; those who stay are named too.',
  })
  caregiverIds!: string[];
}

@ObjectType('VisitsTakenOver', { simpleResolvers: true, description: 'The visits as they now stand.' })
export class VisitsTakenOverType {
  @Field(() => [VisitType], { description: 'In the order in which they were named.' })
  visits!: ShownVisit[];
}

export const TakeOverRefusalCodeEnum = enumeration<TakeOverRefusalCode>(
  'TakeOverRefusalCode',
  'Why nobody took anything over. When several apply, the first in this list is the answer.',
  {
    VISITS_INVALID: 'No visit, more than a hundred, or one of them twice.',
    VISIT_UNKNOWN: 'No visit has this id, as far as the caller may see.',
    CAREGIVER_UNKNOWN: 'The stations of the visits have no such caregiver.',
    WRONG_STATUS: 'The visit has begun, is done, was called off, or was moved to another day.',
    VISIT_CHANGED: 'The visit, or a door, is not as it was looked at.',
    NOT_POSSIBLE:
      'Skill, gender, roster, or the way to and from other visits forbid it; the message says which.',
  },
);

@ObjectType('TakeOverRefusal', { simpleResolvers: true, description: 'Nothing was changed, and why.' })
export class TakeOverRefusalType {
  @Field(() => TakeOverRefusalCodeEnum, { description: 'Why.' })
  code!: TakeOverRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const TakeOverResultUnion = createUnionType({
  name: 'TakeOverResult',
  description: 'The visits with their new caregivers, or why nothing changed.',
  types: () => [VisitsTakenOverType, TakeOverRefusalType] as const,
  resolveType: (value) => ('code' in value ? TakeOverRefusalType : VisitsTakenOverType),
});
