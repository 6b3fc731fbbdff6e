import { Field, Float, ID, ObjectType } from 'type-graphql';
import { enumeration } from '../shared/enumeration.js';
import { type ShownVisit, VisitType } from './visit.type.js';

export const VisitChangeKindEnum = enumeration('VisitChangeKind', 'What a VisitChange tells.', {
  RESYNC:
    'Anything may have changed: read the visits again. Comes once at the start, after a gap, and to a client that read too slowly.',
  CHANGED: 'The visit is new or changed, and stands in `visit` as it is now.',
  GONE: 'The visit is no longer among those that the caller sees here, such as one that went to somebody else.',
});
export type VisitChangeKind = keyof typeof VisitChangeKindEnum;

@ObjectType('VisitChange', {
  simpleResolvers: true,
  description: 'That a visit changed, or that all may have.',
})
export class VisitChangeType {
  @Field(() => VisitChangeKindEnum, { description: 'What happened.' })
  kind!: VisitChangeKind;

  @Field(() => ID, { nullable: true, description: 'Which visit; null when the kind is RESYNC.' })
  visitId!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'A whole number that grows with each change of that visit; changes that follow one another quickly may be told as one. Null when the kind is RESYNC.',
  })
  version!: number | null;

  @Field(() => VisitType, {
    nullable: true,
    description:
      'The visit as it is now, which may be newer than `version`; null unless the kind is CHANGED.',
  })
  visit!: ShownVisit | null;
}
