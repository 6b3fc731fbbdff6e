/**
 * China Standard Time: UTC+8 all year, in the whole country. A fixed offset needs no calendar of zones, and
 * every swipe asks for its day several times, so this is plain arithmetic on the UTC calendar of Date.
 */
const offsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** A calendar day in China Standard Time, YYYY-MM-DD. Days compare as strings. */
export type Day = string;

/** The calendar day on which `instant` falls. */
export function dayOf(instant: Date): Day {
  const dayNumber = Math.floor((instant.getTime() + offsetMs) / dayMs);
  // A canteen asks for the same day a thousand times in a row.
  if (dayNumber !== lastDay.number) lastDay = { number: dayNumber, day: utcDay(dayNumber * dayMs) };
  return lastDay.day;
}

let lastDay = { number: 0, day: '1970-01-01' };

/** Minutes since midnight, 0 to 1439. */
export function minuteOfDay(instant: Date): number {
  const sinceMidnightMs = (((instant.getTime() + offsetMs) % dayMs) + dayMs) % dayMs;
  return Math.floor(sinceMidnightMs / 60_000);
}

/** The instant at which `day` is `minutes` old. */
export function instantOn(day: Day, minutes: number): Date {
  return new Date(Date.parse(day) - offsetMs + minutes * 60_000);
}

export function addDays(day: Day, days: number): Day {
  return utcDay(Date.parse(day) + days * dayMs);
}

/** The days of [fromDay, toDay). */
export function daysOver(fromDay: Day, toDay: Day): Day[] {
  const days: Day[] = [];
  for (let day = fromDay; day < toDay; day = addDays(day, 1)) days.push(day);
  return days;
}

/** 1 for Monday to 7 for Sunday (ISO 8601). */
export function weekdayOf(day: Day): number {
  return ((new Date(day).getUTCDay() + 6) % 7) + 1;
}

/** True for a day that exists in the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // The parser takes 30 February for 2 March, so only the day of the month that comes back was one. It is
  // asked of every swipe, and writing the whole day out again would cost more than all else here.
  return new Date(text).getUTCDate() === Number(text.slice(8));
}

/** Completed years on `day`; somebody born on 29 February completes a year on 1 March of a common year. */
export function completedYears(birthDate: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

function utcDay(ms: number): Day {
  const text = new Date(ms).toISOString();
  return text.slice(0, text.indexOf('T'));
}
