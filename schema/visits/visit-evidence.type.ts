import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { TagResult } from '../../entities/visits/visit-check.entity.js';
import type { EvidenceDecision, EvidenceVerdict } from '../../entities/visits/visit-evidence.entity.js';
import type { Language } from '../../src/shared/text.js';
import { type EvidenceReason, evidenceTexts } from '../../src/visits/evidence.rules.js';
import type { FoundCheck } from '../../src/visits/find-checks.js';
import type { TapDoubt } from '../../src/visits/tap.rules.js';
import type { KeptEvidence } from '../../src/visits/visit-evidence.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';
import { CheckKindEnum } from './visit-check.input.js';

export const EvidenceDecisionEnum = enumeration<EvidenceDecision>(
  'EvidenceDecision',
  'What the evidence of a visit does to its payment.',
  {
    PAY: 'It is paid.',
    LOOK: 'Somebody has to look before it is paid.',
    BLOCK: 'It is not paid unless somebody who looked decides so.',
  },
);

export const EvidenceVerdictEnum = enumeration<EvidenceVerdict>(
  'EvidenceVerdict',
  'What somebody who looked decided.',
  { PAY: 'It is paid.', BLOCK: 'It is not paid.' },
);

export const EvidenceReasonEnum = enumeration<EvidenceReason>(
  'EvidenceReasonCode',
  'What was found in the taps of a visit, the gravest first.',
  {
    CANCELLED: evidenceTexts.CANCELLED.en,
    NOT_THERE: evidenceTexts.NOT_THERE.en,
    TOO_FAR: evidenceTexts.TOO_FAR.en,
    TOO_SHORT: evidenceTexts.TOO_SHORT.en,
    ELDER_AWAY: evidenceTexts.ELDER_AWAY.en,
    REASSIGNED: evidenceTexts.REASSIGNED.en,
    ENDED_FOR: evidenceTexts.ENDED_FOR.en,
    WRONG_TAG: evidenceTexts.WRONG_TAG.en,
    CLOCK: evidenceTexts.CLOCK.en,
    TIME: evidenceTexts.TIME.en,
    LATE: evidenceTexts.LATE.en,
    SHORT: evidenceTexts.SHORT.en,
    AWAY: evidenceTexts.AWAY.en,
    NO_POSITION: evidenceTexts.NO_POSITION.en,
    NO_TAG: evidenceTexts.NO_TAG.en,
    DOOR_UNKNOWN: evidenceTexts.DOOR_UNKNOWN.en,
    OFFLINE: evidenceTexts.OFFLINE.en,
  },
);

export const TagResultEnum = enumeration<TagResult>('DoorTagResult', 'What was read at the door.', {
  NONE: 'Nothing.',
  MATCH: "A tag of this elder's door.",
  OTHER: "Something else: unknown, revoked, or of another's door.",
});

export const TapDoubtEnum = enumeration<TapDoubt>('VisitCheckDoubt', 'Why a tap cannot be taken as it is.', {
  CLOCK: evidenceTexts.CLOCK.en,
  TIME: evidenceTexts.TIME.en,
  LATE: evidenceTexts.LATE.en,
  CANCELLED: evidenceTexts.CANCELLED.en,
  REASSIGNED: evidenceTexts.REASSIGNED.en,
});

@ObjectType('VisitCheck', {
  simpleResolvers: true,
  description: 'A tap at the door as it came in. Its position is not shown, its distance from the door is.',
})
export class VisitCheckType {
  @Field(() => ID, { description: 'The UUID of the tap.' })
  requestId!: string;

  @Field(() => CheckKindEnum, { description: 'In or out.' })
  kind!: FoundCheck['kind'];

  @Field(() => String, { description: 'The name of the caregiver who tapped.' })
  caregiverName!: string;

  @Field(() => DateTimeScalar, { description: "The device's clock at the tap." })
  deviceAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the server got it.' })
  receivedAt!: Date;

  @Field(() => DateTimeScalar, {
    description: "The instant as which it counts: the device's, put right and bounded to the visit.",
  })
  countsAt!: Date;

  @Field(() => Boolean, { description: 'True when the device could not ask at the tap.' })
  offline!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: "Metres from the elder's door; null where one of the two places is not known.",
  })
  distanceMetres!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'What the device said of the accuracy of its position, in metres; null when it did not.',
  })
  accuracyMetres!: number | null;

  @Field(() => TagResultEnum, { description: 'What was read at the door.' })
  tag!: TagResult;

  @Field(() => [TapDoubtEnum], { description: 'Why it cannot be taken as it is; empty when it can.' })
  doubts!: TapDoubt[];
}

@ObjectType('EvidenceReason', { simpleResolvers: true, description: 'Something that was found in the taps.' })
export class EvidenceReasonType {
  @Field(() => EvidenceReasonEnum, { description: 'For programs.' })
  code!: EvidenceReason;

  @Field(() => String, { description: 'For people, in the language of accept-language.' })
  message!: string;
}

/** The visit, its taps and the note have resolvers of their own. */
@ObjectType('VisitEvidence', {
  simpleResolvers: true,
  description: 'What the taps of a visit are worth as evidence that it was brought.',
})
export class VisitEvidenceType {
  /** For the edges; not a field of the graph. */
  visitId!: number;

  @Field(() => Int, { description: '0 to 100: of two caregivers that of the one who showed less.' })
  score!: number;

  @Field(() => EvidenceDecisionEnum, { description: 'What the rules say.' })
  decision!: EvidenceDecision;

  @Field(() => [EvidenceReasonType], { description: 'Why, the gravest first; empty when all was well.' })
  reasons!: EvidenceReasonType[];

  @Field(() => Boolean, { description: 'True while somebody has to look and nobody has decided.' })
  open!: boolean;

  @Field(() => EvidenceVerdictEnum, {
    nullable: true,
    description: 'What somebody who looked decided; null while nobody has.',
  })
  decided!: EvidenceVerdict | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null while nobody has.' })
  decidedAt!: Date | null;

  @Field(() => Boolean, {
    description: 'Settlement pays the visit: the rules let it through, or somebody who looked did.',
  })
  paid!: boolean;
}

@ObjectType('VisitEvidencePage', { simpleResolvers: true, description: 'A page of evidence to look at.' })
export class VisitEvidencePageType {
  @Field(() => [VisitEvidenceType], { description: 'In the order of the visits’ ids.' })
  nodes!: VisitEvidenceType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

export const DecideEvidenceResultUnion = createUnionType({
  name: 'DecideEvidenceResult',
  description: 'The evidence with the decision, or why nothing changed.',
  types: () => [VisitEvidenceType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : VisitEvidenceType),
});

export function shownEvidence(evidence: KeptEvidence, language: Language): VisitEvidenceType {
  const { visitId, score, decision, decided, decidedAt, isOpen, isPaid } = evidence;
  const reasons = evidence.reasons.map((code) => ({ code, message: evidenceTexts[code][language] }));
  return { visitId, score, decision, reasons, open: isOpen, decided, decidedAt, paid: isPaid };
}
