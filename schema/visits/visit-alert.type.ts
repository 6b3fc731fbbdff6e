import { createUnionType, Field, Float, ID, ObjectType } from 'type-graphql';
import type { CareAlertOutcome } from '../../entities/visits/care-alert.entity.js';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import type {
  VisitAlertKind,
  VisitAlertLevel,
  VisitAlertOutcome,
} from '../../entities/visits/visit-alert.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { type Direction, DirectionEnum, MeasurementKindEnum } from './care-record.type.js';
import { CareRefusalType } from './care-refusal.type.js';

export const VisitAlertKindEnum = enumeration<VisitAlertKind>(
  'VisitAlertKind',
  'What is wrong with a visit.',
  {
    NOT_BEGUN: 'Nobody has checked in.',
    NOT_ENDED: 'Somebody has checked in and not out, long after its end.',
  },
);

export const VisitAlertLevelEnum = enumeration<VisitAlertLevel>('VisitAlertLevel', 'Who is told.', {
  STATION: 'The station.',
  STREET: 'The street centre above it, because nobody began the visit for long.',
});

export const VisitAlertOutcomeEnum = enumeration<VisitAlertOutcome>(
  'VisitAlertOutcome',
  'How an alert about a visit ended.',
  {
    ELDER_WELL: 'Somebody looked in or rang: the elder is well.',
    ELDER_HELPED: 'The elder needed help, and got it.',
    EMERGENCY: 'An ambulance or the police was called.',
    ELDER_AWAY: 'The elder is elsewhere, and well.',
    CAREGIVER_LATE: 'The caregiver comes, later.',
    CALLED_OFF: 'The visit was called off, and nobody had entered that.',
    OTHER: 'What the note says.',
    WENT_ON: "The server's own: the visit was begun or ended after all.",
  },
);

export const CareAlertOutcomeEnum = enumeration<CareAlertOutcome>(
  'CareAlertOutcome',
  'How an alert about a measurement ended.',
  {
    WATCHED: 'It is watched.',
    FAMILY_TOLD: 'The family was told.',
    DOCTOR_SEEN: 'A doctor has seen the elder.',
    AMBULANCE: 'An ambulance was called.',
    MISMEASURED: 'It was measured again, and was wrong.',
    OTHER: 'What the note says.',
  },
);

/** Whom it tells and the visit have resolvers of their own. */
@ObjectType('VisitAlert', {
  simpleResolvers: true,
  description: 'Somebody is told that a visit did not begin, or did not end.',
})
export class VisitAlertType {
  @Field(() => ID, { description: 'Never given to another.' })
  id!: number;

  /** For the edges; not fields of the graph. */
  visitId!: number;
  facilityId!: number;

  @Field(() => VisitAlertKindEnum, { description: 'What is wrong.' })
  kind!: VisitAlertKind;

  @Field(() => VisitAlertLevelEnum, { description: 'Who is told.' })
  level!: VisitAlertLevel;

  @Field(() => Boolean, {
    description: 'True when the elder lives alone, and may be lying on the floor: these come first.',
  })
  livesAlone!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was raised.' })
  raisedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When somebody saw it; null while nobody has.',
  })
  acknowledgedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who saw it; null while nobody has.' })
  acknowledgedByName!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed; null while it is open.' })
  closedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who closed it; null also when the server did.' })
  closedByName!: string | null;

  @Field(() => VisitAlertOutcomeEnum, { nullable: true, description: 'How it ended; null while it is open.' })
  outcome!: VisitAlertOutcome | null;

  @Field(() => String, { nullable: true, description: 'What was found; null when nothing was written.' })
  note!: string | null;
}

/** The visit has a resolver of its own. */
@ObjectType('CareAlert', { simpleResolvers: true, description: 'A measurement that lies beyond its limits.' })
export class CareAlertType {
  @Field(() => ID, { description: 'Never given to another.' })
  id!: number;

  /** For the edge; not a field of the graph. */
  visitId!: number;

  @Field(() => MeasurementKindEnum, { description: 'What was measured.' })
  kind!: MeasurementKind;

  @Field(() => Float, { description: 'In the unit of the kind.' })
  value!: number;

  @Field(() => String, { description: 'The unit, such as mmol/L.' })
  unit!: string;

  @Field(() => DirectionEnum, { description: 'Beyond which limit.' })
  direction!: Direction;

  @Field(() => DateTimeScalar, { description: 'When it was raised.' })
  raisedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When somebody saw it; null while nobody has.',
  })
  acknowledgedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who saw it; null while nobody has.' })
  acknowledgedByName!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed; null while it is open.' })
  closedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who closed it; null while it is open.' })
  closedByName!: string | null;

  @Field(() => CareAlertOutcomeEnum, { nullable: true, description: 'How it ended; null while it is open.' })
  outcome!: CareAlertOutcome | null;

  @Field(() => String, { nullable: true, description: 'What was done; null when nothing was written.' })
  note!: string | null;
}

@ObjectType('AlertAnswered', {
  simpleResolvers: true,
  description: 'An alert that somebody has seen or closed.',
})
export class AlertAnsweredType {
  @Field(() => ID, { description: 'Which alert.' })
  id!: number;

  @Field(() => Boolean, { description: 'True when it is closed now; false when it was acknowledged.' })
  isClosed!: boolean;
}

export const AlertAnswerResultUnion = createUnionType({
  name: 'AlertAnswerResult',
  description: 'The alert, or why nothing changed.',
  types: () => [AlertAnsweredType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : AlertAnsweredType),
});
