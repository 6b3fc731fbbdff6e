import type { EntityManager } from 'typeorm';
import { type BedType, bedTypes } from '../../entities/beds/bed.entity.js';
import { admissionTerms } from '../../src/beds/admission-terms.js';
import type { AdmissionTerms } from '../../src/beds/bed.rules.js';
import { answerName } from '../../src/beds/read-transfers.js';
import type { ClassRow } from '../../src/beds/waitlist.rules.js';
import type { Scale } from '../../src/elders/assessment.rules.js';
import { addDays, type Day, dayOf } from '../../src/shared/china-time.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { type Applicant, applicantsOf } from './applicants.js';
import { assessmentIds, assessmentsUntil, insertAssessments, type PlannedAssessment } from './assessments.js';
import type { PlannedHome } from './homes.js';
import { insertBeds, insertFees } from './insert-homes.js';
import { insertLine } from './insert-line.js';
import { insertClosures, insertStays, insertTransfers } from './insert-stays.js';
import {
  inLine,
  type PlannedEntry,
  type PlannedHold,
  planAdmitted,
  planEntries,
  planHolds,
  planOffers,
} from './line-plan.js';
import { bedsOf, type PlannedBed } from './rooms.js';
import { levelFor, type PlannedStay, Pool, planStays } from './stay-plan.js';

/** What is the same for every home of a city. */
export interface BedCity {
  now: Date;
  scale: Scale;
  classes: readonly ClassRow[];
}

/** All that is to stand in a home, before any of it has an id. */
export interface PlannedContent {
  home: PlannedHome;
  facilityId: number;
  byId: number;
  today: Day;
  beds: readonly PlannedBed[];
  stays: readonly PlannedStay[];
  entries: readonly PlannedEntry[];
  holds: readonly PlannedHold[];
  tookOffer: ReadonlySet<PlannedStay>;
  assessments: readonly PlannedAssessment[];
}

export interface HomeToFill extends PlannedContent {
  /** In the order of `beds`. */
  bedIds: readonly number[];
  now: Date;
}

/** Whom the home may have, and what it makes of them: pure but for what is read about elders and terms. */
export async function planHome(
  manager: EntityManager,
  {
    home,
    facilityId,
    byId,
    numbers,
  }: Pick<PlannedContent, 'home' | 'facilityId' | 'byId'> & { numbers: readonly number[] },
  { now, classes }: BedCity,
): Promise<PlannedContent> {
  const today = dayOf(now);
  // Residents, who lived there before, a line, and a good many more for rooms that are for women or men.
  const wanted = Math.ceil(home.size * (home.occupancy + 0.6));
  const pool = new Pool(
    await applicantsOf(manager, numbers, { wanted, registeredUntil: addDays(today, -30) }),
  );
  const terms = {} as Record<BedType, AdmissionTerms>;
  for (const bedType of bedTypes)
    terms[bedType] = await admissionTerms(manager, { facilityId, bedType, on: today });
  const beds = bedsOf(home, today);
  const plan = { home, beds, pool, terms, today };
  const entries = planEntries(plan);
  const stays = planStays(plan);
  const free = neverUsed(beds, stays, today);
  const line = inLine(
    entries.filter(({ type }) => type === 'NURSING'),
    classes,
    today,
  );
  const offers = planOffers(plan, line, { free, now });
  const holds = planHolds(plan, { free, now });
  const admitted = planAdmitted(plan, stays);
  const tookOffer = new Set(admitted.holds.flatMap(({ stay }) => stay ?? []));
  const content = {
    ...{ home, facilityId, byId, today, beds, stays, tookOffer },
    entries: [...entries, ...admitted.entries],
    holds: [...offers, ...holds, ...admitted.holds],
  };
  return { ...content, assessments: assessmentsOf(content) };
}

function neverUsed(beds: readonly PlannedBed[], stays: readonly PlannedStay[], today: Day): number[] {
  const used = new Set(stays.map(({ bed }) => bed));
  return beds.flatMap(({ inServiceFrom }, bed) =>
    used.has(bed) || inServiceFrom > addDays(today, -200) ? [] : [bed],
  );
}

/** Everybody is assessed before they come, hold a bed or apply, and again before that expires, for as long as they stay. */
function assessmentsOf({
  beds,
  stays,
  entries,
  holds,
  today,
}: Omit<PlannedContent, 'assessments'>): PlannedAssessment[] {
  const needs = new Map<Applicant, { level: number; before: Day; until: Day }>();
  const need = (applicant: Applicant, level: number, before: Day, until: Day) => {
    const known = needs.get(applicant);
    if (!known) needs.set(applicant, { level, before, until });
    else if (before < known.before) known.before = before;
    if (known && until > known.until) known.until = until;
  };
  for (const { applicant, level, from, to } of stays) need(applicant, level, from, to ?? today);
  for (const { applicant, level, joinedAt } of entries) need(applicant, level, dayOf(joinedAt), today);
  for (const { applicant, bed, heldAt } of holds) {
    need(applicant, levelFor(beds[bed]?.type ?? 'NURSING', applicant.elderId), dayOf(heldAt), today);
  }
  return [...needs].flatMap(([applicant, { level, ...days }]) => assessmentsUntil(applicant, level, days));
}

/** Ids that a home takes: of assessments, stays, leaves, entries, holds and a transfer. */
export function idsNeeded({ assessments, stays, entries, holds }: PlannedContent): number {
  const leaves = stays.reduce((sum, stay) => sum + stay.leaves.length, 0);
  return assessmentIds(assessments) + stays.length + leaves + entries.length + holds.length + 1;
}

/** Writes what was planned for a home; `firstId` is the first of as many ids as it needs. In a write transaction. */
export async function fillHome(
  manager: EntityManager,
  content: PlannedContent,
  {
    city,
    firstId,
    other,
  }: { city: BedCity; firstId: number; other: { facilityId: number; byId: number } | undefined },
): Promise<void> {
  const { facilityId, byId, beds, stays, entries, holds, assessments } = content;
  const bedIds = await insertBeds(manager, facilityId, beds);
  await insertFees(
    manager,
    content,
    beds.map((bed, place) => ({ ...bed, id: bedIds[place] as number })),
  );
  let next = firstId;
  const number = <Row>(rows: readonly Row[]) => new Map(rows.map((row) => [row, next++]));
  const holdIds = number(holds);
  const kept = new Map(
    holds.flatMap((hold) => (hold.stay ? [[hold.stay, holdIds.get(hold) as number]] : [])),
  );
  const stayIds = new Map(stays.map((stay) => [stay, kept.get(stay) ?? next++]));
  const entryIds = number(entries);
  const [transferId, assessmentId] = [next, next + 1];
  const leaveId = assessmentId + assessmentIds(assessments);
  const home = { ...content, bedIds, now: city.now };
  await insertAssessments(manager, assessments, { scale: city.scale, firstId: assessmentId, byId });
  await insertStays(manager, home, { stayIds, leaveId });
  await insertLine(manager, home, { entryIds, holdIds });
  const used = new Set([...stays, ...holds].map(({ bed }) => bed));
  const free = beds.flatMap((_, bed) => (used.has(bed) ? [] : [bed]));
  await insertClosures(manager, home, openAlready(free, home));
  const sealed = cipherOf(manager).encrypt(answerName, '目前没有合适的床位');
  await insertTransfers(manager, home, { id: transferId, stayIds, other: other && { ...other, sealed } });
}

/** What is not in service yet cannot be closed. */
function openAlready(free: readonly number[], { beds, today }: HomeToFill): number[] {
  return free.filter((bed) => (beds[bed]?.inServiceFrom ?? today) < addDays(today, -120));
}
