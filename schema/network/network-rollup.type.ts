import { Field, Int, ObjectType } from 'type-graphql';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { FacilityKindEnum } from './facility-kind.type.js';

@ObjectType('KindCount', { simpleResolvers: true, description: 'How many facilities there are of one kind.' })
export class KindCountType {
  @Field(() => FacilityKindEnum, { description: 'The kind counted.' })
  kind!: FacilityKind;

  @Field(() => Int, { description: 'Facilities of that kind, 1 or more.' })
  count!: number;
}

/** Whose totals, on which day; each field is counted when it is asked for. */
@ObjectType('NetworkRollup', {
  simpleResolvers: true,
  description:
    'Totals over a facility and everything that stood beneath it on one day. A later move does not change them.',
})
export class NetworkRollupType {
  facilityId!: number;
  on!: string;
}
