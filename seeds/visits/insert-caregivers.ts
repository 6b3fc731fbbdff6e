import type { EntityManager } from 'typeorm';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import { insertRows, placeholders } from '../../src/shared/statements.js';
import type { WeekSpan } from '../../src/visits/week-hours.rules.js';

/** A caregiver of a seed, before it has an id. */
export interface SeededCaregiver {
  /** An account of its own, which has its grant already, or needs none. */
  accountId: number;
  stationId: number;
  gender: Gender;
  homeDivisionCode: string | null;
  activeFrom: string;
  skills: readonly { skill: string; expiresOn: string | null }[];
  /** Of every week from `activeFrom` on. */
  hours: readonly WeekSpan[];
}

/**
 * Inserts many caregivers with their skills and hours: five statements, whatever their number. Accounts that are
 * caregivers already are left alone. Returns the ids by the accounts', of those too. In a write transaction.
 */
export async function insertCaregivers(
  manager: EntityManager,
  wanted: readonly SeededCaregiver[],
): Promise<Map<number, number>> {
  const accountIds = wanted.map(({ accountId }) => accountId);
  const present = await caregiverIds(manager, accountIds);
  const missing = wanted.filter(({ accountId }) => !present.has(accountId));
  if (missing.length === 0) return present;
  await insertRows(
    manager,
    'caregiver',
    ['accountId', 'stationId', 'gender', 'homeDivisionCode', 'activeFrom'],
    missing.map(({ accountId, stationId, gender, homeDivisionCode, activeFrom }) => [
      accountId,
      stationId,
      gender,
      homeDivisionCode,
      activeFrom,
    ]),
  );
  const ids = await caregiverIds(manager, accountIds);
  await insertRows(
    manager,
    'caregiver_skill',
    ['caregiverId', 'skill', 'expiresOn'],
    missing.flatMap(({ accountId, skills }) =>
      skills.map(({ skill, expiresOn }) => [ids.get(accountId), skill, expiresOn]),
    ),
  );
  await insertRows(
    manager,
    'caregiver_shift',
    ['caregiverId', 'weekday', 'fromMinute', 'toMinute', 'fromDay'],
    missing.flatMap(({ accountId, hours, activeFrom }) =>
      hours.map(({ weekday, fromMinute, toMinute }) => [
        ids.get(accountId),
        weekday,
        fromMinute,
        toMinute,
        activeFrom,
      ]),
    ),
  );
  return ids;
}

async function caregiverIds(
  manager: EntityManager,
  accountIds: readonly number[],
): Promise<Map<number, number>> {
  if (accountIds.length === 0) return new Map();
  const rows: { id: number; accountId: number }[] = await manager.query(
    `SELECT id, accountId FROM caregiver WHERE accountId IN (${placeholders(accountIds)})`,
    [...accountIds],
  );
  return new Map(rows.map(({ id, accountId }) => [accountId, id]));
}
