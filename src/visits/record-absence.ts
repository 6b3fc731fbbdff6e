import type { EntityManager } from 'typeorm';
import type { AbsenceKind } from '../../entities/visits/caregiver-absence.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { lockCaregiver } from './caregiver-file.js';
import { type CaregiverRefusal, refuseCaregiver } from './caregiver-refusals.js';

/** A time over which a caregiver does not work, as it stands. */
export interface StandingAbsence {
  id: number;
  caregiverId: number;
  kind: AbsenceKind;
  startsAt: Date;
  endsAt: Date;
  recordedAt: Date;
  withdrawnAt: Date | null;
}

export interface NewAbsence {
  caregiverId: number;
  kind: AbsenceKind;
  startsAt: Date;
  endsAt: Date;
  byId: number;
  now: Date;
}

const dayMs = 86_400_000;
/** Sick leave is heard of late; what lies further back is history. */
const backMsMax = 31 * dayMs;
const aheadMsMax = 400 * dayMs;
const lengthMsMax = 400 * dayMs;

/**
 * Keeps that a caregiver is away over [startsAt, endsAt). Two absences do not overlap, but that somebody may fall ill
 * on a day off or in training. The visits that no longer fit stay as they are: visitsOutOfRoster names them.
 */
export async function recordAbsence(
  manager: EntityManager,
  absence: NewAbsence,
  scope: Scope,
): Promise<StandingAbsence | CaregiverRefusal> {
  const { caregiverId, kind, startsAt, endsAt, byId, now } = absence;
  const file = await lockCaregiver(manager, caregiverId, scope, dayOf(now));
  if (isRefusal(file)) return file;
  const [startMs, endMs] = [startsAt.getTime() - now.getTime(), endsAt.getTime() - startsAt.getTime()];
  if (startMs < -backMsMax || startMs > aheadMsMax) return refuseCaregiver('DATE_OUT_OF_RANGE', ['startsAt']);
  if (endMs <= 0 || endMs > lengthMsMax) return refuseCaregiver('DATE_OUT_OF_RANGE', ['endsAt']);
  const standing = await absencesBetween(manager, [caregiverId], { startsAt, endsAt });
  const other = standing.find((each) => each.kind === kind || kind !== 'SICK_LEAVE');
  if (other) return refuseCaregiver('ABSENCE_OVERLAPS', ['startsAt']);
  await insertRows(
    manager,
    'caregiver_absence',
    ['caregiverId', 'kind', 'startsAt', 'endsAt', 'recordedAt', 'recordedById'],
    [[caregiverId, kind, startsAt.getTime(), endsAt.getTime(), now.getTime(), byId]],
  );
  // The caregiver is locked, so the last one is this one.
  const rows: AbsenceRow[] = await manager.query(
    `${selected} WHERE caregiverId = ? ORDER BY id DESC LIMIT 1`,
    [caregiverId],
  );
  const [row] = rows;
  if (!row) throw new Error(`the absence of caregiver ${caregiverId} was inserted and is not there`);
  return standingOf(row);
}

/** Takes an absence back that is not over: what of it lies ahead is worked, and what has passed of it, it is said, was. */
export async function withdrawAbsence(
  manager: EntityManager,
  { absenceId, now }: { absenceId: number; now: Date },
  scope: Scope,
): Promise<StandingAbsence | CaregiverRefusal> {
  const found = await absenceById(manager, absenceId);
  const file = await lockCaregiver(manager, found?.caregiverId ?? 0, scope, dayOf(now));
  if (isRefusal(file)) {
    return file.refused === 'CAREGIVER_ENDED' ? file : refuseCaregiver('ABSENCE_UNKNOWN', ['absenceId']);
  }
  const absence = await absenceById(manager, absenceId);
  if (!absence) return refuseCaregiver('ABSENCE_UNKNOWN', ['absenceId']);
  if (absence.withdrawnAt || absence.endsAt <= now) return refuseCaregiver('ABSENCE_OVER', ['absenceId']);
  await manager.query('UPDATE caregiver_absence SET withdrawnAt = ? WHERE id = ?', [
    now.getTime(),
    absenceId,
  ]);
  return { ...absence, withdrawnAt: now };
}

const selected = `SELECT id, caregiverId, kind, startsAt, endsAt, recordedAt, withdrawnAt FROM caregiver_absence`;

export async function absenceById(manager: EntityManager, id: number): Promise<StandingAbsence | undefined> {
  const rows: AbsenceRow[] = await manager.query(`${selected} WHERE id = ?`, [id]);
  const [row] = rows;
  return row && standingOf(row);
}

/** The absences of these caregivers that share an instant with a time, those taken back left out; one statement. */
export async function absencesBetween(
  manager: EntityManager,
  caregiverIds: readonly number[],
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
): Promise<StandingAbsence[]> {
  const rows: AbsenceRow[] = await manager.query(
    `${selected} WHERE caregiverId IN (${caregiverIds.map(() => '?').join(', ') || 'NULL'})
        AND withdrawnAt IS NULL AND endsAt > ? AND startsAt < ? ORDER BY startsAt, id`,
    [...caregiverIds, startsAt.getTime(), endsAt.getTime()],
  );
  return rows.map(standingOf);
}

type AbsenceRow = Omit<StandingAbsence, 'startsAt' | 'endsAt' | 'recordedAt' | 'withdrawnAt'> &
  Record<'startsAt' | 'endsAt' | 'recordedAt', number | string> & { withdrawnAt: number | string | null };

function standingOf(row: AbsenceRow): StandingAbsence {
  return {
    ...row,
    startsAt: new Date(Number(row.startsAt)),
    endsAt: new Date(Number(row.endsAt)),
    recordedAt: new Date(Number(row.recordedAt)),
    withdrawnAt: row.withdrawnAt === null ? null : new Date(Number(row.withdrawnAt)),
  };
}
