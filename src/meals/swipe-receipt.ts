import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind, SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import { maskedName } from '../elders/masked-name.rules.js';
import type { Day } from '../shared/china-time.js';
import { padded, placeholders, type Statement } from '../shared/statements.js';
import type { StoredUses } from './rules/rule-catalog.js';
import { fieldAtFault, type SwipeCommand } from './swipe.rules.js';

export interface SwipeAnswer {
  swipeId: string;
  outcome: SwipeOutcome;
  /** What an offline swipe would have been refused for. */
  reviewReason: SwipeOutcome | null;
  replayed: boolean;
  /** The input field at fault, when one is. */
  field: string | null;
  /** Null when nothing was recorded. */
  receipt: Receipt | null;
}

/** A recorded meal as its reader prints it; all amounts in fen. */
export interface Receipt {
  serial: string;
  canteenId: number;
  elderName: string;
  meal: Meal;
  mealDate: Day;
  mode: DiningMode;
  swipedAt: Date;
  grossFen: number;
  funding: { funder: string; fen: number }[];
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  balanceFen: number;
  rule: string | null;
  /** What each rule gave, as it is stored. */
  uses: StoredUses;
  voided: boolean;
}

/** A swipe that is in the database, with the content it came with. */
export interface StoredSwipe {
  id: number;
  readerId: number;
  canteenId: number;
  elderId: number | null;
  command: SwipeCommand;
  answer: SwipeAnswer;
}

export function serialOf(id: number, mealDate: Day): string {
  return `${mealDate.replaceAll('-', '')}-${String(id).padStart(10, '0')}`;
}

export function ruleLabel(code: string, version: number): string {
  return `${code} v${version}`;
}

/** Stored swipes by their (lower-case) swipeId: one statement, and one more when any of them was funded. */
export async function readSwipes(
  manager: EntityManager,
  swipeIds: readonly string[],
): Promise<Map<string, StoredSwipe>> {
  if (swipeIds.length === 0) return new Map();
  const rows: SwipeRow[] = await manager.query(
    `SELECT s.id, s.swipeId, s.readerId, s.canteenId, s.elderId, s.sequence, s.cardUid, s.swipedAt,
            s.grossFen, s.mode, s.menu, s.offline, s.outcome, s.reviewReason, s.meal,
            CAST(s.mealDate AS CHAR) AS mealDate, s.subsidyFen, s.discountFen, s.selfPaidFen, s.balanceFen,
            s.voidedAt, s.ruleId, s.appliedRules, e.name AS elderName, r.code AS ruleCode, r.version AS ruleVersion
       FROM swipe s
       LEFT JOIN elder e ON e.id = s.elderId
       LEFT JOIN subsidy_rule r ON r.id = s.ruleId
      WHERE s.swipeId IN (${placeholders(swipeIds)})`,
    [...swipeIds],
  );
  const funded = rows.filter(({ subsidyFen }) => Number(subsidyFen) > 0).map(({ id }) => Number(id));
  const funding = await readFunding(manager, funded);
  return new Map(rows.map((row) => [row.swipeId, storedSwipe(row, funding.get(Number(row.id)) ?? [])]));
}

/** Which of these ids are stored: rarely any, so a batch asks this, which the index answers alone. */
export function storedIdsQuery(manager: EntityManager, swipeIds: readonly string[]): Statement {
  const parameters = padded(manager, swipeIds);
  return { sql: `SELECT swipeId FROM swipe WHERE swipeId IN (${placeholders(parameters)})`, parameters };
}

/**
 * The accounts are joined from the left and their kind is looked at here: asked for funders' entries alone,
 * MariaDB begins with every entry that a funder ever had.
 */
async function readFunding(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, Receipt['funding']>> {
  const funding = new Map<number, Receipt['funding']>();
  if (ids.length === 0) return funding;
  const rows: { swipeId: Big; kind: string; funder: string; level: string | null; fen: Big }[] =
    await manager.query(
      `SELECT p.sourceId AS swipeId, a.kind, f.name AS funder, f.level, -n.fen AS fen
       FROM ledger_posting p
       LEFT JOIN ledger_entry n ON n.postingId = p.id
       LEFT JOIN ledger_account a ON a.id = n.accountId
       LEFT JOIN funder f ON f.id = a.ownerId
      WHERE p.kind = 'SWIPE' AND p.sourceId IN (${placeholders(ids)})
      ORDER BY p.sourceId, n.line`,
      [...ids],
    );
  // What a donor bears is a discount.
  for (const row of rows.filter(({ kind, level }) => kind === 'FUNDER' && level !== 'DONOR')) {
    const id = Number(row.swipeId);
    funding.set(id, [...(funding.get(id) ?? []), { funder: row.funder, fen: Number(row.fen) }]);
  }
  return funding;
}

type Big = number | string;

interface SwipeRow {
  id: Big;
  swipeId: string;
  readerId: number;
  canteenId: number;
  elderId: number | null;
  sequence: number;
  cardUid: string;
  swipedAt: Big;
  grossFen: Big;
  mode: DiningMode;
  menu: MenuKind | null;
  offline: number;
  outcome: SwipeOutcome;
  reviewReason: SwipeOutcome | null;
  meal: Meal | null;
  mealDate: Day;
  subsidyFen: Big;
  discountFen: Big;
  selfPaidFen: Big;
  balanceFen: Big | null;
  voidedAt: Big | null;
  ruleId: number | null;
  appliedRules: string | null;
  elderName: string | null;
  ruleCode: string | null;
  ruleVersion: number | null;
}

function storedSwipe(row: SwipeRow, funding: Receipt['funding']): StoredSwipe {
  const { swipeId, sequence, cardUid, mode, outcome, reviewReason } = row;
  const command: SwipeCommand = {
    swipeId,
    sequence,
    cardUid,
    swipedAt: new Date(Number(row.swipedAt)),
    grossFen: Number(row.grossFen),
    mode,
    menu: row.menu ?? 'SET_MEAL',
    offline: Boolean(row.offline),
  };
  return {
    id: Number(row.id),
    readerId: row.readerId,
    canteenId: row.canteenId,
    elderId: row.elderId,
    command,
    answer: {
      swipeId,
      outcome,
      reviewReason,
      replayed: true,
      field: fieldAtFault(reviewReason ?? outcome) ?? null,
      receipt: row.meal === null ? null : receiptOf(row, row.meal, command, funding),
    },
  };
}

function receiptOf(row: SwipeRow, meal: Meal, command: SwipeCommand, funding: Receipt['funding']): Receipt {
  return {
    serial: serialOf(Number(row.id), row.mealDate),
    canteenId: row.canteenId,
    elderName: maskedName(row.elderName ?? ''),
    meal,
    mealDate: row.mealDate,
    mode: command.mode,
    swipedAt: command.swipedAt,
    grossFen: command.grossFen,
    funding,
    subsidyFen: Number(row.subsidyFen),
    discountFen: Number(row.discountFen),
    selfPaidFen: Number(row.selfPaidFen),
    balanceFen: Number(row.balanceFen ?? 0),
    rule: row.ruleCode === null ? null : ruleLabel(row.ruleCode, row.ruleVersion ?? 0),
    uses: { ruleId: row.ruleId, subsidyFen: Number(row.subsidyFen), appliedRules: row.appliedRules },
    voided: row.voidedAt !== null,
  };
}
