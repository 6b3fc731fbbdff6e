import type { EntityManager } from 'typeorm';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';

export type FacilityRefusalCode = 'FACILITY_UNKNOWN' | 'FACILITY_CLOSED';

export interface OpenFacility {
  id: number;
  name: string;
  kind: FacilityKind;
}

/** The open facility of that code, kept from closing until the transaction ends. */
export async function facilityForAccount(
  manager: EntityManager,
  code: string,
  now: Date,
): Promise<OpenFacility | Refusal<FacilityRefusalCode>> {
  const rows: (OpenFacility & { code: string; openedOn: string; closedOn: string | null })[] =
    await manager.query(
      `SELECT id, code, name, kind, CAST(openedOn AS CHAR) AS openedOn, CAST(closedOn AS CHAR) AS closedOn
       FROM facility WHERE code = ?${forUpdate(manager)}`,
      [code],
    );
  // MySQL also finds the code in other letters, or with a space after it; SQLite does not.
  const facility = rows.find((row) => row.code === code);
  if (!facility) {
    return refuse('FACILITY_UNKNOWN', { zh: '没有此编码的机构', en: 'No facility has this code' }, ['code']);
  }
  const today = dayOf(now);
  if (facility.openedOn > today || (facility.closedOn !== null && facility.closedOn <= today)) {
    return refuse('FACILITY_CLOSED', { zh: '该机构未在营业', en: 'The facility is not open' }, ['code']);
  }
  return { id: facility.id, name: facility.name, kind: facility.kind };
}
