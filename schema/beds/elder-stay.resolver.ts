import { FieldResolver, Resolver } from 'type-graphql';
import { ElderType } from '../elders/elder.type.js';
import { BedStayType } from './bed.type.js';

/** The edge from an elder to the bed the elder has today. */
@Resolver(() => ElderType)
export class ElderStayResolver {
  @FieldResolver(() => BedStayType, {
    nullable: true,
    description:
      'The stay the elder is in today; null without one. No bed is registered on the platform yet.',
  })
  stay(): null {
    // See nothingRegistered in schema/shared/not-in-service.ts: without beds, null is the truth.
    return null;
  }
}
