import { DateTime, FixedOffsetZone } from 'luxon';

/** China Standard Time: UTC+8 all year, in the whole country. */
const chinaStandardTime = FixedOffsetZone.instance(8 * 60);

/** A calendar day in China Standard Time, YYYY-MM-DD. Days compare as strings. */
export type Day = string;

/** The calendar day on which `instant` falls. */
export function dayOf(instant: Date): Day {
  return DateTime.fromJSDate(instant, { zone: chinaStandardTime }).toFormat('yyyy-MM-dd');
}

/** Minutes since midnight, 0 to 1439. */
export function minuteOfDay(instant: Date): number {
  const local = DateTime.fromJSDate(instant, { zone: chinaStandardTime });
  return local.hour * 60 + local.minute;
}

/** The instant at which `day` is `minutes` old. */
export function instantOn(day: Day, minutes: number): Date {
  return DateTime.fromISO(day, { zone: chinaStandardTime }).plus({ minutes }).toJSDate();
}

export function addDays(day: Day, days: number): Day {
  return DateTime.fromISO(day, { zone: chinaStandardTime }).plus({ days }).toFormat('yyyy-MM-dd');
}

/** True for a day that exists in the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: chinaStandardTime }).isValid;
}

/** Completed years on `day`; somebody born on 29 February completes a year on 1 March of a common year. */
export function completedYears(birthDate: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
