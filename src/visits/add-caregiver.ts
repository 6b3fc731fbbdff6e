import type { EntityManager } from 'typeorm';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import { covers, type Scope } from '../network/scope.js';
import { ancestorsOf, openOnDay } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { type CaregiverFile, caregiverFiles, caregiverOfAccount, lockCaregiver } from './caregiver-file.js';
import { type CaregiverRefusal, refuseCaregiver } from './caregiver-refusals.js';
import { isDayAhead } from './days-ahead.rules.js';
import { announceRoster } from './planning-news.js';

export interface NewCaregiver {
  /** An account that holds a grant as a caregiver at the station or above it. */
  accountId: number;
  stationId: number;
  gender: Gender;
  /** GB/T 2260, 6, 9 or 12 digits; null when not known. */
  homeDivisionCode: string | null;
  /** The first day on which visits are planned. */
  activeFrom: Day;
  now: Date;
}

/** Lets a station plan visits for somebody who may sign in as a caregiver there. */
export async function addCaregiver(
  manager: EntityManager,
  wanted: NewCaregiver,
  scope: Scope,
): Promise<CaregiverFile | CaregiverRefusal> {
  const { accountId, stationId, gender, homeDivisionCode, activeFrom, now } = wanted;
  const today = dayOf(now);
  if (!(await isOpenStation(manager, stationId, scope, today))) {
    return refuseCaregiver('STATION_UNKNOWN', ['input', 'stationId']);
  }
  // The account's row: two managers who add the same person do so one after the other.
  await manager.query(`SELECT id FROM account WHERE id = ?${forUpdate(manager)}`, [accountId]);
  if (!(await holdsGrant(manager, accountId, stationId, now))) {
    return refuseCaregiver('ACCOUNT_UNKNOWN', ['input', 'accountId']);
  }
  if (await caregiverOfAccount(manager, accountId)) {
    return refuseCaregiver('CAREGIVER_EXISTS', ['input', 'accountId']);
  }
  if (!isDivision(homeDivisionCode))
    return refuseCaregiver('DIVISION_INVALID', ['input', 'homeDivisionCode']);
  if (!isDayAhead(activeFrom, today)) return refuseCaregiver('DATE_OUT_OF_RANGE', ['input', 'activeFrom']);
  await insertRows(
    manager,
    'caregiver',
    ['accountId', 'stationId', 'gender', 'homeDivisionCode', 'activeFrom'],
    [[accountId, stationId, gender, homeDivisionCode, activeFrom]],
  );
  const file = await caregiverOfAccount(manager, accountId);
  if (!file) throw new Error(`the caregiver of account ${accountId} was inserted and is not there`);
  announceRoster(manager, stationId);
  return file;
}

export interface CaregiverChange {
  caregiverId: number;
  gender: Gender;
  homeDivisionCode: string | null;
}

/** Says anew of which gender a caregiver is, and where the caregiver lives. */
export async function changeCaregiver(
  manager: EntityManager,
  { caregiverId, gender, homeDivisionCode }: CaregiverChange,
  scope: Scope,
  today: Day,
): Promise<CaregiverFile | CaregiverRefusal> {
  const file = await lockCaregiver(manager, caregiverId, scope, today);
  if (isRefusal(file)) return file;
  if (!isDivision(homeDivisionCode)) return refuseCaregiver('DIVISION_INVALID', ['homeDivisionCode']);
  await manager.query('UPDATE caregiver SET gender = ?, homeDivisionCode = ? WHERE id = ?', [
    gender,
    homeDivisionCode,
    caregiverId,
  ]);
  return { ...file, gender, homeDivisionCode };
}

/** From `on` on no visit is planned for the caregiver any more; an end that was said before is said anew. */
export async function endCaregiver(
  manager: EntityManager,
  { caregiverId, on }: { caregiverId: number; on: Day },
  scope: Scope,
  today: Day,
): Promise<CaregiverFile | CaregiverRefusal> {
  const file = await lockCaregiver(manager, caregiverId, scope, today);
  if (isRefusal(file)) return file;
  if (!isDayAhead(on, today) || on <= file.activeFrom) return refuseCaregiver('DATE_OUT_OF_RANGE', ['on']);
  await manager.query('UPDATE caregiver SET activeUntil = ? WHERE id = ?', [on, caregiverId]);
  const ended = (await caregiverFiles(manager, [caregiverId])).get(caregiverId);
  if (!ended) throw new Error(`caregiver ${caregiverId} was changed and is not there`);
  return ended;
}

function isDivision(code: string | null): boolean {
  return code === null || /^\d{6}(\d{3}(\d{3})?)?$/.test(code);
}

async function isOpenStation(
  manager: EntityManager,
  stationId: number,
  scope: Scope,
  today: Day,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT f.id FROM facility f WHERE f.id = ? AND f.kind = 'HOME_CARE_STATION' AND ${openOnDay('f')}`,
    [stationId, today, today],
  );
  const isCovered = await covers(manager, scope, stationId, today);
  return rows.length > 0 && isCovered;
}

async function holdsGrant(
  manager: EntityManager,
  accountId: number,
  stationId: number,
  now: Date,
): Promise<boolean> {
  const above = (await ancestorsOf(manager, [stationId], dayOf(now))).get(stationId) ?? [];
  const places = [stationId, ...above];
  const rows: unknown[] = await manager.query(
    `SELECT id FROM access_grant
      WHERE accountId = ? AND role = 'CAREGIVER' AND fromAt <= ? AND (untilAt IS NULL OR untilAt > ?)
        AND facilityId IN (${placeholders(places)}) LIMIT 1`,
    [accountId, now.getTime(), now.getTime(), ...places],
  );
  return rows.length > 0;
}
