import { stayKey } from '../../elders/institution-stays.js';
import { addDays, dayOf } from '../../shared/china-time.js';
import type { Text } from '../../shared/text.js';
import { afterLastMs, beforeFirstMs, betweenMs } from '../between.rules.js';
import { overlaps } from '../roster.rules.js';
import type { Span } from '../window.rules.js';
import {
  elderPlace,
  type FactCaregiver,
  type FactPart,
  type FactVisit,
  type PlanFacts,
  stationPlace,
  type Ways,
} from './plan-facts.js';
import { hasSkill, spanAround, suitsGender } from './who-may.rules.js';

/** How a visit shall stand: with nobody's part it is asked for again. */
export interface ProposedVisit extends Span {
  visitId: number;
  parts: readonly FactPart[];
}

export interface PlanFault {
  visitId: number;
  caregiverId: number | null;
  text: Text;
}

export interface CheckedPlan {
  facts: PlanFacts;
  proposed: readonly ProposedVisit[];
  ways: Ways;
  /** What was overdue when the plan was made may be late. */
  plannedAt: Date;
  /** Nothing may begin before it. */
  now: Date;
  /** True where a manager decides that somebody else comes than the family asked for. */
  ignoresWishes?: boolean;
}

/** What is wrong with what is proposed, by the rules that bookings keep; nothing when it may be written. */
export function faultsOf(plan: CheckedPlan): PlanFault[] {
  const { facts, proposed } = plan;
  const visits = new Map(facts.visits.map((visit) => [visit.id, visit]));
  const after = visitsAfter(facts, proposed);
  const faults: PlanFault[] = [];
  for (const each of proposed) {
    const visit = visits.get(each.visitId);
    if (!visit) faults.push({ visitId: each.visitId, caregiverId: null, text: texts.gone });
    else if (each.parts.length > 0) faults.push(...visitFaults(visit, each, after, plan));
  }
  const touched = proposed.flatMap(({ visitId, parts }) => [
    ...parts.map(({ caregiverId }) => caregiverId),
    ...(visits.get(visitId)?.parts.map(({ caregiverId }) => caregiverId) ?? []),
  ]);
  for (const id of new Set(touched)) faults.push(...dayFaults(id, after, plan));
  return faults;
}

/** All visits as they would stand. */
function visitsAfter({ visits }: PlanFacts, proposed: readonly ProposedVisit[]): FactVisit[] {
  const changed = new Map(proposed.map((each) => [each.visitId, each]));
  return visits.map((visit) => ({ ...visit, ...changed.get(visit.id) }));
}

const texts = {
  gone: { zh: '该服务已不存在或已取消', en: 'the visit is there no more' },
  people: { zh: '护理员人数不对', en: 'it takes another number of caregivers' },
  unknown: { zh: '护理员不在所列服务站', en: 'the caregiver is of none of the stations' },
  skill: { zh: '护理员没有所需的有效资格', en: 'the caregiver lacks the skill, or the certificate expired' },
  gender: { zh: '须由同性护理员服务', en: 'a caregiver of the elder’s own gender must come' },
  wish: { zh: '家属指定了其他护理员', en: 'the family asked for another caregiver' },
  gap: {
    zh: '两位护理员的到达间隔不符',
    en: 'the two caregivers come too soon or too late after each other',
  },
  window: { zh: '超出与家属约定的时间', en: 'it lies outside of what the family agreed to' },
  past: { zh: '时间已过', en: 'its time has passed' },
  duty: { zh: '护理员当时不上班', en: 'the caregiver does not work then' },
  elder: { zh: '老人同时另有服务', en: 'the elder has another visit then' },
  away: { zh: '老人当日在机构', en: 'the elder is in an institution on that day' },
  close: { zh: '与前后服务之间来不及往返', en: 'the way to or from the visit beside it takes longer' },
} as const satisfies Record<string, Text>;

function visitFaults(
  visit: FactVisit,
  proposed: ProposedVisit,
  after: readonly FactVisit[],
  plan: CheckedPlan,
): PlanFault[] {
  const { facts, plannedAt, now } = plan;
  const found: (readonly [keyof typeof texts, number | null])[] = [];
  const ids = proposed.parts.map(({ caregiverId }) => caregiverId);
  if (ids.length !== visit.service.caregivers || new Set(ids).size !== ids.length) {
    found.push(['people', null]);
  }
  for (const part of proposed.parts) found.push(...partFaults(visit, part, facts));
  if (!plan.ignoresWishes && !keepsWish(visit, ids)) found.push(['wish', null]);
  if (!keepsPair(visit, proposed)) found.push(['gap', null]);
  if (!isAgreed(visit, proposed, plannedAt, facts)) found.push(['window', null]);
  if (proposed.startsAt < now) found.push(['past', null]);
  const busy = after.some(
    (other) => other.id !== visit.id && other.elderId === visit.elderId && overlaps(other, proposed),
  );
  if (busy) found.push(['elder', null]);
  const days = [dayOf(proposed.startsAt), dayOf(new Date(proposed.endsAt.getTime() - 1))];
  if (days.some((day) => facts.stays.has(stayKey(visit.elderId, day)))) found.push(['away', null]);
  return found.map(([name, caregiverId]) => ({ visitId: visit.id, caregiverId, text: texts[name] }));
}

function partFaults(
  visit: FactVisit,
  part: FactPart,
  facts: PlanFacts,
): (readonly [keyof typeof texts, number])[] {
  const { caregiverId } = part;
  const caregiver = facts.caregivers.find(({ id }) => id === caregiverId);
  if (!caregiver) return [['unknown', caregiverId]];
  const found: (readonly [keyof typeof texts, number])[] = [];
  if (!hasSkill(caregiver, visit.service.skill, dayOf(part.startsAt))) found.push(['skill', caregiverId]);
  if (!suitsGender(caregiver, visit, facts.elders.get(visit.elderId))) found.push(['gender', caregiverId]);
  if (!spanAround(caregiver, part)) found.push(['duty', caregiverId]);
  return found;
}

/** Whoever stands in already may go on doing so. */
function keepsWish({ wishedCaregiverId, parts }: FactVisit, ids: readonly number[]): boolean {
  if (wishedCaregiverId === null || ids.includes(wishedCaregiverId)) return true;
  return parts.length > 0 && parts.every(({ caregiverId }) => ids.includes(caregiverId));
}

/** The first is there from the beginning, the second within the bounds after it, and both until the end. */
function keepsPair({ service }: FactVisit, { startsAt, endsAt, parts }: ProposedVisit): boolean {
  const starts = parts.map((part) => part.startsAt.getTime()).sort((one, other) => one - other);
  if (starts[0] !== startsAt.getTime()) return false;
  if (parts.some((part) => part.endsAt.getTime() !== endsAt.getTime())) return false;
  if (starts.length < 2) return true;
  const gapMinutes = ((starts[1] as number) - (starts[0] as number)) / 60_000;
  const longest = (endsAt.getTime() - startsAt.getTime()) / 60_000 - 1;
  return (
    gapMinutes >= Math.min(service.secondAfterMin, longest) &&
    gapMinutes <= Math.min(service.secondAfterMax, longest)
  );
}

function isAgreed(visit: FactVisit, proposed: ProposedVisit, plannedAt: Date, facts: PlanFacts): boolean {
  if (proposed.startsAt.getTime() === visit.startsAt.getTime()) return true;
  if (dayOf(proposed.startsAt) !== dayOf(visit.startsAt)) return false;
  const flexMs = visit.flexMinutes * 60_000;
  const latest = visit.promisedAt.getTime() + flexMs;
  if (proposed.startsAt.getTime() < visit.promisedAt.getTime() - flexMs) return false;
  const frozenUntil = plannedAt.getTime() + facts.settings.FROZEN * 60_000;
  return proposed.startsAt.getTime() <= latest || latest < frozenUntil + 60_000;
}

interface TimelineItem extends FactPart {
  visit: FactVisit;
}

/** Looks at the whole time of one caregiver: what it takes between two visits, and from and to the station. */
function dayFaults(caregiverId: number, after: readonly FactVisit[], plan: CheckedPlan): PlanFault[] {
  const caregiver = plan.facts.caregivers.find(({ id }) => id === caregiverId);
  if (!caregiver) return [];
  const proposed = new Set(plan.proposed.map(({ visitId }) => visitId));
  const before = neighboursOf(timeline(caregiverId, plan.facts.visits));
  const line = timeline(caregiverId, after);
  return line.flatMap((item, index) => {
    const [previous, next] = [line[index - 1], line[index + 1]];
    // What was booked side by side and stays so is not the plan's to judge; nor is where somebody's day begins or ends
    // who has less to do now.
    const isNew = (other: TimelineItem | undefined, key: string) =>
      proposed.has(item.visit.id) ||
      (other !== undefined && (proposed.has(other.visit.id) || !before.has(key)));
    const isTooClose =
      (isNew(previous, besides(previous, item)) && !canFollow(previous, item, caregiver, plan)) ||
      (isNew(next, besides(item, next)) && !canReturn(item, next, caregiver, plan));
    return isTooClose ? [{ visitId: item.visit.id, caregiverId, text: texts.close }] : [];
  });
}

function timeline(caregiverId: number, visits: readonly FactVisit[]): TimelineItem[] {
  return visits
    .flatMap((visit) =>
      visit.parts.filter((part) => part.caregiverId === caregiverId).map((part) => ({ ...part, visit })),
    )
    .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
}

function neighboursOf(line: readonly TimelineItem[]): Set<string> {
  return new Set([
    ...line.map((item, index) => besides(line[index - 1], item)),
    besides(line.at(-1), undefined),
  ]);
}

const besides = (one: TimelineItem | undefined, other: TimelineItem | undefined) =>
  `${one?.visit.id ?? 'station'} ${other?.visit.id ?? 'station'}`;

function canFollow(
  previous: TimelineItem | undefined,
  item: TimelineItem,
  caregiver: FactCaregiver,
  { facts, ways }: CheckedPlan,
): boolean {
  if (previous && previous.endsAt > item.startsAt) return false;
  const span = spanAround(caregiver, item);
  if (!span) return true;
  const station = facts.stations.find(({ id }) => id === caregiver.stationId);
  const mode = station?.travelMode ?? 'CYCLE';
  const place = elderPlace(item.visit.elderId);
  if (previous && spanAround(caregiver, previous)?.startsAt.getTime() === span.startsAt.getTime()) {
    const way = ways(mode, elderPlace(previous.visit.elderId), place);
    const least = betweenMs(previous.visit.service, way, item.visit.service);
    return item.startsAt.getTime() - previous.endsAt.getTime() >= least;
  }
  const way = ways(mode, stationPlace(caregiver.stationId), place);
  return item.startsAt.getTime() - span.startsAt.getTime() >= beforeFirstMs(way, item.visit.service);
}

function canReturn(
  item: TimelineItem,
  next: TimelineItem | undefined,
  caregiver: FactCaregiver,
  { facts, ways }: CheckedPlan,
): boolean {
  const span = spanAround(caregiver, item);
  if (!span) return true;
  if (next && spanAround(caregiver, next)?.startsAt.getTime() === span.startsAt.getTime()) return true;
  const station = facts.stations.find(({ id }) => id === caregiver.stationId);
  const way = ways(
    station?.travelMode ?? 'CYCLE',
    elderPlace(item.visit.elderId),
    stationPlace(caregiver.stationId),
  );
  return span.endsAt.getTime() - item.endsAt.getTime() >= afterLastMs(item.visit.service, way);
}

/** The days on which what is proposed takes anybody's time. */
export function daysTouched(spans: readonly Span[]): { fromDay: string; toDay: string } {
  const from = Math.min(...spans.map(({ startsAt }) => startsAt.getTime()));
  const to = Math.max(...spans.map(({ endsAt }) => endsAt.getTime()));
  return { fromDay: dayOf(new Date(from)), toDay: addDays(dayOf(new Date(to - 1)), 1) };
}
