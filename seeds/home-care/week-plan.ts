import { type Day, instantOn } from '../../src/shared/china-time.js';
import { bitsOf, drawOf } from '../deterministic.js';
import { homeServices } from '../reference/home-services/home-services.js';
import type { Crew } from './staff-stations.js';

/** A visit of the city, before it has an id. */
export interface CityVisit {
  requestId: string;
  elderId: number;
  stationId: number;
  caregiverId: number;
  serviceCode: string;
  fen: number;
  minutes: number;
  startsAt: Date;
  endsAt: Date;
  fate: Fate;
}

/** What became of it when its day is over: brought and proved, brought and to be looked at, or called off in time. */
export type Fate = 'PROVED' | 'DOUBTFUL' | 'CALLED_OFF';

/** Mornings and afternoons, far enough apart for any way within the station's area. */
const startMinutes = [9 * 60, 14 * 60, 11 * 60];
const withoutSkill = homeServices.filter(
  ({ caregivers, minutes, skill, group }) =>
    caregivers === 1 && minutes <= 60 && skill === null && (group === 'DAILY_CARE' || group === 'VISITING'),
);
const serviceBits = bitsOf('service of the week');
const drawFate = drawOf('fate of a visit');

/** The visits of a working day: every elder once a week, always on the same weekday and by the same caregiver. */
export function visitsOfDay(day: Day, crews: readonly Crew[]): CityVisit[] {
  const date = Date.parse(day) / 86_400_000;
  // The first of January 1970 was a Thursday.
  const weekday = (date + 3) % 7;
  if (weekday > 4) return [];
  return crews.flatMap(({ caregiverId, stationId, clients }) =>
    clients.flatMap((elderId, place): CityVisit[] => {
      const minute = startMinutes[Math.floor(place / 5)];
      if (place % 5 !== weekday || minute === undefined) return [];
      const index = elderId * 64 + (Math.floor(date / 7) % 64);
      const service = withoutSkill[serviceBits(index) % withoutSkill.length];
      if (!service) return [];
      return [
        {
          requestId: requestIdOf(elderId, date),
          elderId,
          stationId,
          caregiverId,
          serviceCode: service.code,
          fen: service.fen,
          minutes: service.minutes,
          startsAt: instantOn(day, minute),
          endsAt: instantOn(day, minute + service.minutes),
          fate: fateOf(drawFate(index)),
        },
      ];
    }),
  );
}

function fateOf(draw: number): Fate {
  if (draw < 0.03) return 'CALLED_OFF';
  return draw < 0.07 ? 'DOUBTFUL' : 'PROVED';
}

/** A UUID in form, which no other elder and day have. */
function requestIdOf(elderId: number, date: number): string {
  const hexadecimal = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hexadecimal(elderId, 8)}-${hexadecimal(date % 65_536, 4)}-4000-8000-5ee200000000`;
}
