import type { EntityManager } from 'typeorm';
import { auditInserts } from '../audit-log/audit-record.js';
import { type InstitutionStays, noStays, stayKey } from '../elders/institution-stays.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { readTogether, writeTogether } from '../shared/statements.js';
import { type AnsweredBatch, batchRecord, leavesRecord } from './batch-record.js';
import { type TermsByKey, termsKey } from './canteen-terms.js';
import { normalizedCardUid } from './card.rules.js';
import {
  type DecidedSwipe,
  postingOf,
  reviewInsert,
  storedAs,
  swipeColumns,
  swipeRow,
  unrecorded,
} from './decided-swipe.js';
import { balanceChanges, postingInserts } from './ledger.js';
import { MealsTaken } from './meals-taken.js';
import { together } from './rules/rule-needs.rules.js';
import {
  type CanteenTerms,
  type CardFacts,
  decideSwipe,
  isKept,
  isTimely,
  malformedField,
  type SwipeCommand,
  type SwipeLimits,
} from './swipe.rules.js';
import { cardsOf, cardsQuery, fileQueries } from './swipe-facts.js';
import { readSwipes, type StoredSwipe, type SwipeAnswer, storedIdsQuery } from './swipe-receipt.js';

/** One tap and the reader that sent it. */
export interface SwipeRequest {
  /** The account of the reader, or of who handed over a meal that was ordered. */
  readerId: number;
  canteenId: number;
  /** False once the reader's key was revoked. */
  readerActive: boolean;
  /** From where it was sent; null where it did not come over the network. */
  address?: string | null;
  command: SwipeCommand;
}

/** What a batch of swipes is recorded with. */
export interface Recording {
  /** The first of as many unused ids as there are requests, and one: a swipe and its posting share one, and the
   * last is that of the batch's record in the audit log. */
  firstId: number;
  /** By the machine's own clock, for the audit log. */
  recordedAt: Date;
  now: Date;
  limits: SwipeLimits;
  terms: TermsByKey;
  /** Who lives in an institution; nobody without it. */
  stays?: InstitutionStays;
  /** Set where the caller keeps a record of what it does, in the same transaction, and the meal is part of that. */
  onRecord?: boolean;
}

/**
 * Records swipes of any readers in one transaction, and answers each. The statements are as many for one
 * swipe as for five hundred: the cards are locked and read, then ids and meals taken, each swipe is decided
 * in memory in the order of arrival, and the rows are written together, in as few round trips as the engine allows.
 */
export async function recordSwipes(
  manager: EntityManager,
  requests: readonly SwipeRequest[],
  recording: Recording,
): Promise<SwipeAnswer[]> {
  const normal = requests.map(normalized);
  const known = await readKnown(manager, normal, recording);
  const answers = normal.map((request, index) =>
    answerOne(request, recording.firstId + index, recording, known),
  );
  await write(manager, known.kept, recording.now, { requests: normal, answers, recording });
  return answers;
}

/** What the database knows of a batch; answering a swipe adds what the next ones must know. */
interface Known {
  cards: ReadonlyMap<string, CardFacts>;
  stored: Map<string, StoredSwipe>;
  taken: MealsTaken;
  /** Who lives in an institution when, as `stayKey`. */
  stays: ReadonlySet<string>;
  /** The swipes to be written. */
  kept: DecidedSwipe[];
}

async function readKnown(
  manager: EntityManager,
  requests: readonly SwipeRequest[],
  { now, limits, terms, stays: institutions = noStays }: Recording,
): Promise<Known> {
  const commands = requests.map(({ command }) => command).filter((command) => !malformedField(command));
  const timely = commands.filter((command) => isTimely({ command, now, limits }));
  const uids = [...new Set(commands.map(({ cardUid }) => cardUid))];
  const swipeIds = [...new Set(commands.map(({ swipeId }) => swipeId))];
  if (uids.length === 0) {
    return { cards: new Map(), stored: new Map(), taken: new MealsTaken(), stays: new Set(), kept: [] };
  }
  const needs = together(termsOf(requests, terms).map((each) => each.needs));
  // The cards come first: their rows are the lock behind which everything else is read.
  const [cardRows = [], storedRows = [], homes, memberships] = await readTogether(manager, [
    cardsQuery(manager, uids, forUpdate(manager)),
    storedIdsQuery(manager, swipeIds),
    ...(needs.file ? fileQueries(manager, uids) : []),
  ]);
  const cards = cardsOf(cardRows, homes, memberships);
  const stored = await readSwipes(
    manager,
    (storedRows as { swipeId: string }[]).map(({ swipeId }) => swipeId),
  );
  const elderIds = [...new Set([...cards.values()].map(({ elderId }) => elderId))];
  const days = [...new Set(timely.map(({ swipedAt }) => dayOf(swipedAt)))];
  const taken = await MealsTaken.read(manager, elderIds, days, needs.past);
  const stays = await institutions.on(manager, elderIds, days);
  return { cards, stored, taken, stays, kept: [] };
}

/** The terms of the canteens and days of a batch, each once. */
function termsOf(requests: readonly SwipeRequest[], terms: TermsByKey): CanteenTerms[] {
  const found = new Set<CanteenTerms>();
  for (const { canteenId, command } of requests) {
    const own = terms.get(termsKey({ canteenId, day: dayOf(command.swipedAt) }));
    if (own) found.add(own);
  }
  return [...found];
}

/** Readers differ in how they write hexadecimal; the database knows one way. */
function normalized(request: SwipeRequest): SwipeRequest {
  const { command } = request;
  const swipeId = command.swipeId.toLowerCase();
  return { ...request, command: { ...command, swipeId, cardUid: normalizedCardUid(command.cardUid) } };
}

/** Decides one swipe and lets the ones after it in the batch see what it did. */
function answerOne(
  request: SwipeRequest,
  id: number,
  { now, limits, terms }: Recording,
  { cards, stored, taken, stays, kept }: Known,
): SwipeAnswer {
  const { command } = request;
  const malformed = malformedField(command);
  if (malformed) return unrecorded(command, 'INPUT_MALFORMED', malformed);
  const earlier = stored.get(command.swipeId);
  if (earlier) return replay(request, earlier);

  const day = dayOf(command.swipedAt);
  const card = cards.get(command.cardUid);
  const canteen = terms.get(termsKey({ canteenId: request.canteenId, day }));
  const decision = decideSwipe({
    command,
    now,
    limits,
    readerActive: request.readerActive,
    canteen,
    card,
    isMealTaken: (mealDay, meal) => card !== undefined && taken.has(card.elderId, mealDay, meal),
    livesInInstitution: (mealDay) => card !== undefined && stays.has(stayKey(card.elderId, mealDay)),
    pastMeals: ({ versions }) => (card ? taken.past(card.elderId, versions) : []),
  });
  if (!isKept(decision.outcome, command)) return unrecorded(command, decision.outcome);
  if (card && decision.outcome === 'ACCEPTED') {
    card.balanceFen -= decision.split.selfPaidFen;
    taken.add(card.elderId, day, decision.meal, decision.split.uses);
  }
  const mealDate = decision.outcome === 'CLOCK_OUT_OF_RANGE' ? dayOf(now) : day;
  const balanceFen = card?.balanceFen ?? null;
  const decided = { id, request, decision, canteen, card, balanceFen, mealDate };
  const storedSwipe = storedAs(decided);
  kept.push(decided);
  stored.set(command.swipeId, storedSwipe);
  return storedSwipe.answer;
}

/** The first answer again when everything is as it was, whatever has happened since. */
function replay(request: SwipeRequest, earlier: StoredSwipe): SwipeAnswer {
  const { command } = request;
  const first = earlier.command;
  const same =
    request.readerId === earlier.readerId &&
    command.sequence === first.sequence &&
    command.cardUid === first.cardUid &&
    command.swipedAt.getTime() === first.swipedAt.getTime() &&
    command.grossFen === first.grossFen &&
    command.mode === first.mode &&
    (command.menu ?? 'SET_MEAL') === (first.menu ?? 'SET_MEAL') &&
    command.offline === first.offline;
  return same ? { ...earlier.answer, replayed: true } : unrecorded(command, 'SWIPE_ID_REUSED');
}

async function write(
  manager: EntityManager,
  kept: readonly DecidedSwipe[],
  now: Date,
  batch: AnsweredBatch,
): Promise<void> {
  const changes = new Map<number, number>();
  for (const { card, decision } of kept) {
    if (!card || !('meal' in decision)) continue;
    changes.set(card.accountId, (changes.get(card.accountId) ?? 0) - decision.split.selfPaidFen);
  }
  const rows = kept.map((swipe) => swipeRow(swipe, now));
  await writeTogether(manager, [
    { table: 'swipe', columns: swipeColumns, rows },
    reviewInsert(kept),
    ...postingInserts(kept.flatMap((swipe) => postingOf(swipe, now))),
    ...balanceChanges(changes),
    ...(!batch.recording.onRecord && leavesRecord(batch.answers)
      ? auditInserts([batchRecord(batch, rows)])
      : []),
  ]);
}
