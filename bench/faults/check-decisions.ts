import type { EntityManager } from 'typeorm';
import type { Database } from '../../src/shared/database.js';
import type { SentDecision } from './stubborn-manager.js';

/** How many offending swipes of a kind are named. */
const namedMax = 3;

/** What does not add up between managers and database, a line each; none when all is well. */
export function decisionProblemsOf(database: Database, sent: readonly SentDecision[]): Promise<string[]> {
  return database.read(async (manager) => {
    const rows = await settledRows(manager);
    const known = new Set(sent.map(({ swipeId }) => swipeId));
    const strangers = [...rows.keys()].filter((swipeId) => !known.has(swipeId));
    return [
      ...named(
        'not answered',
        sent.filter(({ answers }) => answers.length === 0),
      ),
      ...named(
        'answered in a way that no retry explains',
        sent.filter((decision) => !isExplained(decision)),
      ),
      ...named(
        'acknowledged, but not in the database as sent and posted once',
        sent.filter(
          (decision) => decision.answers.length > 0 && !agrees(decision, rows.get(decision.swipeId)),
        ),
      ),
      ...(strangers.length === 0 ? [] : [`${strangers.length} swipes were voided or decided by nobody`]),
    ];
  });
}

interface SettledRow {
  voided: boolean;
  bornBy: string | null;
  voids: number;
  reviews: number;
}

/** Every swipe that was voided or decided, by the id that its reader gave it. */
async function settledRows(manager: EntityManager): Promise<Map<string, SettledRow>> {
  const rows: Record<string, string | number | null>[] = await manager.query(
    `SELECT s.swipeId, s.voidedAt, r.bornBy,
            SUM(CASE WHEN p.kind = 'VOID' THEN 1 ELSE 0 END) AS voids,
            SUM(CASE WHEN p.kind = 'REVIEW' THEN 1 ELSE 0 END) AS reviews
       FROM swipe s
       JOIN ledger_posting p ON p.sourceId = s.id AND p.kind IN ('SWIPE', 'VOID', 'REVIEW')
       LEFT JOIN swipe_review r ON r.id = s.id
      GROUP BY s.swipeId, s.voidedAt, r.bornBy
     HAVING s.voidedAt IS NOT NULL OR r.bornBy IS NOT NULL OR COUNT(*) > 1`,
  );
  return new Map(
    rows.map(({ swipeId, voidedAt, bornBy, voids, reviews }) => [
      String(swipeId),
      {
        voided: voidedAt !== null,
        bornBy: bornBy === null ? null : String(bornBy),
        voids: Number(voids),
        reviews: Number(reviews),
      },
    ]),
  );
}

/** A decision is answered alike each time; a void once, and then, or when its answer was lost, as done before. */
function isExplained({ kind, times, answers }: SentDecision): boolean {
  const [first, ...others] = answers;
  if (kind === 'REVIEW') return answers.every((answer) => answer === 'done');
  const firstFits =
    first === undefined || first === 'done' || (first === 'ALREADY_VOIDED' && times > answers.length);
  return firstFits && others.every((answer) => answer === 'ALREADY_VOIDED');
}

function agrees({ kind, bornBy }: SentDecision, row: SettledRow | undefined): boolean {
  if (!row) return false;
  return kind === 'VOID'
    ? row.voided && row.voids === 1 && row.reviews === 0
    : !row.voided && row.bornBy === bornBy && row.reviews === 1 && row.voids === 0;
}

function named(what: string, decisions: readonly SentDecision[]): string[] {
  if (decisions.length === 0) return [];
  const some = decisions.slice(0, namedMax).map(({ kind, swipeId }) => `${kind} ${swipeId}`);
  return [`${decisions.length} voids and decisions ${what}: ${some.join(', ')}`];
}
