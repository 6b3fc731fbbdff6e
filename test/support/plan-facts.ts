import { instantOn } from '../../src/shared/china-time.js';
import type { FactCaregiver, FactVisit, PlanFacts } from '../../src/visits/plans/plan-facts.js';
import { fallbackSettings, weightsOf } from '../../src/visits/plans/planning-settings.rules.js';

/** The day that the rules of plans are asked about, a Wednesday, and the day before at noon. */
export const day = '2026-03-11';
export const at = (minute: number) => instantOn(day, minute);
export const yesterday = instantOn('2026-03-10', 720);

export const caregiver = (id: number, more: Partial<FactCaregiver> = {}): FactCaregiver => ({
  id,
  name: `护理员 ${id}`,
  stationId: 1,
  gender: 'FEMALE',
  roster: {
    activeFrom: '2020-01-01',
    activeUntil: null,
    hours: [{ weekday: 3, fromMinute: 480, toMinute: 1020, fromDay: '2020-01-01', toDay: null }],
    absences: [],
  },
  skills: [],
  ...more,
});

export const visit = (
  id: number,
  minute: number,
  caregiverIds: number[],
  more: Partial<FactVisit> = {},
): FactVisit => ({
  id,
  elderId: id,
  stationId: 1,
  status: caregiverIds.length > 0 ? 'ASSIGNED' : 'REQUESTED',
  version: 1,
  startsAt: at(minute),
  endsAt: at(minute + 60),
  service: {
    code: 'CLEANING',
    skill: null,
    caregivers: 1,
    preparationMinutes: 0,
    bufferMinutes: 5,
    genderRule: 'ANY',
    secondAfterMin: 0,
    secondAfterMax: 0,
  },
  promisedAt: at(minute),
  flexMinutes: 0,
  wishedCaregiverId: null,
  parts: caregiverIds.map((caregiverId) => ({ caregiverId, startsAt: at(minute), endsAt: at(minute + 60) })),
  ...more,
});

export const facts = (more: Partial<PlanFacts> = {}): PlanFacts => {
  const visits = more.visits ?? [];
  return {
    days: [day],
    span: { startsAt: at(0), endsAt: at(1440) },
    stations: [{ id: 1, position: null, travelMode: 'CYCLE' }],
    caregivers: [caregiver(1), caregiver(2)],
    visits,
    elders: new Map(
      visits.map(({ elderId }) => [
        elderId,
        { id: elderId, position: null, doorSetAt: null, gender: 'FEMALE' },
      ]),
    ),
    history: new Map(),
    stays: new Set(),
    settings: fallbackSettings,
    ...more,
  };
};

/** Every way takes ten minutes. */
export const ways = () => 600;
export const weights = weightsOf(fallbackSettings, false);
