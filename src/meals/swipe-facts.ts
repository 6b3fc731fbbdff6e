import type { EntityManager } from 'typeorm';
import { padded, placeholders, type Statement } from '../shared/statements.js';
import type { CardFacts } from './swipe.rules.js';

/**
 * Cards with their elders and balances, by uid, for a whole batch.
 *
 * CROSS JOIN is an inner join that SQLite takes in the order written: left to itself, and without statistics,
 * it begins with all accounts of elders. The engines of MySQL find the cards first either way.
 *
 * @param lock `forUpdate(manager)` when the caller is about to write, so that nobody else moves these
 *   balances or takes these elders' meals until it has; an empty string for a look.
 */
export function cardsQuery(manager: EntityManager, uids: readonly string[], lock: string): Statement {
  const parameters = padded(manager, uids);
  const sql = `SELECT c.uid, c.id AS cardId, c.stoppedAt, CAST(c.expiresOn AS CHAR) AS expiresOn, e.id AS elderId, e.name AS elderName,
            CAST(e.birthDate AS CHAR) AS birthDate, CAST(e.endedOn AS CHAR) AS elderEndedOn,
            e.abilityLevel, CAST(e.abilityExpiresOn AS CHAR) AS abilityExpiresOn,
            a.id AS accountId, a.balanceFen
       FROM meal_card c
      CROSS JOIN elder e ON e.id = c.elderId
      CROSS JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId
      WHERE c.uid IN (${placeholders(parameters)})
      ORDER BY c.uid${lock}`;
  return { sql, parameters };
}

/**
 * Where the elders of these cards live and what categories they are in, for rules that ask. Statements of
 * their own, which lock nothing: a subquery of the one that locks would look at the database before all its
 * locks are held, and a home station's row would be one that all its elders wait for.
 */
export function fileQueries(manager: EntityManager, uids: readonly string[]): [Statement, Statement] {
  const parameters = padded(manager, uids);
  const cards = `c.uid IN (${placeholders(parameters)})`;
  return [
    {
      sql: `SELECT e.id AS elderId, f.divisionCode AS residence
              FROM meal_card c
             CROSS JOIN elder e ON e.id = c.elderId
             CROSS JOIN facility f ON f.id = e.homeStationId
             WHERE ${cards}`,
      parameters,
    },
    {
      sql: `SELECT k.elderId, k.category
              FROM meal_card c
             CROSS JOIN elder_category k ON k.elderId = c.elderId
             WHERE ${cards}`,
      parameters,
    },
  ];
}

/** What `cardsQuery` found, with what `fileQueries` found where they were asked. */
export function cardsOf(
  rows: readonly unknown[],
  homes: readonly unknown[] = [],
  memberships: readonly unknown[] = [],
): Map<string, CardFacts> {
  const residences = new Map(
    (homes as { elderId: number; residence: string }[]).map(({ elderId, residence }) => [elderId, residence]),
  );
  const categories = new Map<number, Set<string>>();
  for (const { elderId, category } of memberships as { elderId: number; category: string }[]) {
    categories.set(elderId, (categories.get(elderId) ?? new Set()).add(category));
  }
  // The driver made the rows for this alone, so they become the facts.
  return new Map(
    (rows as CardRow[]).map((row) => [
      row.uid,
      Object.assign(row, {
        balanceFen: Number(row.balanceFen),
        stoppedAt: row.stoppedAt === null ? null : new Date(Number(row.stoppedAt)),
        residence: residences.get(row.elderId) ?? null,
        categories: [...(categories.get(row.elderId) ?? [])],
      }),
    ]),
  );
}

interface CardRow extends Omit<CardFacts, 'balanceFen' | 'stoppedAt' | 'residence' | 'categories'> {
  uid: string;
  balanceFen: number | string;
  stoppedAt: number | string | null;
}
