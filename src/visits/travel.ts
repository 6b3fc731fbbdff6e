import type { TravelMode } from '../../entities/visits/home-station.entity.js';
import type { Position } from '../elders/elder-door.js';
import { waySeconds } from './travel.rules.js';

/** How long ways take. Whoever asks for them may be in no transaction: the answer may come over a network. */
export interface TravelTimes {
  /**
   * Seconds from each place to each place, a row for each `from`; null is a place that is not known. Whole numbers,
   * never below 0.
   */
  seconds(
    mode: TravelMode,
    from: readonly (Position | null)[],
    to: readonly (Position | null)[],
  ): Promise<number[][]>;
}

/**
 * Of two answers the longer one, way by way. Bookings count straight lines, for they can ask no network under their
 * locks; whoever plans by roads takes the longer of both, and so plans nothing that could not have been booked.
 */
export function longerOf(one: TravelTimes, other: TravelTimes): TravelTimes {
  return {
    async seconds(mode, from, to) {
      const [first, second] = [await one.seconds(mode, from, to), await other.seconds(mode, from, to)];
      return first.map((row, index) =>
        row.map((seconds, column) => Math.max(seconds, second[index]?.[column] ?? 0)),
      );
    },
  };
}

/** By the straight line, the speed of the mode and a detour; what counts where nothing better is set. */
export const straightLines: TravelTimes = {
  seconds: async (mode, from, to) => from.map((start) => to.map((end) => waySeconds(mode, start, end))),
};
