import { choiceOf } from '../deterministic.js';
import { type DemoElder, demoElder } from '../elders/demo-elder.js';

/** How a visit of the played day goes. */
export type VisitStory = 'ON_TIME' | 'LATE' | 'OFFLINE' | 'SHORT' | 'NO_SHOW' | 'CALLED_OFF';

/** How many visits are booked at the demonstration station, each with a story of its own, by turns. */
export const visitsWanted = 10;

const stories: readonly VisitStory[] = [
  'ON_TIME',
  'LATE',
  'OFFLINE',
  'CALLED_OFF',
  'ON_TIME',
  'NO_SHOW',
  'ON_TIME',
  'SHORT',
  'OFFLINE',
  'LATE',
];

export function visitStoryOf(place: number): VisitStory {
  return stories[place % stories.length] as VisitStory;
}

const services = choiceOf('service of the played day', [
  ['MEAL-HELP', 3],
  ['WALKING', 1],
]);

export function serviceOf(elder: number): string {
  return services(elder);
}

/** In which state each story ends. */
export const visitEnds: Readonly<Record<VisitStory, string>> = {
  ON_TIME: 'COMPLETED',
  LATE: 'COMPLETED',
  OFFLINE: 'COMPLETED',
  SHORT: 'COMPLETED',
  NO_SHOW: 'NO_SHOW',
  CALLED_OFF: 'CANCELLED',
};

/** Minutes after the start and before the end at which the caregiver taps; undefined for who never comes. */
export function tapMinutes(story: VisitStory): { in: number; out: number } | undefined {
  if (story === 'NO_SHOW' || story === 'CALLED_OFF') return undefined;
  if (story === 'LATE') return { in: 9, out: 0 };
  // Gone after little more than half of the time: somebody has to look before it is paid.
  return story === 'SHORT' ? { in: 2, out: 28 } : { in: 3, out: 2 };
}

/** Elders of a station, in the order of their numbers; `shift` lets each day begin with others. */
export function eldersOfStation(stationCode: string, elders: number, shift: number): number[] {
  const own: number[] = [];
  for (let index = 0; index < elders; index += 1) {
    const elder: DemoElder = demoElder(index);
    if (elder.homeStationCode === stationCode) own.push(index);
  }
  const start = own.length === 0 ? 0 : (shift * visitsWanted) % own.length;
  return [...own.slice(start), ...own.slice(0, start)];
}
