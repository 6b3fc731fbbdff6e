import { createHash } from 'node:crypto';
import type { FactCaregiver, FactElder, FactStation, FactVisit } from './plan-facts.js';

/** What a plan depends on of a caregiver, as a text that changes with any of it. */
export function caregiverFingerprint(caregiver: FactCaregiver, station: FactStation | undefined): string {
  const { stationId, gender, roster, skills } = caregiver;
  const { activeFrom, activeUntil, hours, absences } = roster;
  return hashOf([
    stationId,
    station?.position ?? null,
    station?.travelMode ?? null,
    gender,
    activeFrom,
    activeUntil,
    hours.map((row) => [row.weekday, row.fromMinute, row.toMinute, row.fromDay, row.toDay].join(' ')).sort(),
    absences.map(({ startsAt, endsAt }) => `${startsAt.getTime()} ${endsAt.getTime()}`).sort(),
    skills.map(({ skill, expiresOn }) => `${skill} ${expiresOn}`).sort(),
  ]);
}

/**
 * What a plan depends on of a visit. Of its status only whether it still takes time: that a visit begins as planned
 * makes no plan wrong.
 */
export function visitFingerprint(visit: FactVisit, elder: FactElder | undefined): string {
  const { startsAt, endsAt, status, promisedAt, flexMinutes, wishedCaregiverId, parts } = visit;
  return hashOf([
    startsAt.getTime(),
    endsAt.getTime(),
    status === 'CANCELLED',
    promisedAt.getTime(),
    flexMinutes,
    wishedCaregiverId,
    elder?.doorSetAt ?? null,
    elder?.gender ?? null,
    parts.map((part) => `${part.caregiverId} ${part.startsAt.getTime()} ${part.endsAt.getTime()}`).sort(),
  ]);
}

function hashOf(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
