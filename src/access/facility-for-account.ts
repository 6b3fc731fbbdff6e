import type { EntityManager } from 'typeorm';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';

export type FacilityRefusalCode = 'FACILITY_UNKNOWN' | 'FACILITY_CLOSED';

export interface OpenFacility {
  id: number;
  name: string;
  kind: FacilityKind;
}

interface FacilityRow extends OpenFacility {
  code: string;
  openedOn: Day;
  closedOn: Day | null;
}

/**
 * The open facility of that code, or of that id, kept from closing until the transaction ends. One outside the
 * scope is one that does not exist.
 */
export async function facilityForAccount(
  manager: EntityManager,
  codeOrId: string | number,
  now: Date,
  scope: Scope = 'everywhere',
): Promise<OpenFacility | Refusal<FacilityRefusalCode>> {
  const isId = typeof codeOrId === 'number';
  const field = [isId ? 'canteenId' : 'code'];
  const rows = await lockFacilities(manager, isId ? 'id' : 'code', codeOrId);
  // MySQL also finds the code in other letters, or with a space after it; SQLite does not.
  const facility = rows.find((row) => isId || row.code === codeOrId);
  const today = dayOf(now);
  if (!facility || !(await covers(manager, scope, facility.id, today))) {
    return refuse(
      'FACILITY_UNKNOWN',
      {
        zh: isId ? '没有此机构' : '没有此编码的机构',
        en: isId ? 'There is no such facility' : 'No facility has this code',
      },
      field,
    );
  }
  if (!isOpenOn(facility, today)) {
    return refuse('FACILITY_CLOSED', { zh: '该机构未在营业', en: 'The facility is not open' }, field);
  }
  return { id: facility.id, name: facility.name, kind: facility.kind };
}

/** The facility of that id, kept from closing until the transaction ends, when it is open today. */
export async function openFacilityById(
  manager: EntityManager,
  id: number,
  today: Day,
): Promise<OpenFacility | 'CLOSED' | undefined> {
  const [facility] = await lockFacilities(manager, 'id', id);
  return facility && !isOpenOn(facility, today) ? 'CLOSED' : facility;
}

function lockFacilities(
  manager: EntityManager,
  column: 'id' | 'code',
  value: number | string,
): Promise<FacilityRow[]> {
  return manager.query(
    `SELECT id, code, name, kind, CAST(openedOn AS CHAR) AS openedOn, CAST(closedOn AS CHAR) AS closedOn
       FROM facility WHERE ${column} = ?${forUpdate(manager)}`,
    [value],
  );
}

function isOpenOn({ openedOn, closedOn }: FacilityRow, day: Day): boolean {
  return openedOn <= day && (closedOn === null || day < closedOn);
}
