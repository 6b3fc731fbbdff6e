import { addDays, type Day, dayOf, instantOn } from '../../shared/china-time.js';
import type { PlanningShift, PlanningVisit } from '../planning/problem.js';
import { overlaps, workingSpans } from '../roster.rules.js';
import { type Span, spanOf } from '../window.rules.js';
import {
  elderPlace,
  type FactCaregiver,
  type FactPart,
  type FactVisit,
  type PlanFacts,
  stationPlace,
} from './plan-facts.js';
import { caregiverKey, fixedKey } from './problem-of.rules.js';
import { isOverMidnight, type OpenVisit, type VisitRoles } from './visit-roles.rules.js';

export interface InMinutes {
  minuteOf(at: Date): number;
  placeOf: ReadonlyMap<string, number>;
  now: Date;
}

/** A part of a visit that stays, of one of our caregivers. */
interface FixedPart extends FactPart {
  visit: FactVisit;
}

export interface PlanningShifts {
  shifts: Map<number, PlanningShift[]>;
  /** What stays, each caregiver's part as a visit of its own. */
  fixed: PlanningVisit[];
}

/**
 * The spans in which each caregiver works, and what stays in them. Something that stays though it lies across the end
 * of a span, such as a visit of somebody who went home ill, is taken out of the span instead.
 */
export function planningShifts(
  facts: PlanFacts,
  { open, fixed: fixedVisits }: VisitRoles,
  within: InMinutes,
): PlanningShifts {
  const nights = nightsOf(open);
  const shifts = new Map<number, PlanningShift[]>();
  const fixed: PlanningVisit[] = [];
  for (const caregiver of facts.caregivers) {
    const parts = fixedVisits.flatMap((visit) =>
      visit.parts
        .filter(({ caregiverId }) => caregiverId === caregiver.id)
        .map((part): FixedPart => ({ ...part, visit, endsAt: untilMidnight(part, caregiver) })),
    );
    const own: PlanningShift[] = [];
    for (const [index, day] of facts.days.entries()) {
      for (const span of throughNights(spansOn(day, caregiver, parts), { day, caregiver, parts, nights })) {
        const inside = parts.filter((part) => isInside(part, span));
        const goesOn = inside.some(({ endsAt }) => endsAt.getTime() === spanOf(day).endsAt.getTime());
        const around = { facts, caregiver, day, index, hasBegun: inside.length > 0, goesOn };
        const shift = shiftOf(span, around, within);
        if (!shift) continue;
        own.push(shift);
        fixed.push(...inside.map((part) => fixedVisit(part, within)));
      }
    }
    shifts.set(caregiver.id, own);
  }
  return { shifts, fixed };
}

/**
 * The end of what stays, or the midnight up to which the caregiver works when it goes on after it: so the way there is
 * counted, and the shift ends at the elder's.
 */
function untilMidnight(part: FactPart, { roster }: FactCaregiver): Date {
  const day = dayOf(part.startsAt);
  const { endsAt: midnight } = spanOf(day);
  if (part.endsAt <= midnight) return part.endsAt;
  const isWorked = workingSpans(day, roster).some(
    (span) => span.startsAt <= part.startsAt && span.endsAt.getTime() === midnight.getTime(),
  );
  return isWorked ? midnight : part.endsAt;
}

function isInside(part: Span, span: Span): boolean {
  return span.startsAt <= part.startsAt && part.endsAt <= span.endsAt;
}

/** Back from the elder's, at the latest, in minutes after the visit that reaches over midnight. */
const wayHomeMinutes = 120;
/** Whoever has something to do so soon after midnight brings nothing over it. */
const apartMinutes = 180;

/** Until when, on the day after each midnight, what is to be planned over it goes on at the latest; by the day before. */
function nightsOf(open: readonly OpenVisit[]): Map<Day, Date> {
  const nights = new Map<Day, Date>();
  for (const { visit } of open.filter((each) => isOverMidnight(each.visit))) {
    const latestMs = visit.endsAt.getTime() + (visit.flexMinutes + wayHomeMinutes) * 60_000;
    const day = dayOf(visit.startsAt);
    const before = nights.get(day)?.getTime() ?? 0;
    nights.set(day, new Date(Math.max(before, latestMs)));
  }
  return nights;
}

interface Nights {
  day: Day;
  caregiver: FactCaregiver;
  parts: readonly FixedPart[];
  nights: ReadonlyMap<Day, Date>;
}

/**
 * The spans of a day, where the caregiver works on after a midnight over which something is to be planned: then the day
 * goes on until that is over, and the next one begins there.
 */
function throughNights(spans: readonly Span[], { day, caregiver, parts, nights }: Nights): Span[] {
  const evening = nightOf(addDays(day, -1), caregiver, parts, nights);
  const night = nightOf(day, caregiver, parts, nights);
  const { startsAt: midnight, endsAt } = spanOf(day);
  return spans.flatMap((span) => {
    const startsLater = evening !== undefined && span.startsAt.getTime() === midnight.getTime();
    const goesOn = night !== undefined && span.endsAt.getTime() === endsAt.getTime();
    const worked = {
      startsAt: startsLater ? evening : span.startsAt,
      endsAt: goesOn ? night : span.endsAt,
    };
    return worked.startsAt < worked.endsAt ? [worked] : [];
  });
}

/** Until when the caregiver can work on after the midnight that ends the day; undefined when not. */
function nightOf(
  day: Day,
  { roster }: FactCaregiver,
  parts: readonly FixedPart[],
  nights: ReadonlyMap<Day, Date>,
): Date | undefined {
  const latest = nights.get(day);
  const { endsAt: midnight } = spanOf(day);
  const evening = workingSpans(day, roster).find((span) => span.endsAt.getTime() === midnight.getTime());
  const morning = workingSpans(addDays(day, 1), roster).find(
    (span) => span.startsAt.getTime() === midnight.getTime(),
  );
  if (!latest || !evening || !morning) return undefined;
  const until = new Date(Math.min(latest.getTime(), morning.endsAt.getTime()));
  const apart = { startsAt: midnight, endsAt: new Date(until.getTime() + apartMinutes * 60_000) };
  // What stays over this midnight was cut at it, and holds the caregiver there.
  const isTaken = parts.some(
    (part) => overlaps(part, apart) || part.visit.parts.some((own) => isAcross(own, part, midnight)),
  );
  return isTaken ? undefined : until;
}

function isAcross(own: FactPart, part: FixedPart, midnight: Date): boolean {
  return own.caregiverId === part.caregiverId && own.startsAt < midnight && own.endsAt > midnight;
}

function spansOn(day: Day, { roster }: FactCaregiver, parts: readonly FixedPart[]): Span[] {
  const spans = workingSpans(day, roster);
  const across = parts.filter((part) => !spans.some((span) => isInside(part, span)));
  return across.reduce(
    (left, part) => left.flatMap((span) => (overlaps(span, part) ? withoutPart(span, part) : [span])),
    spans,
  );
}

function withoutPart(span: Span, part: Span): Span[] {
  return [
    { startsAt: span.startsAt, endsAt: part.startsAt },
    { startsAt: part.endsAt, endsAt: span.endsAt },
  ].filter(({ startsAt, endsAt }) => startsAt < endsAt);
}

interface AroundShift {
  facts: PlanFacts;
  caregiver: FactCaregiver;
  day: Day;
  index: number;
  hasBegun: boolean;
  /** True where something that stays reaches over the midnight at which the shift ends. */
  goesOn: boolean;
}

/** Nobody sets out from the station in the past; a span that is over holds only what was done in it. */
function shiftOf(
  span: Span,
  { facts, caregiver, day, index, hasBegun, goesOn }: AroundShift,
  { minuteOf, placeOf, now }: InMinutes,
): PlanningShift | undefined {
  const startsAt = hasBegun || now < span.startsAt ? span.startsAt : now;
  if (startsAt >= span.endsAt) return undefined;
  const place = placeOf.get(stationPlace(caregiver.stationId)) ?? null;
  const startMinute = Math.ceil(minuteOf(startsAt));
  const endMinute = Math.floor(minuteOf(span.endsAt));
  if (startMinute >= endMinute) return undefined;
  const { BREAK, BREAK_FROM, BREAK_TO } = facts.settings;
  const fromMinute = Math.max(startMinute, minuteOf(instantOn(day, BREAK_FROM)));
  const toMinute = Math.min(endMinute, minuteOf(instantOn(day, BREAK_TO)));
  const hasBreak = BREAK > 0 && toMinute - fromMinute >= BREAK;
  return {
    day: index,
    startMinute,
    endMinute,
    startPlace: place,
    endPlace: goesOn ? null : place,
    breaks: hasBreak ? [{ minutes: BREAK, fromMinute, toMinute }] : [],
  };
}

function fixedVisit(part: FixedPart, { minuteOf, placeOf }: InMinutes): PlanningVisit {
  const { visit, caregiverId } = part;
  const startMinute = Math.floor(minuteOf(part.startsAt));
  const endMinute = Math.ceil(minuteOf(part.endsAt));
  return {
    id: fixedKey(visit.id, caregiverId),
    groupId: null,
    place: placeOf.get(elderPlace(visit.elderId)) ?? 0,
    earliestMinute: startMinute,
    latestMinute: startMinute,
    latestHardMinute: startMinute,
    parts: [
      {
        service: visit.service.code,
        durationMinutes: endMinute - startMinute,
        preparationMinutes: visit.service.preparationMinutes,
        // What goes on after midnight is tidied up there.
        bufferMinutes: part.endsAt < visit.endsAt ? 0 : visit.service.bufferMinutes,
        candidates: [{ caregiverId: caregiverKey(caregiverId) }],
      },
    ],
    synchronization: null,
    promised: null,
    begun: { caregiverIds: [caregiverKey(caregiverId)], startMinutes: [startMinute] },
  };
}
