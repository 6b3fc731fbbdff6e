import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { PlanOptions } from '../../src/visits/plans/plan-options.rules.js';
import { idOf } from '../shared/ids.js';

@InputType({
  description: 'How long all ways are, where neither a server of ways nor straight lines shall count.',
})
export class TravelMatrixInput {
  @Field(() => [ID], { description: 'The stations: the first rows and columns, in this order.' })
  stationIds!: string[];

  @Field(() => [ID], { description: 'The elders whose homes are the rows and columns behind them.' })
  elderIds!: string[];

  @Field(() => [[Float]], {
    nullable: 'items',
    description:
      'Minutes from the place of the row to the place of the column, 0 to 1440, none missing; 400 places at most.',
  })
  minutes!: ((number | null)[] | null)[];
}

@InputType({ description: 'How a plan is searched for.' })
export class PlanOptionsInput {
  @Field(() => [ID], {
    defaultValue: [],
    description: 'Further home-care stations that share their caregivers with the first, nine at most.',
  })
  withStationIds!: string[];

  @Field(() => Int, { defaultValue: 30, description: 'How long the search may take, 1 to 600 seconds.' })
  seconds!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Ends the search after so many moves, 1 to 100000000, so that it gives the same plan again.',
  })
  iterations?: number | null;

  @Field(() => Int, { defaultValue: 1, description: 'What chance starts from, 0 to 2147483647.' })
  seed!: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True where as little as possible shall change, such as when somebody fell ill.',
  })
  fewChanges!: boolean;

  @Field(() => TravelMatrixInput, {
    nullable: true,
    description: 'Ways of the caller’s own, by which the plan is checked too.',
  })
  travelMatrix?: TravelMatrixInput | null;
}

/** Nobody's id. */
const nobody = 0;
const idsOf = (texts: readonly string[]) => texts.map((text) => idOf(text) ?? nobody);

export function planOptionsOf(input: PlanOptionsInput | null | undefined): PlanOptions {
  const { seconds = 30, iterations = null, seed = 1, fewChanges = false, travelMatrix } = input ?? {};
  const matrix = travelMatrix
    ? {
        stationIds: idsOf(travelMatrix.stationIds),
        elderIds: idsOf(travelMatrix.elderIds),
        minutes: travelMatrix.minutes,
      }
    : null;
  return { seconds, iterations, seed, fewChanges, matrix };
}

export function stationsOf(stationId: string, input: PlanOptionsInput | null | undefined): number[] {
  return idsOf([stationId, ...(input?.withStationIds ?? [])]);
}
