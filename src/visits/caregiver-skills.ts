import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { type Day, isDay } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { type CaregiverFile, lockCaregiver } from './caregiver-file.js';
import { type CaregiverRefusal, refuseCaregiver } from './caregiver-refusals.js';
import { isDayAhead } from './days-ahead.rules.js';

export interface SkillToKeep {
  caregiverId: number;
  /** As services ask for it. */
  skill: string;
  /** The first day on which the certificate no longer counts; null for one without an end. */
  expiresOn: Day | null;
}

/** Keeps a skill that a caregiver has proven; of one that is there the certificate is renewed, or its end corrected. */
export async function keepSkill(
  manager: EntityManager,
  { caregiverId, skill, expiresOn }: SkillToKeep,
  scope: Scope,
  today: Day,
): Promise<CaregiverFile | CaregiverRefusal> {
  const file = await lockCaregiver(manager, caregiverId, scope, today);
  if (isRefusal(file)) return file;
  if (!/^[A-Z0-9-]{1,24}$/.test(skill)) return refuseCaregiver('SKILL_INVALID', ['skill']);
  if (expiresOn !== null && !(isDay(expiresOn) && isLaterDay(expiresOn, today))) {
    return refuseCaregiver('DATE_OUT_OF_RANGE', ['expiresOn']);
  }
  await manager.query('DELETE FROM caregiver_skill WHERE caregiverId = ? AND skill = ?', [
    caregiverId,
    skill,
  ]);
  await insertRows(
    manager,
    'caregiver_skill',
    ['caregiverId', 'skill', 'expiresOn'],
    [[caregiverId, skill, expiresOn]],
  );
  return file;
}

/** Takes a skill away, such as when a certificate was withdrawn; when it was is in the audit log. */
export async function withdrawSkill(
  manager: EntityManager,
  { caregiverId, skill }: Omit<SkillToKeep, 'expiresOn'>,
  scope: Scope,
  today: Day,
): Promise<CaregiverFile | CaregiverRefusal> {
  const file = await lockCaregiver(manager, caregiverId, scope, today);
  if (isRefusal(file)) return file;
  const held = (await certificatesOf(manager, [caregiverId])).get(caregiverId) ?? [];
  // MySQL also finds a skill in other letters; SQLite does not.
  if (!held.some((each) => each.skill === skill)) return refuseCaregiver('SKILL_UNKNOWN', ['skill']);
  await manager.query('DELETE FROM caregiver_skill WHERE caregiverId = ? AND skill = ?', [
    caregiverId,
    skill,
  ]);
  return file;
}

/** Certificates are given for longer than anything else is said ahead. */
function isLaterDay(day: Day, today: Day): boolean {
  return day > today && (isDayAhead(day, today) || day < `${Number(today.slice(0, 4)) + 50}-01-01`);
}

export interface Certificate {
  skill: string;
  expiresOn: Day | null;
}

/** Every skill of these caregivers, expired ones too, by name; one statement. */
export async function certificatesOf(
  manager: EntityManager,
  caregiverIds: readonly number[],
): Promise<Map<number, Certificate[]>> {
  const certificates = new Map<number, Certificate[]>(caregiverIds.map((id) => [id, []]));
  if (caregiverIds.length === 0) return certificates;
  const rows: (Certificate & { caregiverId: number })[] = await manager.query(
    `SELECT caregiverId, skill, CAST(expiresOn AS CHAR) AS expiresOn FROM caregiver_skill
      WHERE caregiverId IN (${placeholders(caregiverIds)}) ORDER BY caregiverId, skill`,
    [...caregiverIds],
  );
  for (const { caregiverId, ...certificate } of rows) certificates.get(caregiverId)?.push(certificate);
  return certificates;
}
