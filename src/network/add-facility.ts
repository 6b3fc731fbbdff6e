import type { EntityManager } from 'typeorm';
import { Facility, type FacilityKind } from '../../entities/network/facility.entity.js';
import { FacilityPlacement } from '../../entities/network/facility-placement.entity.js';
import type { Day } from '../shared/china-time.js';
import { isDuplicateKey } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import { divisionSuits, mayStandBeneath } from './facility-kinds.rules.js';
import { type FacilityRefusal, refusals } from './facility-refusals.js';
import { facilityById } from './find-facilities.js';
import { lockTree } from './lock-tree.js';
import { facilityName, isFacilityCode, isOpenThroughout, misfit } from './placement.rules.js';
import { covers, type Scope } from './scope.js';

export interface NewFacility {
  code: string;
  name: string;
  kind: FacilityKind;
  divisionCode: string;
  /** Null for a city centre, the root of a tree. */
  parentId: number | null;
  openedOn: Day;
}

/** No facility of the network is older than the republic. */
const openedOnMin = '1949-10-01';

/**
 * Adds a facility beneath its parent from the day it opened. `scope` is where the caller may add; a root can
 * be added only by who may act everywhere. Refusals: CODE_INVALID, NAME_INVALID, DATE_OUT_OF_RANGE,
 * PARENT_UNKNOWN, KIND_NOT_ALLOWED_HERE, DIVISION_CODE_INVALID, PARENT_NOT_OPEN, CODE_TAKEN.
 */
export async function addFacility(
  manager: EntityManager,
  input: NewFacility,
  scope: Scope,
  today: Day,
): Promise<Facility | FacilityRefusal> {
  const written = checkedByItself(input, today);
  if (isRefusal(written)) return written;
  await lockTree(manager);
  const refusal = await checkedInTree(manager, input, scope, today);
  if (refusal) return refusal;
  const { parentId, ...facility } = { ...input, name: written.name };
  const id = await insertUnlessTaken(manager, facility);
  if (id === undefined) return refusals.codeTaken(['input', 'code']);
  if (parentId !== null) {
    const placement = { facilityId: id, parentId, fromDay: input.openedOn, toDay: null };
    await manager.insert(FacilityPlacement, placement);
  }
  return { id, ...facility, closedOn: null };
}

function checkedByItself(input: NewFacility, today: Day): FacilityRefusal | { name: string } {
  if (!isFacilityCode(input.code)) return refusals.codeInvalid(['input', 'code']);
  const name = facilityName(input.name);
  if (name === undefined) return refusals.nameInvalid(['input', 'name']);
  if (input.openedOn < openedOnMin || input.openedOn > today) {
    const zh = `开办日须在 ${openedOnMin} 与今天之间`;
    const en = `It opened between ${openedOnMin} and today`;
    return refusals.dateOutOfRange(['input', 'openedOn'], zh, en);
  }
  return { name };
}

async function checkedInTree(
  manager: EntityManager,
  input: NewFacility,
  scope: Scope,
  today: Day,
): Promise<FacilityRefusal | undefined> {
  const parentField = ['input', 'parentId'];
  const divisionField = ['input', 'divisionCode'];
  const { kind, divisionCode, parentId, openedOn } = input;
  if (parentId === null) {
    if (!mayStandBeneath(kind, null)) return refusals.kindNotAllowedHere(parentField, kind);
    if (scope !== 'everywhere') return refusals.parentUnknown(parentField);
    return divisionSuits(kind, divisionCode)
      ? undefined
      : refusals.divisionLengthInvalid(divisionField, kind);
  }
  const parent = await facilityById(manager, parentId);
  if (!parent || !(await covers(manager, scope, parentId, today))) return refusals.parentUnknown(parentField);
  if (!mayStandBeneath(kind, parent.kind)) return refusals.kindNotAllowedHere(parentField, kind);
  if (!divisionSuits(kind, divisionCode)) return refusals.divisionLengthInvalid(divisionField, kind);
  const refusal = misfit(input, parent, { parent: parentField, division: divisionField });
  if (refusal) return refusal;
  return isOpenThroughout(parent, openedOn, null) ? undefined : refusals.parentNotOpen(parentField);
}

/** The new facility's id, or undefined when another has the code. */
async function insertUnlessTaken(
  manager: EntityManager,
  facility: Omit<NewFacility, 'parentId'>,
): Promise<number | undefined> {
  try {
    const { identifiers } = await manager.insert(Facility, { ...facility, closedOn: null });
    return identifiers[0]?.id;
  } catch (error) {
    if (isDuplicateKey(error)) return undefined;
    throw error;
  }
}
