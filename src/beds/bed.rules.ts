import type { BedType } from '../../entities/beds/bed.entity.js';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import { type Assessment, abilityLevelOn } from '../elders/ability.rules.js';
import { addDays, type Day } from '../shared/china-time.js';
import type { Text } from '../shared/text.js';
import type { BedRefusalCode } from './bed-refusals.js';

/** How far ahead a bed may be reserved, a leave or a discharge be planned, in days. */
export const daysAheadMax = 366;

/** Days of [from, to), of which an end of null is open. */
export interface DaySpan {
  from: Day;
  to: Day | null;
}

/** Touching spans share no day, and one without a day shares none with any. */
export function overlap(one: DaySpan, other: DaySpan): boolean {
  const isEmpty = ({ from, to }: DaySpan) => to !== null && to <= from;
  if (isEmpty(one) || isEmpty(other)) return false;
  return (one.to === null || other.from < one.to) && (other.to === null || one.from < other.to);
}

/** Days from one to the other, 0 when they are the same. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** On which terms a bed of a type is given; as in admission_rule. */
export interface AdmissionTerms {
  needsAssessment: boolean;
  levelMin: number;
  levelMax: number;
  contractBy: 'ADMISSION' | 'TRIAL_END';
  trialDays: number;
  holdDaysMax: number;
  homeLeaveDaysMax: number;
  hospitalLeaveDaysMax: number;
  homeLeavePercent: number;
  hospitalLeavePercent: number;
  entryDaysBackMax: number;
}

export type Gender = 'FEMALE' | 'MALE';

/** The sequence number within a resident ID number is odd for men (GB 11643-1999). */
export function genderOf(idNumber: string): Gender {
  return Number(idNumber.charAt(16)) % 2 === 1 ? 'MALE' : 'FEMALE';
}

export interface Candidate extends Assessment {
  /** Null when the file no longer tells. */
  gender: Gender | null;
}

export interface Unsuitable {
  code: BedRefusalCode;
  field: readonly string[];
  text?: Text;
}

const genderNames: Record<Gender, Text> = {
  FEMALE: { zh: '女', en: 'women' },
  MALE: { zh: '男', en: 'men' },
};

/** What speaks against an elder coming into a bed on a day, by its room, its type and the assessment. */
export function unsuitable(
  bed: { type: BedType; genderRule: RoomGender },
  elder: Candidate,
  on: Day,
  terms: AdmissionTerms,
  asksLevel = true,
): Unsuitable | undefined {
  if (bed.genderRule !== 'ANY' && bed.genderRule !== elder.gender) {
    const { zh, en } = genderNames[bed.genderRule];
    const text = { zh: `该房间只住${zh}性`, en: `Only ${en} live in this room` };
    return { code: 'BED_NOT_SUITABLE', field: ['bedId'], text };
  }
  if (!terms.needsAssessment || !asksLevel) return undefined;
  const level = abilityLevelOn(elder, on);
  if (level === null) return { code: 'NOT_ASSESSED', field: ['elderId'] };
  if (level < terms.levelMin || level > terms.levelMax) return { code: 'BED_NOT_SUITABLE', field: ['bedId'] };
  return undefined;
}

/** What is wrong with a day that is entered now; undefined when nothing is. */
export function dayFault(
  day: Day,
  { today, back, ahead = daysAheadMax }: { today: Day; back: number; ahead?: number },
): Text | undefined {
  const first = addDays(today, -back);
  const last = addDays(today, ahead);
  if (day >= first && day <= last) return undefined;
  return { zh: `须在 ${first} 至 ${last} 之间`, en: `must be within ${first} and ${last}` };
}

/** A hold as far as it says which days it keeps. */
export interface HoldSpan {
  fromDay: Day;
  expiresAt: Date;
  expiresOn: Day;
  endedOn: Day | null;
}

/** Which days a hold keeps, as known at `now`: all from its first on while it counts, then those before its end. */
export function heldDays({ fromDay, expiresAt, expiresOn, endedOn }: HoldSpan, now: Date): DaySpan {
  if (endedOn !== null) return { from: fromDay, to: endedOn };
  return { from: fromDay, to: expiresAt > now ? null : expiresOn };
}

const noteLengthMax = 200;

/** A note as it is kept, without spaces around it; null when nothing is said, undefined when it cannot be one. */
export function noteOf(text: string | null | undefined): string | null | undefined {
  const note = text?.trim() ?? '';
  if (note === '') return null;
  return [...note].length > noteLengthMax || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(note) ? undefined : note;
}
