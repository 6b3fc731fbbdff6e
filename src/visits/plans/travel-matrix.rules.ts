import { elderPlace, stationPlace, type Ways } from './plan-facts.js';
import { type PlanRefusal, refusePlan, wordsOf } from './plan-refusals.js';

/** Ways that a caller brings along: minutes from each place to each, stations first and then homes of elders. */
export interface GivenMatrix {
  stationIds: readonly number[];
  elderIds: readonly number[];
  minutes: readonly (readonly (number | null)[] | null)[];
}

/** A body that is larger would not arrive; a way that is longer leads out of the city and back. */
export const matrixPlacesMax = 400;
const minutesMax = 1440;

const path = ['options', 'travelMatrix'];

/** What is wrong with a matrix as such: undefined when it is square, whole, and nowhere negative. */
export function matrixFault({ stationIds, elderIds, minutes }: GivenMatrix): PlanRefusal | undefined {
  const places = placesIn({ stationIds, elderIds });
  if (new Set(places).size !== places.length || places.length > matrixPlacesMax) {
    const text = wordsOf('MATRIX_INVALID', {
      zh: `至多 ${matrixPlacesMax} 个不重复的地点`,
      en: `at most ${matrixPlacesMax} places, each once`,
    });
    return refusePlan(
      'MATRIX_INVALID',
      [...path, stationIds.length > elderIds.length ? 'stationIds' : 'elderIds'],
      { text },
    );
  }
  if (minutes.length !== places.length) {
    const text = wordsOf('MATRIX_INVALID', {
      zh: `须有 ${places.length} 行`,
      en: `it needs ${places.length} rows`,
    });
    return refusePlan('MATRIX_INVALID', [...path, 'minutes'], { text });
  }
  for (const [row, given] of minutes.entries()) {
    const cells = given ?? [];
    for (let column = 0; column < Math.max(places.length, cells.length); column++) {
      const cell = cells[column];
      const isGood = typeof cell === 'number' && cell >= 0 && cell <= minutesMax;
      if (!isGood || column >= places.length) {
        return refusePlan('MATRIX_INVALID', [...path, 'minutes', String(row), String(column)]);
      }
    }
  }
  return undefined;
}

function placesIn({ stationIds, elderIds }: Pick<GivenMatrix, 'stationIds' | 'elderIds'>): string[] {
  return [...stationIds.map(stationPlace), ...elderIds.map(elderPlace)];
}

/** The first place that the matrix does not know. */
export function missingPlace(matrix: GivenMatrix, places: readonly string[]): string | undefined {
  const known = new Set(placesIn(matrix));
  return places.find((place) => !known.has(place));
}

/** The ways of a matrix that was found to be good, the same for everybody however they travel. */
export function waysOfMatrix(matrix: GivenMatrix): Ways {
  const indices = new Map(placesIn(matrix).map((place, index) => [place, index]));
  return (_mode, from, to) => {
    const minutes = matrix.minutes[indices.get(from) ?? -1]?.[indices.get(to) ?? -1];
    if (typeof minutes !== 'number') throw new Error(`the matrix knows no way from ${from} to ${to}`);
    return Math.ceil(minutes * 60);
  };
}
