import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { addDays, type Day } from '../shared/china-time.js';
import { type AdmissionTerms, dayFault, daysBetween } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';

/** A stay as far as its steps ask. */
export interface SteppingStay {
  kind: 'STAY' | 'HOLD';
  from: Day;
  to: Day | null;
}

export interface LeaveSpan {
  kind: LeaveKind;
  fromDay: Day;
  toDay: Day | null;
}

export interface StepFacts {
  stay: SteppingStay;
  /** Those that hold a day, in order. */
  leaves: readonly LeaveSpan[];
  chargedUntil: Day | null;
  on: Day;
  today: Day;
  terms: Pick<AdmissionTerms, 'entryDaysBackMax'>;
}

const field = ['on'];

/** The step is one of a stay that goes on; a hold and a stay that has an end take none. */
export function openStayFault({ stay }: StepFacts): BedRefusal | undefined {
  return stay.kind === 'STAY' && stay.to === null ? undefined : refuseBed('WRONG_STATE', ['stayId']);
}

/** Why a stay cannot end on that day, by discharge or by transfer. */
export function endFault(facts: StepFacts): BedRefusal | undefined {
  const { stay, leaves, chargedUntil, on, today, terms } = facts;
  const wrong = openStayFault(facts);
  if (wrong) return wrong;
  const range = dayFault(on, { today, back: terms.entryDaysBackMax });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', field, range);
  if (on <= stay.from) {
    const text = {
      zh: `须晚于入住首日 ${stay.from}`,
      en: `must be after the first day of the stay, ${stay.from}`,
    };
    return refuseBed('DAY_OUT_OF_RANGE', field, text);
  }
  const lastLeave = leaves.map(({ fromDay, toDay }) => toDay ?? fromDay).at(-1);
  if (lastLeave !== undefined && on < lastLeave) {
    const text = { zh: `不得早于请假记录 ${lastLeave}`, en: `must not be before the leave of ${lastLeave}` };
    return refuseBed('DAY_OUT_OF_RANGE', field, text);
  }
  return chargeFault(on, chargedUntil);
}

/** Why a leave cannot begin on that day. */
export function leaveFault(
  facts: StepFacts & { kind: LeaveKind; expectedBackOn: Day | null; limit: LeaveLimit },
): BedRefusal | undefined {
  const { stay, leaves, chargedUntil, on, today, terms, expectedBackOn, limit } = facts;
  const wrong = openStayFault(facts);
  if (wrong) return wrong;
  const range = dayFault(on, { today, back: terms.entryDaysBackMax });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', field, range);
  if (on < stay.from) {
    const text = { zh: `不得早于入住首日 ${stay.from}`, en: `must not be before the stay, ${stay.from}` };
    return refuseBed('DAY_OUT_OF_RANGE', field, text);
  }
  if (expectedBackOn !== null && expectedBackOn <= on) {
    const text = { zh: '须晚于请假首日', en: 'must be after the first day away' };
    return refuseBed('DAY_OUT_OF_RANGE', ['expectedBackOn'], text);
  }
  const inside = leaves.find(({ toDay }) => toDay === null || toDay > on);
  if (inside) {
    const text = {
      zh: `与自 ${inside.fromDay} 起的请假重叠`,
      en: `overlaps with the leave from ${inside.fromDay} on`,
    };
    return refuseBed('WRONG_STATE', field, text);
  }
  const left = limit.daysMax - limit.daysUsed;
  const wanted = expectedBackOn === null ? 1 : daysInYear(on, expectedBackOn, on.slice(0, 4));
  if (wanted > left) {
    const text = {
      zh: `本年度此类请假至多 ${limit.daysMax} 天，尚余 ${Math.max(0, left)} 天`,
      en: `${limit.daysMax} days of such leave keep a bed in a year, of which ${Math.max(0, left)} are left`,
    };
    return refuseBed('LEAVE_LIMIT', expectedBackOn === null ? field : ['expectedBackOn'], text);
  }
  return chargeFault(on, chargedUntil);
}

export interface LeaveLimit {
  daysMax: number;
  /** Of that kind in the calendar year of the first day, before it. */
  daysUsed: number;
}

/** Why the leave that is under way cannot end on that day; the day on which it began takes it back. */
export function returnFault(facts: StepFacts): BedRefusal | undefined {
  const { leaves, chargedUntil, on, today, terms } = facts;
  const wrong = openStayFault(facts);
  if (wrong) return wrong;
  const leave = leaves.find(({ toDay }) => toDay === null);
  if (!leave) {
    const text = { zh: '该老人没有在请假', en: 'The resident is not on leave' };
    return refuseBed('WRONG_STATE', ['stayId'], text);
  }
  // Who has come back is here: a return is entered when it has happened, or as far ahead as the leave itself was.
  const latest = leave.fromDay > today ? daysBetween(today, leave.fromDay) : 0;
  const range = dayFault(on, { today, back: terms.entryDaysBackMax, ahead: latest });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', field, range);
  if (on < leave.fromDay) {
    const text = {
      zh: `不得早于请假首日 ${leave.fromDay}`,
      en: `must not be before the leave, ${leave.fromDay}`,
    };
    return refuseBed('DAY_OUT_OF_RANGE', field, text);
  }
  return chargeFault(on, chargedUntil);
}

/** What is on a bill stays as it is. */
export function chargeFault(on: Day, chargedUntil: Day | null): BedRefusal | undefined {
  if (chargedUntil === null || on >= chargedUntil) return undefined;
  const text = {
    zh: `${chargedUntil} 之前的日期已计入收费，不能更改`,
    en: `The days before ${chargedUntil} are on a bill already and stay as they are`,
  };
  return refuseBed('CHARGED_ALREADY', field, text);
}

/** How many days of [from, to) lie in a calendar year, YYYY. */
export function daysInYear(from: Day, to: Day, year: string): number {
  const first = from > `${year}-01-01` ? from : `${year}-01-01`;
  const next = addDays(`${year}-12-31`, 1);
  const last = to < next ? to : next;
  return last > first ? daysBetween(first, last) : 0;
}

/** Days of leave of a kind in the calendar year of `before`, up to it. */
export function leaveDaysUsed(leaves: readonly LeaveSpan[], kind: LeaveKind, before: Day): number {
  const year = before.slice(0, 4);
  return leaves
    .filter((leave) => leave.kind === kind)
    .reduce((sum, { fromDay, toDay }) => {
      const end = toDay === null || toDay > before ? before : toDay;
      return sum + daysInYear(fromDay, end, year);
    }, 0);
}
