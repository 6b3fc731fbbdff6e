import type { EntityManager } from 'typeorm';
import type { Database } from '../../src/shared/database.js';
import { brokenInvariants } from '../support/broken-invariants.js';
import type { SentSwipe } from './stubborn-reader.js';
import { isForReview } from './taps.js';

/** How many offending swipes of a kind are named. */
const namedMax = 3;

/** What does not add up between readers and database, a line each; none when all is well. */
export async function problemsOf(database: Database, sent: readonly SentSwipe[]): Promise<string[]> {
  return database.read(async (manager) => {
    const rows = await rowsById(manager);
    return [
      ...named(
        'not answered',
        sent.filter(({ answers }) => answers.length === 0),
      ),
      ...named(
        'not ACCEPTED, or not RECORDED_FOR_REVIEW for their price',
        sent.filter(({ answers, input }) => answers.some(({ outcome }) => outcome !== outcomeOf(input))),
      ),
      ...named('answered in different ways', sent.filter(answersDiffer)),
      ...named('called new after it had been answered', sent.filter(isNewTwice)),
      ...named(
        'acknowledged, but not in the database',
        sent.filter(({ answers, input }) => answers.length > 0 && !rows.has(input.swipeId)),
      ),
      ...named(
        'not in the database as on its receipt, once and posted once',
        sent.filter((swipe) => !agrees(swipe, rows.get(swipe.input.swipeId) ?? [])),
      ),
      ...strangers(sent, rows),
      ...(await brokenInvariants(manager)),
    ];
  });
}

interface SwipeRow {
  id: number;
  outcome: string;
  subsidyFen: number;
  selfPaidFen: number;
  balanceFen: number;
  postings: number;
}

/** Every swipe of the database by the id that its reader gave it. */
async function rowsById(manager: EntityManager): Promise<Map<string, SwipeRow[]>> {
  const found: Record<string, string | number>[] = await manager.query(
    `SELECT s.swipeId, s.id, s.outcome, s.subsidyFen, s.selfPaidFen, s.balanceFen, COUNT(p.id) AS postings
       FROM swipe s LEFT JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
      GROUP BY s.swipeId, s.id, s.outcome, s.subsidyFen, s.selfPaidFen, s.balanceFen`,
  );
  const rows = new Map<string, SwipeRow[]>();
  for (const { swipeId, outcome, ...figures } of found) {
    const row = {
      outcome: String(outcome),
      id: Number(figures.id),
      subsidyFen: Number(figures.subsidyFen),
      selfPaidFen: Number(figures.selfPaidFen),
      balanceFen: Number(figures.balanceFen),
      postings: Number(figures.postings),
    };
    rows.set(String(swipeId), [...(rows.get(String(swipeId)) ?? []), row]);
  }
  return rows;
}

function outcomeOf(input: SentSwipe['input']): string {
  return isForReview(input) ? 'RECORDED_FOR_REVIEW' : 'ACCEPTED';
}

/** Answers of one swipe are the same but for whether they were given before. */
function answersDiffer({ answers, input }: SentSwipe): boolean {
  const substances = answers.map(({ outcome, receipt }) => JSON.stringify([outcome, receipt]));
  return new Set(substances).size > 1 || answers.some(({ swipeId }) => swipeId !== input.swipeId);
}

/** Only the answer that reached the reader first may be the first one; even that need not, if one was lost. */
function isNewTwice({ answers }: SentSwipe): boolean {
  return answers.slice(1).some(({ replayed }) => !replayed);
}

function agrees({ answers: [answer] }: SentSwipe, rows: readonly SwipeRow[]): boolean {
  const [row] = rows;
  if (!answer || !row) return true;
  const { outcome, receipt } = answer;
  return (
    rows.length === 1 &&
    row.postings === 1 &&
    row.outcome === outcome &&
    row.id === Number(receipt?.serial.split('-')[1]) &&
    row.subsidyFen === receipt?.subsidyFen &&
    row.selfPaidFen === receipt.selfPaidFen &&
    row.balanceFen === receipt.balanceFen
  );
}

function strangers(sent: readonly SentSwipe[], rows: ReadonlyMap<string, SwipeRow[]>): string[] {
  const known = new Set(sent.map(({ input }) => input.swipeId));
  const strange = [...rows.keys()].filter((swipeId) => !known.has(swipeId));
  return strange.length === 0 ? [] : [`${strange.length} swipes in the database were sent by nobody`];
}

function named(what: string, swipes: readonly SentSwipe[]): string[] {
  if (swipes.length === 0) return [];
  const some = swipes.slice(0, namedMax).map(({ input }) => input.swipeId);
  return [`${swipes.length} swipes ${what}: ${some.join(' ')}`];
}
