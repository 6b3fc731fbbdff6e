import type { Gender } from '../../../entities/visits/caregiver.entity.js';
import type { GenderRule } from '../../../entities/visits/home-service.entity.js';
import type { TravelMode } from '../../../entities/visits/home-station.entity.js';
import type { VisitStatus } from '../../../entities/visits/visit.entity.js';
import type { Position } from '../../elders/elder-door.js';
import type { Day } from '../../shared/china-time.js';
import type { Roster } from '../roster.rules.js';
import type { Span } from '../window.rules.js';
import type { PlanningSettings } from './planning-settings.rules.js';

/** Everything that a plan of some days of some stations depends on, as it stood when it was read. */
export interface PlanFacts {
  /** Whole days in a row. */
  days: readonly Day[];
  span: Span;
  stations: readonly FactStation[];
  caregivers: readonly FactCaregiver[];
  visits: readonly FactVisit[];
  elders: ReadonlyMap<number, FactElder>;
  /** How often each caregiver was with each elder of late, by elder and then by caregiver. */
  history: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Who lives in an institution on which of the days, and of the day after them, as `stayKey`. */
  stays: ReadonlySet<string>;
  settings: PlanningSettings;
}

export interface FactStation {
  id: number;
  /** Null where nobody has said where it is. */
  position: Position | null;
  travelMode: TravelMode;
}

export interface FactCaregiver {
  id: number;
  name: string;
  stationId: number;
  gender: Gender;
  roster: Roster;
  skills: readonly { skill: string; expiresOn: Day | null }[];
}

export interface FactElder {
  id: number;
  /** Null where the door is not known. */
  position: Position | null;
  /** When the door was told last, in milliseconds: another one is another place. */
  doorSetAt: number | null;
  /** Null where the file holds no ID number any more. */
  gender: Gender | null;
}

export interface FactPart extends Span {
  caregiverId: number;
}

export interface FactVisit extends Span {
  id: number;
  elderId: number;
  stationId: number;
  status: VisitStatus;
  version: number;
  service: FactService;
  promisedAt: Date;
  flexMinutes: number;
  wishedCaregiverId: number | null;
  /** Whoever comes first at the head. */
  parts: readonly FactPart[];
}

export interface FactService {
  code: string;
  skill: string | null;
  caregivers: number;
  preparationMinutes: number;
  bufferMinutes: number;
  genderRule: GenderRule;
  /** When the second caregiver comes, in minutes after the first. */
  secondAfterMin: number;
  secondAfterMax: number;
}

/** A place where ways begin and end: a station, or the home of an elder. */
export const stationPlace = (id: number) => `station ${id}`;
export const elderPlace = (id: number) => `elder ${id}`;

/** Seconds from one place to another by one way of travelling. */
export type Ways = (mode: TravelMode, from: string, to: string) => number;
