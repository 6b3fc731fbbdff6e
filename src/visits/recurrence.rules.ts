import rrule from 'rrule';

import { isDay } from '../shared/china-time.js';
import { occurrencesMax } from './visit-terms.rules.js';

const { RRule } = rrule;

/** China Standard Time is UTC+8 all year, so that a rule on the wall clock is one on UTC, eight hours off. */
const offsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** As the column of a series holds it. */
const lengthMax = 400;

/** No rule reaches further: what is never to come true must come to an end. */
const daysMax = 366;

/**
 * What a rule may say. Each has at most one occurrence a day by what it can say at all: rules by the hour, the minute,
 * the second, the place in a set or the week of a year are no appointments, and could be endless work.
 */
const parts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY)$/,
  INTERVAL: /^[1-9]\d?$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)){0,6}$/,
  BYMONTHDAY: /^-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01])){0,30}$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/**
 * The starts of a rule of recurrence (RFC 5545 RRULE), in order, the first of them `startsAt`. Undefined for a rule that
 * says more than an appointment needs, that has no end, no occurrence, or too many, or whose first is another one.
 */
export function occurrencesOf(text: string, startsAt: Date): Date[] | undefined {
  const said = partsOf(text);
  if (!said) return undefined;
  // Rules count in whole seconds.
  const restMs = startsAt.getTime() % 1000;
  const localMs = startsAt.getTime() - restMs + offsetMs;
  const limitMs = localMs + daysMax * dayMs;
  const untilMs = said.UNTIL === undefined ? undefined : localEnd(said.UNTIL);
  if (untilMs !== undefined && !(untilMs >= localMs)) return undefined;
  const rule = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'WKST']
    .flatMap((name) => (said[name] === undefined ? [] : `${name}=${said[name]}`))
    .join(';');
  const wanted = said.COUNT === undefined ? occurrencesMax + 1 : Number(said.COUNT);
  if (wanted > occurrencesMax + 1) return undefined;
  const starts: Date[] = [];
  const options = { ...RRule.parseString(rule), dtstart: new Date(localMs) };
  const endMs = Math.min(untilMs ?? limitMs, limitMs);
  new RRule({ ...options, until: new Date(endMs) }).all((local) => {
    starts.push(new Date(local.getTime() - offsetMs));
    return starts.length < wanted;
  });
  const isWhole = said.COUNT === undefined ? (untilMs ?? limitMs) <= limitMs : starts.length === wanted;
  const isInBounds = starts.length >= 1 && starts.length <= occurrencesMax;
  const isFirst = starts[0]?.getTime() === startsAt.getTime() - restMs;
  if (!isWhole || !isInBounds || !isFirst) return undefined;
  return starts.map((start) => new Date(start.getTime() + restMs));
}

/** Undefined unless each part is known, said once and well, and exactly one says when the rule ends. */
function partsOf(text: string): Partial<Record<string, string>> | undefined {
  const rule = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '');
  if (rule.length > lengthMax) return undefined;
  const said: Partial<Record<string, string>> = {};
  for (const part of rule.split(';')) {
    const [name = '', value = '', ...more] = part.split('=');
    const form = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (!form?.test(value) || more.length > 0 || said[name] !== undefined) return undefined;
    said[name] = value;
  }
  const hasPlaces = /\d/.test(said.BYDAY ?? '');
  if (said.FREQ === undefined || (hasPlaces && said.FREQ !== 'MONTHLY')) return undefined;
  return (said.COUNT === undefined) === (said.UNTIL === undefined) ? undefined : said;
}

/** The last instant of UNTIL on the wall clock; a day ends with its last second. NaN for what is none. */
function localEnd(until: string): number {
  const [, year, month, day, hour = '23', minute = '59', second = '59', zone] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(until) ?? [];
  // What reads dates takes the 31st of April for the 1st of May.
  if (!isDay(`${year}-${month}-${day}`)) return Number.NaN;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return zone === undefined ? ms : ms + offsetMs;
}
