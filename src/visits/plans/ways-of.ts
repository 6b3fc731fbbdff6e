import type { TravelMode } from '../../../entities/visits/home-station.entity.js';
import type { TravelTimes } from '../travel.js';
import { elderPlace, type PlanFacts, stationPlace, type Ways } from './plan-facts.js';

/**
 * All ways between the places of some facts, by each way of travelling that their stations have. The answer may come
 * over a network, so nobody asks within a transaction.
 */
export async function waysOf(
  travel: TravelTimes,
  facts: Pick<PlanFacts, 'stations' | 'elders'>,
): Promise<Ways> {
  const places = [
    ...facts.stations.map(({ id, position }) => ({ name: stationPlace(id), position })),
    ...[...facts.elders.values()].map(({ id, position }) => ({ name: elderPlace(id), position })),
  ];
  const positions = places.map(({ position }) => position);
  const indices = new Map(places.map(({ name }, index) => [name, index]));
  const seconds = new Map<TravelMode, number[][]>();
  for (const { travelMode } of facts.stations) {
    if (!seconds.has(travelMode))
      seconds.set(travelMode, await travel.seconds(travelMode, positions, positions));
  }
  return (mode, from, to) => {
    const way = seconds.get(mode)?.[indices.get(from) ?? -1]?.[indices.get(to) ?? -1];
    if (way === undefined) throw new Error(`nobody asked for the way from ${from} to ${to}`);
    return from === to ? 0 : way;
  };
}
