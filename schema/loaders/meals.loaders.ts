import DataLoader from 'dataloader';
import type { MealCard } from '../../entities/meals/meal-card.entity.js';
import { funderCodes } from '../../src/meals/add-funder.js';
import { termsKey } from '../../src/meals/canteen-terms.js';
import { balancesOfElders, cardsOfElders } from '../../src/meals/find-card.js';
import {
  eventsOfFlags,
  type FlagEvent,
  type FlagSwipe,
  swipesOfFlags,
} from '../../src/meals/flags/find-flags.js';
import { missingSequences } from '../../src/meals/missing-sequences.js';
import type { SequenceRange } from '../../src/meals/sequence-ranges.rules.js';
import type { CanteenTerms } from '../../src/meals/swipe.rules.js';
import {
  eventsOfStatements,
  type PastEvent,
  sharesOfStatements,
  sumsOfStatements,
} from '../../src/settlement/find-statements.js';
import type { Statement, StatementSums } from '../../src/settlement/read-statement.js';
import type { FunderShare, SettlementKind } from '../../src/settlement/settlement-kind.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { settlements } from '../shared/settlements.js';
import { batchSizeMax } from './grouped-loader.js';

/** Edges to cards and their money: one statement each, however many elders. */
export function mealsLoaders({ database, services, now }: Context) {
  return {
    /** The active card, else the one issued last; null for an elder who never had one. */
    cardByElder: new DataLoader<number, MealCard | null>(
      async (elderIds) => {
        const cards = await database.read((manager) => cardsOfElders(manager, elderIds, dayOf(now)));
        return elderIds.map((elderId) => cards.get(elderId) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** What a funder is called; an id that nobody has is an error. */
    funderCodeById: new DataLoader<number, string>(
      async (funderIds) => {
        const codes = await database.read((manager) => funderCodes(manager, funderIds));
        return funderIds.map((id) => codes.get(id) ?? new Error(`there is no funder ${id}`));
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** The gaps in a reader's numbers, the oldest first. */
    missingSequencesByReader: new DataLoader<number, SequenceRange[]>(
      async (readerIds) => {
        const missing = await database.read((manager) => missingSequences(manager, readerIds));
        return readerIds.map((readerId) => missing.get(readerId) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** Every approved version of rules, for which any canteen's terms are asked: they are kept for a second. */
    ruleVersionsAtCanteen: new DataLoader<number, CanteenTerms['versions']>(
      async (canteenIds) => {
        const keys = canteenIds.map((canteenId) => ({ canteenId, day: dayOf(now) }));
        const terms = await services.canteenTerms.of(keys);
        return keys.map((key) => terms.get(termsKey(key))?.versions ?? new Map());
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** The elder's own money in fen. */
    balanceByElder: new DataLoader<number, number>(
      async (elderIds) => {
        const balances = await database.read((manager) => balancesOfElders(manager, elderIds));
        return elderIds.map((elderId) => balances.get(elderId) ?? 0);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** The swipes that show signs of fraud. */
    swipesByFlag: new DataLoader<number, FlagSwipe[]>(
      async (flagIds) => {
        const swipes = await database.read((manager) => swipesOfFlags(manager, flagIds));
        return flagIds.map((id) => swipes.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    /** The steps of a sign of fraud, the first one first. */
    eventsByFlag: new DataLoader<number, FlagEvent[]>(
      async (flagIds) => {
        const events = await database.read((manager) => eventsOfFlags(manager, flagIds));
        return flagIds.map((id) => events.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),

    statementSums: statementLoader<StatementSums>((kind, statements) =>
      database.read((manager) => sumsOfStatements(manager, kind, statements)),
    ),

    statementShares: statementLoader<FunderShare[]>((kind, statements) =>
      database.read((manager) => sharesOfStatements(manager, kind, statements)),
    ),

    /** The steps of a statement, the first one first. */
    statementEvents: new DataLoader<number, PastEvent[]>(
      async (ids) => {
        const events = await database.read((manager) => eventsOfStatements(manager, ids));
        return ids.map((id) => events.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}

/**
 * A draft is summed up from the ledger, some forty milliseconds each on SQLite, which holds up the process
 * meanwhile: a page of two hundred drafts is read in so many parts that others get their turn.
 */
const draftsAtOnce = 20;

/** Reads the same of many statements, those of a kind and month at once; what comes is keyed by facility. */
function statementLoader<Value>(
  read: (kind: SettlementKind, statements: readonly Statement[]) => Promise<Map<number, Value>>,
) {
  return new DataLoader<Statement, Value, string>(
    async (statements) => {
      const groups = new Map<string, Map<number, Value>>();
      for (const statement of statements) {
        const group = groupOf(statement);
        if (groups.has(group)) continue;
        const alike = statements.filter((other) => groupOf(other) === group);
        groups.set(group, await read(settlements[statement.kind], alike));
      }
      return statements.map((statement) => {
        const { facilityId, month } = statement;
        const value = groups.get(groupOf(statement))?.get(facilityId);
        return value ?? new Error(`nothing was read for ${facilityId} in ${month}`);
      });
    },
    {
      maxBatchSize: draftsAtOnce,
      cacheKeyFn: ({ kind, facilityId, month, version }) => `${kind} ${facilityId} ${month} ${version}`,
    },
  );
}

function groupOf({ kind, month }: Statement): string {
  return `${kind} ${month}`;
}
