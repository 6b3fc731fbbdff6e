import type { EntityManager } from 'typeorm';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { type CaregiverRefusal, refuseCaregiver } from './caregiver-refusals.js';
import { lockTimes } from './change-visit.js';
import { announceRoster } from './planning-news.js';

/** A caregiver as the station's manager has it. */
export interface CaregiverFile {
  id: number;
  accountId: number;
  /** The name of the account. */
  name: string;
  stationId: number;
  gender: Gender;
  homeDivisionCode: string | null;
  activeFrom: Day;
  activeUntil: Day | null;
}

const columns = `c.id, c.accountId, a.name, c.stationId, c.gender, c.homeDivisionCode,
  CAST(c.activeFrom AS CHAR) AS activeFrom, CAST(c.activeUntil AS CHAR) AS activeUntil`;

/** The files of these caregivers; an unknown id is missing. One statement. */
export async function caregiverFiles(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, CaregiverFile>> {
  if (ids.length === 0) return new Map();
  const rows: CaregiverFile[] = await manager.query(
    `SELECT ${columns} FROM caregiver c JOIN account a ON a.id = c.accountId WHERE c.id IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The caregivers of a station who are there at some time over [from, to], in the order of their names. */
export async function caregiversOfStation(
  manager: EntityManager,
  stationId: number,
  { from, to }: { from: Day; to: Day },
): Promise<CaregiverFile[]> {
  return manager.query(
    `SELECT ${columns} FROM caregiver c JOIN account a ON a.id = c.accountId
      WHERE c.stationId = ? AND c.activeFrom <= ? AND (c.activeUntil IS NULL OR c.activeUntil > ?)
      ORDER BY a.name, c.id`,
    [stationId, to, from],
  );
}

/** The caregiver that an account is. */
export async function caregiverOfAccount(
  manager: EntityManager,
  accountId: number,
): Promise<CaregiverFile | undefined> {
  const rows: CaregiverFile[] = await manager.query(
    `SELECT ${columns} FROM caregiver c JOIN account a ON a.id = c.accountId WHERE c.accountId = ?`,
    [accountId],
  );
  return rows[0];
}

/**
 * The caregiver, when `scope` covers the station today; nobody changes when the caregiver works, or who is visited
 * when, until the transaction ends. One who has left before `today` is refused. Everything that changes who can come
 * when begins with this, and so it is told here.
 */
export async function lockCaregiver(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<CaregiverFile | CaregiverRefusal> {
  await lockTimes(manager, { elderIds: [], caregiverIds: [id] });
  const file = (await caregiverFiles(manager, [id])).get(id);
  // One whom there is not is looked for in the tree as well, so that the time of the answer tells nobody.
  const isCovered = await covers(manager, scope, file?.stationId ?? nowhere, today);
  if (!file || !isCovered) return refuseCaregiver('CAREGIVER_UNKNOWN', ['caregiverId']);
  if (file.activeUntil !== null && file.activeUntil <= today) {
    return refuseCaregiver('CAREGIVER_ENDED', ['caregiverId']);
  }
  announceRoster(manager, file.stationId);
  return file;
}

/** A caregiver as the audit log shows it. */
export async function caregiverState(
  manager: EntityManager,
  id: number | undefined,
): Promise<AuditedState | undefined> {
  if (id === undefined) return undefined;
  await lockTimes(manager, { elderIds: [], caregiverIds: [id] });
  const file = (await caregiverFiles(manager, [id])).get(id);
  if (!file) return undefined;
  const { stationId, accountId, gender, homeDivisionCode, activeFrom, activeUntil } = file;
  const skills: { skill: string; expiresOn: Day | null }[] = await manager.query(
    'SELECT skill, CAST(expiresOn AS CHAR) AS expiresOn FROM caregiver_skill WHERE caregiverId = ? ORDER BY skill',
    [id],
  );
  const hours: { weekday: number; fromMinute: number; toMinute: number }[] = await manager.query(
    `SELECT weekday, fromMinute, toMinute FROM caregiver_shift WHERE caregiverId = ? AND toDay IS NULL
      ORDER BY weekday, fromMinute`,
    [id],
  );
  const [absences]: { count: number | string }[] = await manager.query(
    'SELECT COUNT(*) AS count FROM caregiver_absence WHERE caregiverId = ? AND withdrawnAt IS NULL',
    [id],
  );
  return {
    about: { facilityId: stationId, subject: `caregiver:${id}` },
    values: {
      accountId,
      gender,
      homeDivisionCode,
      activeFrom,
      activeUntil,
      skills: skills.map(({ skill, expiresOn }) => `${skill} ${expiresOn ?? ''}`.trim()),
      hours: hours.map(({ weekday, fromMinute, toMinute }) => `${weekday} ${fromMinute}-${toMinute}`),
      absences: Number(absences?.count),
    },
  };
}
