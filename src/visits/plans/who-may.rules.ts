import { addDays, type Day, dayOf } from '../../shared/china-time.js';
import type { NobodyReason } from '../planning/problem.js';
import { workingSpans } from '../roster.rules.js';
import type { Span } from '../window.rules.js';
import type { FactCaregiver, FactElder, FactVisit } from './plan-facts.js';

/** True when a certificate of the caregiver counts on the day. */
export function hasSkill({ skills }: FactCaregiver, skill: string | null, day: Day): boolean {
  if (skill === null) return true;
  return skills.some((own) => own.skill === skill && (own.expiresOn === null || own.expiresOn > day));
}

/** True when the rule of the service lets the caregiver in; where the elder's gender is not known, SAME lets nobody. */
export function suitsGender(
  caregiver: FactCaregiver,
  visit: FactVisit,
  elder: FactElder | undefined,
): boolean {
  return visit.service.genderRule === 'ANY' || caregiver.gender === elder?.gender;
}

/** The span of work within which the caregiver does something, if the roster has one. */
export function spanAround(caregiver: FactCaregiver, { startsAt, endsAt }: Span): Span | undefined {
  const first = dayOf(startsAt);
  const spans = workingSpans(first, caregiver.roster);
  // What reaches over midnight is worked only where the hours of both days touch there.
  const later = dayOf(new Date(endsAt.getTime() - 1));
  const all = later === first ? spans : touching(spans, workingSpans(addDays(first, 1), caregiver.roster));
  return all.find((span) => span.startsAt <= startsAt && endsAt <= span.endsAt);
}

function touching(today: readonly Span[], tomorrow: readonly Span[]): Span[] {
  const last = today.at(-1);
  const next = tomorrow[0];
  if (!last || !next || last.endsAt < next.startsAt) return [...today, ...tomorrow];
  return [...today.slice(0, -1), { startsAt: last.startsAt, endsAt: next.endsAt }, ...tomorrow.slice(1)];
}

/** Who may bring one part of a visit, or why nobody may. */
export interface WhoMay {
  caregivers: readonly FactCaregiver[];
  nobodyBecause: NobodyReason;
}

/** @param named whom alone the family lets in, for the part that is theirs: who was asked for by name, or stands in */
export function whoMayBring(
  visit: FactVisit,
  elder: FactElder | undefined,
  caregivers: readonly FactCaregiver[],
  named: readonly number[] | null,
): WhoMay {
  const day = dayOf(visit.promisedAt);
  const { skill } = visit.service;
  const nobody = (nobodyBecause: NobodyReason): WhoMay => ({ caregivers: [], nobodyBecause });
  const able = caregivers.filter((caregiver) => hasSkill(caregiver, skill, day));
  if (able.length === 0) {
    const expired = caregivers.some(({ skills }) => skills.some((own) => own.skill === skill));
    return nobody(expired ? 'CERTIFICATE_EXPIRED' : 'NO_SKILL');
  }
  const suited = able.filter((caregiver) => suitsGender(caregiver, visit, elder));
  if (suited.length === 0) return nobody('GENDER_RULE');
  if (named === null) return { caregivers: suited, nobodyBecause: 'NO_SKILL' };
  const asked = suited.filter(({ id, roster }) => named.includes(id) && workingSpans(day, roster).length > 0);
  return { caregivers: asked, nobodyBecause: 'NAMED_CAREGIVER_ABSENT' };
}

/** From 0 for the usual caregiver to 1 for one whom the elder has not seen of late. */
export function strangenessOf(times: ReadonlyMap<number, number> | undefined, caregiverId: number): number {
  const most = Math.max(0, ...(times?.values() ?? []));
  return most === 0 ? 1 : 1 - (times?.get(caregiverId) ?? 0) / most;
}
