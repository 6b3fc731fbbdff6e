import type { EntityManager } from 'typeorm';
import { doorsOf } from '../elders/elder-door.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { placeholders } from '../shared/statements.js';
import { careTermsOf } from './care-terms.js';
import { type CareVisit, lockCareVisits, reachedVisits } from './care-visits.js';
import { type CheckRefusal, refuseCheck } from './check-refusals.js';
import { liveTags, tagHash } from './door-tags.js';
import { formerVisits } from './former-caregivers.js';
import { type GivenCheck, type WellFormedCheck, wellFormed } from './given-check.rules.js';
import { type CheckFacts, judgeCheck } from './judge-check.rules.js';
import { keepCheck } from './keep-check.js';
import type { VisitReach } from './visit-reach.js';

/** The most taps of one upload: more than a caregiver makes in a fortnight. */
export const checksAtOnceMax = 200;

/** How many taps of one caregiver are kept of a visit: all are read with each further one, and a broken device may never end. */
export const checksOfVisitMax = 40;

/** What became of a tap. */
export interface RecordedCheck {
  visitId: number;
  /** True when this tap had been recorded before. */
  isReplayed: boolean;
  /** True when somebody has to look, because it cannot be taken as it is. */
  isForReview: boolean;
}

/**
 * Records taps of one caregiver, each by itself: one that is refused writes nothing and spoils none of the others.
 * They may come in any order and again; what they lead to follows from all that is known of a visit, and not from the
 * order (presence.rules.ts). Answers stand in the order of the taps.
 */
export async function recordChecks(
  manager: EntityManager,
  given: readonly GivenCheck[],
  reach: VisitReach,
  now: Date,
): Promise<(RecordedCheck | CheckRefusal)[]> {
  const checks = given.map(wellFormed);
  const sound = checks.filter((check): check is WellFormedCheck => !Array.isArray(check));
  const wanted = [...new Set(sound.map(({ visitId }) => visitId))];
  const today = dayOf(now);
  const reached = await reachedVisits(manager, wanted, reach, today);
  const former = await formerVisits(manager, wanted, reach, today);
  const visits = await lockCareVisits(manager, [...new Set([...reached, ...former.keys()])]);
  const facts = await readFacts(manager, sound, [...visits.values()]);
  const answers = new Map<number, RecordedCheck | CheckRefusal>();
  // In the order of their times, in before out, so that one upload takes each step once.
  const order = checks
    .map((check, index) => ({ check, index }))
    .sort((one, other) => {
      if (Array.isArray(one.check) || Array.isArray(other.check)) return one.index - other.index;
      const byTime = one.check.at.getTime() - other.check.at.getTime();
      return byTime || (one.check.kind === other.check.kind ? 0 : one.check.kind === 'IN' ? -1 : 1);
    });
  for (const { check, index } of order) {
    answers.set(
      index,
      Array.isArray(check)
        ? refuseCheck(check[0], check[1])
        : await recordOne(manager, check, { visits, former, facts, accountId: reach.own.accountId, now }),
    );
  }
  return given.map((_, index) => answers.get(index) as RecordedCheck | CheckRefusal);
}

interface Recording {
  visits: ReadonlyMap<number, CareVisit>;
  /** Of visits that were taken from the caller, as which caregiver. */
  former: ReadonlyMap<number, number>;
  facts: FactsOfAll;
  accountId: number;
  now: Date;
}

async function recordOne(
  manager: EntityManager,
  check: WellFormedCheck,
  { visits, former, facts, accountId, now }: Recording,
): Promise<RecordedCheck | CheckRefusal> {
  const visit = visits.get(check.visitId);
  const part = visit?.parts.find((each) => each.accountId === accountId);
  // At the door it is the visit of somebody else; what was stored meanwhile shows who was there.
  const isFormer = !part && check.isOffline;
  const caregiverId = part?.caregiverId ?? (isFormer ? former.get(check.visitId) : undefined);
  if (!visit || caregiverId === undefined) return refuseCheck('VISIT_UNKNOWN');
  const earlier = facts.earlier.get(check.requestId);
  if (earlier) return replayOf(check, earlier, caregiverId);
  const kept = visit.taps.filter((tap) => tap.caregiverId === caregiverId);
  if (kept.length >= checksOfVisitMax) return refuseCheck('TOO_MANY');
  const own = factsFor(check, visit, { caregiverId, isFormer }, facts, now);
  const judged = judgeCheck(check, visit, own);
  if (isRefusal(judged)) return judged;
  await keepCheck(manager, {
    check,
    visit,
    judged,
    terms: own.terms,
    tagSince: own.tagSince,
    accountId,
    now,
  });
  facts.earlier.set(check.requestId, {
    visitId: visit.id,
    caregiverId,
    kind: check.kind,
    deviceAtMs: check.at.getTime(),
    doubts: judged.tap.doubts.join(' '),
  });
  return { visitId: visit.id, isReplayed: false, isForReview: judged.tap.doubts.length > 0 };
}

/** The same tap gets its first answer; another tap may not go by its id. */
function replayOf(
  check: WellFormedCheck,
  earlier: EarlierCheck,
  caregiverId: number,
): RecordedCheck | CheckRefusal {
  const isSame =
    earlier.visitId === check.visitId &&
    earlier.caregiverId === caregiverId &&
    earlier.kind === check.kind &&
    earlier.deviceAtMs === check.at.getTime();
  if (!isSame) return refuseCheck('REQUEST_ID_REUSED');
  return { visitId: check.visitId, isReplayed: true, isForReview: earlier.doubts !== '' };
}

interface EarlierCheck {
  visitId: number;
  caregiverId: number;
  kind: string;
  deviceAtMs: number;
  /** Without the word that says that no position was told. */
  doubts: string;
}

interface FactsOfAll {
  earlier: Map<string, EarlierCheck>;
  termsOf(visit: CareVisit): CheckFacts['terms'];
  doors: Awaited<ReturnType<typeof doorsOf>>;
  tags: Awaited<ReturnType<typeof liveTags>>;
  hashOf(tag: string): string;
}

/** What all taps of an upload are judged by: a fixed number of statements for each day that they are about. */
async function readFacts(
  manager: EntityManager,
  checks: readonly WellFormedCheck[],
  visits: readonly CareVisit[],
): Promise<FactsOfAll> {
  const requestIds = [...new Set(checks.map(({ requestId }) => requestId))];
  const rows: (Omit<EarlierCheck, 'deviceAtMs'> & { requestId: string; deviceAt: number | string })[] =
    await manager.query(
      `SELECT requestId, visitId, caregiverId, kind, deviceAt, doubts FROM visit_check
        WHERE requestId IN (${placeholders(requestIds) || 'NULL'})`,
      requestIds,
    );
  const terms = new Map<string, CheckFacts['terms']>();
  for (const day of new Set(visits.map(({ startsAt }) => dayOf(startsAt)))) {
    const stationIds = [...new Set(visits.map(({ stationId }) => stationId))];
    for (const [id, each] of await careTermsOf(manager, stationIds, day)) terms.set(`${id} ${day}`, each);
  }
  const elderIds = [...new Set(visits.map(({ elderId }) => elderId))];
  const hashOf = (tag: string) => tagHash(manager, tag);
  const hashes = checks.flatMap(({ tag }) => (tag === null ? [] : [hashOf(tag)]));
  return {
    earlier: new Map(
      rows.map(({ requestId, deviceAt, doubts, ...row }) => [
        requestId,
        { ...row, deviceAtMs: Number(deviceAt), doubts: doubts.replace('UNPLACED', '').trim() },
      ]),
    ),
    termsOf: ({ stationId, startsAt }) => terms.get(`${stationId} ${dayOf(startsAt)}`) as CheckFacts['terms'],
    doors: await doorsOf(manager, elderIds),
    tags: await liveTags(manager, hashes, elderIds),
    hashOf,
  };
}

function factsFor(
  { tag }: WellFormedCheck,
  visit: CareVisit,
  whose: Pick<CheckFacts, 'caregiverId' | 'isFormer'>,
  { termsOf, doors, tags, hashOf }: FactsOfAll,
  now: Date,
): CheckFacts & { tagSince: Date | undefined } {
  const isOwnDoor = tag !== null && tags.elderOf.get(hashOf(tag)) === visit.elderId;
  return {
    ...whose,
    terms: termsOf(visit),
    door: doors.get(visit.elderId)?.position ?? null,
    tag: tag === null ? 'NONE' : isOwnDoor ? 'MATCH' : 'OTHER',
    tagSince: tags.since.get(visit.elderId),
    now,
  };
}
