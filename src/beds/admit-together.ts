import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { coverEach, nowhere } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import {
  type AdmissionContent,
  type DecidedAdmission,
  type LockedAdmission,
  whetherAdmissible,
  writeAdmissions,
} from './admission-steps.js';
import { termsAndAnswers } from './admission-terms.js';
import { noteOf } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type BedRequested, keepAnswers, requestIdFault } from './bed-requests.js';
import { lineAdmission, lookAtLines } from './line-check.js';
import { type BedElder, type BedReach, eldersInReach, lockElders } from './lock-elder.js';
import { type FoundBed, lockBeds } from './read-beds.js';
import { type Stay, stayById } from './read-stays.js';
import { claimsOnEach } from './who-has.js';

export interface AdmissionWanted extends AdmissionContent {
  requestId: string;
  /** Why others who wait are passed over. */
  skipReason?: string | null;
}

/** An admission, and where whoever asks for it may act. */
export interface AdmissionAsked {
  wanted: AdmissionWanted;
  reach: BedReach;
}

/** One of them on its way to an answer. */
interface Case extends AdmissionAsked {
  requested: BedRequested;
  skipReason: string | null;
  answer?: Stay | BedRefusal;
}

type LockedCase = Case & { bed: FoundBed; elder: BedElder };

/**
 * Lets elders into beds from a day on, each from the elder's hold or straight in, and answers in order. Every other hold
 * of an elder ends: who has a bed needs none. They are all asked for on one day, and no two are of one elder, one bed or
 * one request, so each is decided as if it were alone. The number of statements does not depend on how many they are,
 * but for those that end a hold or a place in line, or are asked whom they pass over.
 */
export async function admitTogether(
  manager: EntityManager,
  asked: readonly AdmissionAsked[],
  afterwards: readonly AfterStay[],
): Promise<(Stay | BedRefusal)[]> {
  const cases = asked.map(caseOf);
  const [today] = cases.map(({ wanted }) => dayOf(wanted.now));
  const locked = today === undefined ? [] : await lockCases(manager, open(cases), today);
  const termed = await withTerms(manager, locked);
  const decided = await decide(manager, termed);
  if (decided.length > 0) {
    const stays = await writeAdmissions(manager, decided, today as Day, afterwards);
    decided.forEach(({ given }, index) => {
      given.answer = stays[index] as Stay;
    });
    await keepAnswers(
      manager,
      decided.map(({ given, wanted }, index) => {
        return { requested: given.requested, rowId: (stays[index] as Stay).id, now: wanted.now };
      }),
    );
  }
  return cases.map(({ answer }) => answer as Stay | BedRefusal);
}

function open<Each extends Case>(cases: readonly Each[]): Each[] {
  return cases.filter(({ answer }) => answer === undefined);
}

function caseOf({ wanted, reach }: AdmissionAsked): Case {
  const { bedId, elderId, from, holdId, contractSignedOn } = wanted;
  const skipReason = noteOf(wanted.skipReason);
  const content = [bedId, elderId, from, holdId, contractSignedOn, ...(skipReason ? [skipReason] : [])];
  const requested: BedRequested = { requestId: wanted.requestId, operation: 'ADMIT', content };
  const found: Case = { wanted, reach, requested, skipReason: skipReason ?? null };
  const malformed = requestIdFault(wanted);
  const unreadable = skipReason === undefined ? refuseBed('NOTE_INVALID', ['skipReason']) : undefined;
  const answer = malformed ?? unreadable;
  return answer ? { ...found, answer } : found;
}

/** Locks the elders, then the beds; those of which one lies out of reach are answered. */
async function lockCases(manager: EntityManager, cases: readonly Case[], today: Day): Promise<LockedCase[]> {
  if (cases.length === 0) return [];
  const elders = await lockElders(
    manager,
    cases.map(({ wanted }) => wanted.elderId),
  );
  const beds = await lockBeds(
    manager,
    cases.map(({ wanted }) => wanted.bedId),
  );
  const elderOf = ({ wanted }: Case) => elders.get(wanted.elderId);
  const bedOf = ({ wanted }: Case) => beds.get(wanted.bedId);
  const isElderThere = await eldersInReach(
    manager,
    cases.map((one) => ({ elderId: one.wanted.elderId, elder: elderOf(one), reach: one.reach })),
    today,
  );
  const places = cases.map((one) => ({
    scope: one.reach.beds,
    facilityId: bedOf(one)?.facilityId ?? nowhere,
  }));
  const isBedThere = await coverEach(manager, places, today);
  return cases.flatMap((one, index) => {
    const bed = isBedThere[index] ? bedOf(one) : undefined;
    const elder = isElderThere[index] ? elderOf(one) : undefined;
    if (bed && elder) return [Object.assign(one, { bed, elder })];
    one.answer = bed ? refuseBed('ELDER_NOT_ACTIVE', ['elderId']) : refuseBed('BED_NOT_FREE', ['bedId']);
    return [];
  });
}

interface TermedCase {
  given: Case;
  wanted: AdmissionContent;
  locked: LockedAdmission;
}

/** On which terms; those that were asked for before are answered as they were then. */
async function withTerms(manager: EntityManager, cases: readonly LockedCase[]): Promise<TermedCase[]> {
  if (cases.length === 0) return [];
  const asked = cases.map(({ bed, wanted }) => ({
    facilityId: bed.facilityId,
    bedType: bed.type,
    on: wanted.from,
  }));
  const requested = cases.map((one) => one.requested);
  const { terms, earlier } = await termsAndAnswers(manager, asked, requested);
  for (const [index, one] of cases.entries()) {
    const before = earlier[index];
    if (!before) continue;
    const again = 'rowId' in before ? await stayById(manager, before.rowId, one.wanted.now) : before;
    one.answer = again as Stay | BedRefusal;
  }
  return cases.flatMap((given, index) => {
    const ownTerms = terms[index];
    if (given.answer || !ownTerms) return [];
    const { bed, elder, skipReason, wanted } = given;
    return [{ given, wanted, locked: { bed, elder, skipReason, terms: ownTerms } }];
  });
}

/** What there is to write; the others are answered. */
async function decide(
  manager: EntityManager,
  cases: readonly TermedCase[],
): Promise<(DecidedAdmission & { given: Case })[]> {
  if (cases.length === 0) return [];
  const claims = await claimsOnEach(
    manager,
    cases.map(({ wanted: { bedId, elderId, from, now } }) => ({ bedId, elderId, from, to: null, now })),
  );
  const admissible = cases.flatMap((one, index) => {
    const result = whetherAdmissible(manager, one.wanted, one.locked, claims[index] ?? []);
    if (!('refused' in result)) return [{ ...one, admissible: result }];
    one.given.answer = result;
    return [];
  });
  if (admissible.length === 0) return [];
  const seen = await lookAtLines(
    manager,
    admissible.map(({ wanted: { elderId }, locked: { bed } }) => ({
      elderId,
      facilityId: bed.facilityId,
      bedType: bed.type,
    })),
  );
  const decided: (DecidedAdmission & { given: Case })[] = [];
  for (const [index, one] of admissible.entries()) {
    const { wanted, locked } = one;
    const holdId = one.admissible.kept?.id;
    const letIn = new Set(decided.map((other) => other.wanted.elderId));
    const asked = { ...locked, from: wanted.from, now: wanted.now, holdId, letIn };
    const line = await lineAdmission(manager, asked, seen[index]);
    if ('refused' in line) one.given.answer = line;
    else decided.push({ ...one, line });
  }
  return decided;
}
