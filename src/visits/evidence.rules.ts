import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { TagResult } from '../../entities/visits/visit-check.entity.js';
import type { EvidenceDecision } from '../../entities/visits/visit-evidence.entity.js';
import type { Text } from '../shared/text.js';
import type { CareTerms } from './care-terms.rules.js';
import type { TapDoubt } from './tap.rules.js';

export const evidenceReasons = [
  'CANCELLED',
  'NOT_THERE',
  'TOO_FAR',
  'TOO_SHORT',
  'ELDER_AWAY',
  'REASSIGNED',
  'ENDED_FOR',
  'WRONG_TAG',
  'CLOCK',
  'TIME',
  'LATE',
  'SHORT',
  'AWAY',
  'NO_POSITION',
  'NO_TAG',
  'DOOR_UNKNOWN',
  'OFFLINE',
] as const;
export type EvidenceReason = (typeof evidenceReasons)[number];

/** A tap as far as evidence asks. */
export interface ScoredTap {
  countsAtMs: number;
  isOffline: boolean;
  hasPosition: boolean;
  /** From the door; null where one of the two places is not known. */
  distanceMetres: number | null;
  tag: TagResult;
  doubts: readonly TapDoubt[];
}

/** What one caregiver of a visit showed. */
export interface ScoredPresence {
  plannedMs: number;
  arrived: ScoredTap | undefined;
  left: ScoredTap | undefined;
}

export interface EvidenceFacts {
  status: VisitStatus;
  presences: readonly ScoredPresence[];
  /** Whether a tag hangs at the door, so that one could have been read. */
  hasTags: boolean;
  /** Whether the station ended the visit for a caregiver who did not check out. */
  isEndedFor: boolean;
  /** Whether the elder turned out to live in an institution, or to be in hospital, on that day. */
  isElderAway: boolean;
  /** Whether somebody tapped from whom the visit had been taken. */
  isReassigned: boolean;
}

export interface Evidence {
  /** 0 to 100. */
  score: number;
  decision: EvidenceDecision;
  /** In the order of `evidenceReasons`, the gravest first. */
  reasons: EvidenceReason[];
}

/** What a finding takes from 100, and the best that can be decided with it whatever is left. */
const weights: Readonly<Record<EvidenceReason, readonly [points: number, atBest: EvidenceDecision]>> = {
  CANCELLED: [100, 'BLOCK'],
  NOT_THERE: [100, 'BLOCK'],
  TOO_FAR: [70, 'BLOCK'],
  TOO_SHORT: [60, 'BLOCK'],
  ELDER_AWAY: [40, 'LOOK'],
  REASSIGNED: [30, 'LOOK'],
  ENDED_FOR: [30, 'LOOK'],
  WRONG_TAG: [40, 'LOOK'],
  CLOCK: [30, 'LOOK'],
  TIME: [40, 'LOOK'],
  LATE: [20, 'LOOK'],
  SHORT: [25, 'LOOK'],
  // Grows with the distance, to this.
  AWAY: [20, 'PAY'],
  NO_POSITION: [25, 'LOOK'],
  NO_TAG: [15, 'PAY'],
  DOOR_UNKNOWN: [5, 'PAY'],
  OFFLINE: [5, 'PAY'],
};

export const evidenceTexts: Readonly<Record<EvidenceReason, Text>> = {
  CANCELLED: { zh: '服务已取消，却有打卡', en: 'The visit was cancelled, and there are taps' },
  NOT_THERE: { zh: '有护理员没有签到', en: 'A caregiver never checked in' },
  TOO_FAR: { zh: '打卡地点离老人家太远', en: "A tap was too far from the elder's door" },
  TOO_SHORT: { zh: '服务时长不足规定的一半', en: 'Not half of the least time was spent on site' },
  ELDER_AWAY: {
    zh: '老人当日已入住机构或在住院',
    en: 'The elder lived in an institution, or was in hospital, on that day',
  },
  REASSIGNED: {
    zh: '另有已不负责此次服务的护理员打卡',
    en: 'Somebody tapped from whom the visit had been taken',
  },
  ENDED_FOR: { zh: '没有签退，由站点结束', en: 'Nobody checked out: the station ended it' },
  WRONG_TAG: { zh: '门牌码不是这位老人的', en: "The tag that was read is none of this elder's door" },
  CLOCK: { zh: '手机时钟不准', en: 'The clock of the device was wrong' },
  TIME: { zh: '打卡时间不在服务时段内', en: 'A tap lies outside the time of the visit' },
  LATE: { zh: '离线打卡上传过晚', en: 'A tap was uploaded very late' },
  SHORT: { zh: '服务时长不足', en: 'Less than the least time was spent on site' },
  AWAY: { zh: '打卡地点离老人家有些远', en: "A tap was some way from the elder's door" },
  NO_POSITION: { zh: '打卡没有定位', en: 'A tap came without a position' },
  NO_TAG: { zh: '没有读取门牌码', en: 'The tag at the door was not read' },
  DOOR_UNKNOWN: { zh: '老人家的位置尚未登记', en: "Where the elder's door is is not known" },
  OFFLINE: { zh: '离线打卡', en: 'A tap was made offline' },
};

const order: readonly EvidenceDecision[] = ['PAY', 'LOOK', 'BLOCK'];

/** What the taps of a visit are worth: of two caregivers the one who shows less counts, and all reasons are told. */
export function scoreEvidence(facts: EvidenceFacts, terms: CareTerms): Evidence {
  const all: Findings[] = facts.presences.map((presence) => findingsOf(presence, facts, terms));
  // A visit that nobody is to bring shows nothing.
  if (all.length === 0) all.push(new Map([['NOT_THERE', weights.NOT_THERE[0]]]));
  const score = Math.min(100, ...all.map(scoreOf));
  const found = new Set(all.flatMap((findings) => [...findings.keys()]));
  const reasons = evidenceReasons.filter((reason) => found.has(reason));
  const byScore: EvidenceDecision =
    score >= terms.payFrom ? 'PAY' : score >= terms.lookFrom ? 'LOOK' : 'BLOCK';
  const decision = reasons.map((reason) => weights[reason][1]).reduce(worse, byScore);
  return { score, decision, reasons };
}

function worse(one: EvidenceDecision, other: EvidenceDecision): EvidenceDecision {
  return order.indexOf(other) > order.indexOf(one) ? other : one;
}

type Findings = Map<EvidenceReason, number>;

function scoreOf(findings: Findings): number {
  return Math.max(0, 100 - [...findings.values()].reduce((sum, points) => sum + points, 0));
}

function findingsOf(
  { plannedMs, arrived, left }: ScoredPresence,
  { status, hasTags, isEndedFor, isElderAway, isReassigned }: EvidenceFacts,
  terms: CareTerms,
): Findings {
  const found: Findings = new Map();
  const find = (reason: EvidenceReason, points = weights[reason][0]) =>
    found.set(reason, Math.max(points, found.get(reason) ?? 0));
  if (status === 'CANCELLED') find('CANCELLED');
  if (isElderAway) find('ELDER_AWAY');
  if (isReassigned) find('REASSIGNED');
  if (!arrived) {
    find('NOT_THERE');
    return found;
  }
  const taps = left ? [arrived, left] : [arrived];
  if (!left && isEndedFor) find('ENDED_FOR');
  if (left) lookAtMinutes(left.countsAtMs - arrived.countsAtMs, plannedMs, terms, find);
  for (const tap of taps) {
    lookAtPlace(tap, terms, find);
    for (const doubt of tap.doubts) find(doubt);
    if (tap.isOffline) find('OFFLINE');
    if (tap.tag === 'OTHER') find('WRONG_TAG');
  }
  // Read once it is known who stood at the door; a wrong one is another finding.
  if (hasTags && taps.every(({ tag }) => tag === 'NONE')) find('NO_TAG');
  return found;
}

type Find = (reason: EvidenceReason, points?: number) => unknown;

function lookAtMinutes(onSiteMs: number, plannedMs: number, terms: CareTerms, find: Find): void {
  const wantedMs = (plannedMs * terms.minutesShareMin) / 100;
  if (onSiteMs * 2 < wantedMs) find('TOO_SHORT');
  else if (onSiteMs < wantedMs) find('SHORT');
}

function lookAtPlace({ hasPosition, distanceMetres }: ScoredTap, terms: CareTerms, find: Find): void {
  const { nearMetres, farMetres } = terms;
  if (!hasPosition) find('NO_POSITION');
  else if (distanceMetres === null) find('DOOR_UNKNOWN');
  else if (distanceMetres > farMetres) find('TOO_FAR');
  else if (distanceMetres > nearMetres) {
    const share = (distanceMetres - nearMetres) / (farMetres - nearMetres);
    find('AWAY', Math.ceil(share * weights.AWAY[0]));
  }
}
