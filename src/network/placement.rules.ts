import type { Facility } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { divisionLiesWithin, mayStandBeneath } from './facility-kinds.rules.js';
import { type FacilityRefusal, refusals } from './facility-refusals.js';

/** Over [fromDay, toDay) a facility stands beneath a parent. */
export interface Placement {
  id: number;
  parentId: number;
  fromDay: Day;
  toDay: Day | null;
}

const codePattern = /^[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])?$/;
const nameLengthMax = 100;

export function isFacilityCode(code: string): boolean {
  return codePattern.test(code);
}

/** The name as it is kept, without spaces around it; undefined when it cannot be a name. */
export function facilityName(text: string): string | undefined {
  const name = text.trim();
  const length = [...name].length;
  return length > 0 && length <= nameLengthMax && !/\p{Cc}/u.test(name) ? name : undefined;
}

/** What stands in the way of `child` standing beneath `parent`, by kind and by division. */
export function misfit(
  child: Pick<Facility, 'kind' | 'divisionCode'>,
  parent: Pick<Facility, 'kind' | 'divisionCode'>,
  fields: { parent: readonly string[]; division: readonly string[] },
): FacilityRefusal | undefined {
  if (!mayStandBeneath(child.kind, parent.kind))
    return refusals.kindNotAllowedHere(fields.parent, child.kind);
  if (!divisionLiesWithin(child.divisionCode, parent)) {
    return refusals.divisionNotWithin(fields.division, parent.divisionCode);
  }
  return undefined;
}

/** True when `parent` is open on every day of [fromDay, toDay); null is without end. */
export function isOpenThroughout(
  parent: Pick<Facility, 'openedOn' | 'closedOn'>,
  fromDay: Day,
  toDay: Day | null,
): boolean {
  const { openedOn, closedOn } = parent;
  return openedOn <= fromDay && (closedOn === null || (toDay !== null && toDay <= closedOn));
}

/** The earlier of two ends, of which null is none. */
export function earlierEnd(one: Day | null, other: Day | null): Day | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/**
 * Which placement a move on `on` cuts in two: the one that holds that day and has begun before it. None when
 * that would rewrite what is older than today's placement, or leave a placement without a day.
 */
export function placementToCut(placements: readonly Placement[], on: Day, today: Day): Placement | undefined {
  const holds = ({ fromDay, toDay }: Placement, day: Day) =>
    fromDay <= day && (toDay === null || toDay > day);
  const current = placements.find((placement) => holds(placement, today));
  const cut = placements.find((placement) => holds(placement, on));
  return current && cut && cut.fromDay < on && current.fromDay < on ? cut : undefined;
}

/**
 * True for a day before the month of `today`: what was so last month stays so, and with it the sums that were
 * reported. Within the month a change may be entered late.
 */
export function isInAnEarlierMonth(day: Day, today: Day): boolean {
  return day.slice(0, 7) < today.slice(0, 7);
}
