import type { Position } from '../../src/elders/elder-door.js';
import { drawOf } from '../deterministic.js';

/** Where the county towns lie, to a hundredth of a degree or two: enough for ways to be of believable lengths. */
const countyTowns: Readonly<Record<string, readonly [latitude: number, longitude: number]>> = {
  '411302': [33.0, 112.54],
  '411303': [32.99, 112.52],
  '411321': [33.49, 112.43],
  '411322': [33.25, 113.01],
  '411323': [33.31, 111.47],
  '411324': [33.03, 112.23],
  '411325': [33.04, 111.84],
  '411326': [33.14, 111.49],
  '411327': [33.05, 112.95],
  '411328': [32.69, 112.81],
  '411329': [32.52, 112.36],
  '411330': [32.38, 113.43],
  '411371': [33.02, 112.5],
  '411372': [32.97, 112.6],
  '411373': [32.85, 112.7],
  '411381': [32.69, 112.09],
};

const northOf = drawOf('north of the place');
const eastOf = drawOf('east of the place');

/** Within seven kilometres or so of its county's town; `index` is that of the station in the network. */
export function stationPlace(divisionCode: string, index: number): Position {
  const [latitude, longitude] = countyTowns[divisionCode.slice(0, 6)] ?? [33.0, 112.53];
  return scattered(latitude * 1e6, longitude * 1e6, { spread: 130_000, index });
}

/** Within a kilometre and a half or so of the elder's station. */
export function doorPlace(station: Position, elderId: number): Position {
  return scattered(station.latitudeMicro, station.longitudeMicro, { spread: 26_000, index: elderId });
}

function scattered(
  latitudeMicro: number,
  longitudeMicro: number,
  { spread, index }: { spread: number; index: number },
): Position {
  return {
    latitudeMicro: Math.round(latitudeMicro + (northOf(index) - 0.5) * spread),
    longitudeMicro: Math.round(longitudeMicro + (eastOf(index) - 0.5) * spread),
  };
}
