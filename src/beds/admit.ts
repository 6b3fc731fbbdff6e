import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { dayOf } from '../shared/china-time.js';
import {
  type AdmissionContent,
  type LockedAdmission,
  whetherAdmissible,
  writeAdmissions,
} from './admission-steps.js';
import { type AdmissionWanted, admitTogether } from './admit-together.js';
import type { BedRefusal } from './bed-refusals.js';
import { lineAdmission } from './line-check.js';
import type { BedReach } from './lock-elder.js';
import type { Stay } from './read-stays.js';
import { claimsOn } from './who-has.js';

/** Lets one elder into a bed, as admitTogether does many. */
export async function admit(
  manager: EntityManager,
  wanted: AdmissionWanted,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const [result] = await admitTogether(manager, [{ wanted, reach }], afterwards);
  return result as Stay | BedRefusal;
}

/** Admits an elder who is locked, as the bed is; whether the caller may, and was answered before, was asked already. */
export async function admitLocked(
  manager: EntityManager,
  wanted: AdmissionContent,
  locked: LockedAdmission,
  afterwards: readonly AfterStay[],
): Promise<Stay | BedRefusal> {
  const { elderId, bedId, from, now } = wanted;
  const claims = await claimsOn(manager, { bedId, elderId, from, to: null }, now);
  const admissible = whetherAdmissible(manager, wanted, locked, claims);
  if ('refused' in admissible) return admissible;
  const line = await lineAdmission(manager, { ...locked, from, now, holdId: admissible.kept?.id });
  if ('refused' in line) return line;
  const decided = { wanted, locked, admissible, line };
  const [stay] = await writeAdmissions(manager, [decided], dayOf(now), afterwards);
  return stay as Stay;
}
