import type { EntityManager } from 'typeorm';
import { type AfterEnding, endElder } from '../elders/end-elder.js';
import type { AfterStay } from '../elders/institution-stays.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';
import { noteOf } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { termsOn } from './leave-stay.js';
import type { Acting, BedReach } from './lock-elder.js';
import { lockStay } from './lock-stay.js';
import { type Stay, stayById } from './read-stays.js';
import { endFault } from './stay-steps.rules.js';
import { endStay, tellOfStay } from './write-stay.js';

/** Reasons that the platform writes itself. */
export const ownReasons = { transfer: 'TRANSFER', cancelled: 'CANCELLED', fileEnded: 'FILE_ENDED' } as const;

export interface DischargeWanted extends Acting {
  stayId: number;
  /** The first day that is no longer part of the stay. */
  on: Day;
  /** A code of discharge_reason. */
  reason: string;
  note: string | null;
}

/** Ends a stay for a reason. A death ends the elder's file with it, and so everything that hangs on the file. */
export async function discharge(
  manager: EntityManager,
  wanted: DischargeWanted,
  reach: BedReach,
  afterElderEnds: readonly AfterEnding[] = [],
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const { stayId, on, byId, now } = wanted;
  const today = dayOf(now);
  const code = wanted.reason.trim();
  const reason = await offeredReason(manager, code);
  if (!reason) return refuseBed('REASON_UNKNOWN', ['reason']);
  const note = noteOf(wanted.note);
  if (note === undefined) return refuseBed('NOTE_INVALID', ['note']);
  const found = await lockStay(manager, stayId, reach, wanted);
  if ('refused' in found) return found;
  const { stay, leaves, chargedUntil, elder } = found.locked;
  const terms = await termsOn(manager, found.locked, on);
  const fault = endFault({ stay, leaves, chargedUntil, on, today, terms });
  if (fault) return fault;
  if (reason.endsFile && on > today) {
    const text = { zh: '去世日期不得晚于今天', en: 'A death cannot lie ahead' };
    return refuseBed('DAY_OUT_OF_RANGE', ['on'], text);
  }
  await endStay(manager, { id: stayId, facilityId: stay.facilityId, on, reason: code, note, byId, now });
  if (reason.endsFile && elder.status === 'ACTIVE') {
    const ending = { elderId: elder.id, status: 'DECEASED' as const, on };
    const ended = await endElder(manager, ending, 'everywhere', today, afterElderEnds);
    if (isRefusal(ended)) throw new Error(`the file of elder ${elder.id} did not end: ${ended.refused}`);
  }
  await tellOfStay(manager, { elderId: elder.id, fromDay: on, toDay: null }, today, afterwards);
  return (await stayById(manager, stayId, now)) as Stay;
}

/** A reason that people may give. */
async function offeredReason(
  manager: EntityManager,
  code: string,
): Promise<{ endsFile: boolean } | undefined> {
  const rows: { code: string; endsFile: boolean | number }[] = await manager.query(
    'SELECT code, endsFile FROM discharge_reason WHERE code = ?',
    [code],
  );
  // An engine that compares without case would take home for HOME, and then keep two codes for one reason.
  const row = rows.find((one) => one.code === code && !Object.values<string>(ownReasons).includes(code));
  return row && { endsFile: Boolean(row.endsFile) };
}

/** Takes a reservation back before its first day; again is as once. */
export async function cancelAdmission(
  manager: EntityManager,
  { stayId, note: text, byId, now }: { stayId: number; note: string | null } & Acting,
  reach: BedReach,
): Promise<Stay | BedRefusal> {
  const note = noteOf(text);
  if (note === undefined) return refuseBed('NOTE_INVALID', ['note']);
  const found = await lockStay(manager, stayId, reach, { byId, now });
  if ('refused' in found) return found;
  const { stay } = found.locked;
  if (stay.endReason === ownReasons.cancelled) return stay;
  const isAhead = stay.kind === 'STAY' && stay.to === null && stay.from > dayOf(now);
  if (!isAhead) return refuseBed('WRONG_STATE', ['stayId']);
  if (stay.previousStayId !== null) return refuseBed('WRONG_STATE', ['stayId']);
  await endStay(manager, {
    id: stayId,
    facilityId: stay.facilityId,
    on: stay.from,
    reason: ownReasons.cancelled,
    note,
    byId,
    now,
    isCancelled: true,
  });
  return (await stayById(manager, stayId, now)) as Stay;
}

/** The reasons that people may give, in the order of their codes. */
export async function dischargeReasons(
  manager: EntityManager,
): Promise<{ code: string; name: Text; endsFile: boolean }[]> {
  const rows: { code: string; nameZh: string; nameEn: string; endsFile: boolean | number }[] =
    await manager.query('SELECT code, nameZh, nameEn, endsFile FROM discharge_reason ORDER BY code');
  return rows
    .filter(({ code }) => !Object.values<string>(ownReasons).includes(code))
    .map(({ code, nameZh: zh, nameEn: en, endsFile }) => ({
      code,
      name: { zh, en },
      endsFile: Boolean(endsFile),
    }));
}
