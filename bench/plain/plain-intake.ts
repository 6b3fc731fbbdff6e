import type { EntityManager } from 'typeorm';
import { LedgerAccount, LedgerEntry, LedgerPosting, MealCard, Swipe } from '../../entities/index.js';
import { type CanteenTermsCache, termsKey } from '../../src/meals/canteen-terms.js';
import { normalizedCardUid } from '../../src/meals/card.rules.js';
import { type DecidedSwipe, postingOf, storedAs, unrecorded } from '../../src/meals/decided-swipe.js';
import type { SwipeRequest } from '../../src/meals/record-swipes.js';
import { writtenUses } from '../../src/meals/rules/rule-catalog.js';
import {
  type CanteenTerms,
  type CardFacts,
  decideSwipe,
  type SwipeLimits,
} from '../../src/meals/swipe.rules.js';
import type { TakesSwipes } from '../../src/meals/swipe-intake.js';
import type { SwipeAnswer } from '../../src/meals/swipe-receipt.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Clock } from '../../src/shared/clock.js';
import { type Database, engineOf } from '../../src/shared/database.js';
import type { IdBlocks } from '../../src/shared/ids.js';

export interface PlainIntakeOptions {
  database: Database;
  ids: IdBlocks;
  clock: Clock;
  limits: SwipeLimits;
  terms: CanteenTermsCache;
}

/**
 * The obvious way to record a swipe, to measure the platform's against: a TypeORM transaction for each, which
 * finds, finds, counts, saves and saves. It keeps prices and rules in memory as the platform does, decides by the
 * same rules and writes the same rows of meals and money, but for swipes that are accepted only: nothing else is
 * sent to it. It writes no record to the audit log, which spares it a statement.
 */
export class PlainIntake implements TakesSwipes {
  private readonly underWay = new Set<Promise<SwipeAnswer>>();

  constructor(private readonly options: PlainIntakeOptions) {}

  record(request: SwipeRequest): Promise<SwipeAnswer> {
    const answer: Promise<SwipeAnswer> = this.recordOne(request).finally(() => this.underWay.delete(answer));
    this.underWay.add(answer);
    return answer;
  }

  async recordAll(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]> {
    const answers: SwipeAnswer[] = [];
    for (const request of requests) answers.push(await this.record(request));
    return answers;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  private async recordOne(request: SwipeRequest): Promise<SwipeAnswer> {
    const { database, ids, clock, limits, terms } = this.options;
    const { canteenId, command } = request;
    const key = { canteenId, day: dayOf(command.swipedAt) };
    const canteen = (await terms.of([key])).get(termsKey(key));
    const id = await ids.take(1);
    const swipe = { id, request, canteen, now: clock.now(), limits };
    return database.write((manager) => recordPlainly(manager, swipe));
  }
}

interface PlainSwipe {
  id: number;
  request: SwipeRequest;
  canteen: CanteenTerms | undefined;
  now: Date;
  limits: SwipeLimits;
}

async function recordPlainly(
  manager: EntityManager,
  { id, request, canteen, now, limits }: PlainSwipe,
): Promise<SwipeAnswer> {
  const command = { ...request.command, cardUid: normalizedCardUid(request.command.cardUid) };
  const day = dayOf(command.swipedAt);
  const card = await manager.findOneOrFail(MealCard, {
    where: { uid: command.cardUid },
    relations: { elder: true },
    ...(engineOf(manager) === 'mysql' ? { lock: { mode: 'pessimistic_write' } } : {}),
  });
  const owner = { kind: 'ELDER' as const, ownerId: card.elderId };
  const account = await manager.findOneByOrFail(LedgerAccount, owner);
  const meals = { elderId: card.elderId, mealDate: day, claimedMeal: 'LUNCH' as const };
  const taken = await manager.count(Swipe, { where: meals });

  const facts = factsOf(card, account);
  const decision = decideSwipe({
    command,
    now,
    limits,
    readerActive: request.readerActive,
    canteen,
    card: facts,
    isMealTaken: () => taken > 0,
    livesInInstitution: () => false,
    pastMeals: () => [],
  });
  if (decision.outcome !== 'ACCEPTED') return unrecorded(command, decision.outcome);
  account.balanceFen = facts.balanceFen - decision.split.selfPaidFen;
  const balanceFen = account.balanceFen;
  const decided = {
    id,
    request: { ...request, command },
    decision,
    canteen,
    card: facts,
    balanceFen,
    mealDate: day,
  };
  await manager.save(swipeOf(manager, decided, now));
  await savePosting(manager, decided, now);
  await manager.save(account);
  return storedAs(decided).answer;
}

function factsOf({ id, stoppedAt, expiresOn, elder }: MealCard, account: LedgerAccount): CardFacts {
  return {
    cardId: id,
    stoppedAt,
    expiresOn,
    elderId: elder.id,
    elderName: elder.name,
    elderEndedOn: elder.endedOn,
    birthDate: elder.birthDate,
    abilityLevel: elder.abilityLevel,
    abilityExpiresOn: elder.abilityExpiresOn,
    // The rule of the demo city asks neither, and so the platform does not read them either.
    categories: [],
    residence: null,
    accountId: account.id,
    balanceFen: account.balanceFen ?? 0,
  };
}

function swipeOf(manager: EntityManager, decided: DecidedSwipe, now: Date): Swipe {
  const { id, request, decision, card, balanceFen, mealDate } = decided;
  if (decision.outcome !== 'ACCEPTED') throw new Error('only an accepted swipe is kept here');
  const { readerId, canteenId, command } = request;
  const { subsidyFen, discountFen, selfPaidFen, rule, uses } = decision.split;
  return manager.create(Swipe, {
    ...command,
    id,
    readerId,
    canteenId,
    receivedAt: now,
    outcome: decision.outcome,
    elderId: card?.elderId ?? null,
    mealDate,
    meal: decision.meal,
    claimedMeal: decision.meal,
    subsidyFen,
    discountFen,
    selfPaidFen,
    balanceFen,
    ruleId: rule?.ruleSetId ?? null,
    menu: command.menu ?? 'SET_MEAL',
    appliedRules: writtenUses(uses),
  });
}

/** As inserts: for rows that are new, `save` would ask first whether they are there. */
async function savePosting(manager: EntityManager, decided: DecidedSwipe, now: Date): Promise<void> {
  for (const { id, kind, sourceId, at, entries } of postingOf(decided, now)) {
    await manager.insert(LedgerPosting, { id, kind, sourceId, bookedOn: dayOf(at), postedAt: at });
    const rows = entries.filter(({ fen }) => fen !== 0);
    await manager.insert(
      LedgerEntry,
      rows.map(({ accountId, fen }, index) => ({ postingId: id, line: index + 1, accountId, fen })),
    );
  }
}
