import { Field, ID, ObjectType } from 'type-graphql';
import { enumeration } from '../shared/enumeration.js';
import type { ShownVisit } from './visit.type.js';
import { VisitType } from './visit.type.js';
import { VisitRefusalType } from './visit-refusal.type.js';

export type CheckOutcome = 'REFUSED' | 'FOR_REVIEW' | 'RECORDED';
export const CheckOutcomeEnum = enumeration<CheckOutcome>(
  'VisitCheckOutcome',
  'What became of a tap that was stored and uploaded.',
  {
    REFUSED: 'Nothing was written; the refusal says why. It may be thrown away.',
    FOR_REVIEW:
      'Recorded, and doubted: its clock or its time was wrong, it came very late, or the visit was cancelled. A manager looks.',
    RECORDED: 'Recorded.',
  },
);

@ObjectType('VisitCheckResult', {
  simpleResolvers: true,
  description: 'What became of one tap of an upload.',
})
export class VisitCheckResultType {
  @Field(() => ID, { description: 'The requestId of the tap, as it was sent.' })
  requestId!: string;

  @Field(() => CheckOutcomeEnum, { description: 'What became of it.' })
  outcome!: CheckOutcome;

  @Field(() => Boolean, { description: 'True when this answer was given before.' })
  replayed!: boolean;

  @Field(() => VisitRefusalType, { nullable: true, description: 'Why nothing was written; null otherwise.' })
  refusal!: VisitRefusalType | null;

  @Field(() => VisitType, {
    nullable: true,
    description: 'The visit as it stands after the whole upload; null when refused.',
  })
  visit!: ShownVisit | null;
}
