import type { EntityManager } from 'typeorm';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { addDays, type Day } from '../shared/china-time.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Statement } from '../shared/statements.js';

export const trialBalanceKeys = ['FUNDER', 'CANTEEN', 'DAY', 'MONTH'] as const;
export type TrialBalanceKey = (typeof trialBalanceKeys)[number];

export interface TrialBalanceAsked {
  /** This facility and everything beneath it; undefined for all of the scope. */
  within?: number | undefined;
  /** The days on which it was booked, [from, to). */
  from: Day;
  to: Day;
  by: TrialBalanceKey;
  /** How many postings may be read; what a large city books in five weeks without it. */
  postingsMax?: number;
}

/** A large city books a million a month. Of more than this the answer would take longer than an operation may. */
const postingsAtMost = 1_200_000;

/** What postings left on the accounts of each kind, in fen; `key` is that of the line. */
export interface TrialBalanceLine {
  /** Null on the line of what has no such key: what no canteen, or no funder, has a part in. */
  key: string | null;
  funderFen: number;
  donorFen: number;
  receivableFen: number;
  discountFen: number;
  elderFen: number;
  cashFen: number;
  operatorFen: number;
}

/** By what a line is told from others. Postings stand whole on one line, but for those of funders. */
const keys: Record<TrialBalanceKey, string> = {
  FUNDER: "CASE WHEN a.kind = 'FUNDER' THEN a.ownerId END",
  CANTEEN: 'chosen.canteenId',
  DAY: 'CAST(chosen.bookedOn AS CHAR)',
  MONTH: 'SUBSTR(CAST(chosen.bookedOn AS CHAR), 1, 7)',
};

/**
 * The books of a place over some days. A posting belongs to the canteen whose accounts it touches, and one that
 * touches none, such as money paid in, to the home station of its elder, both as the tree stands today. Every posting
 * is taken whole, so all lines together sum to zero. Three statements, whatever the number of postings; refused by name
 * when there are too many, those of all places counted, since days are what is looked for first.
 */
export async function trialBalance(
  manager: EntityManager,
  { within, from, to, by, postingsMax = postingsAtMost }: TrialBalanceAsked,
  scope: Scope,
  today: Day,
): Promise<TrialBalanceLine[] | Refusal<'TOO_MUCH_BOOKED'>> {
  const end = await endWithin(manager, { from, to }, postingsMax);
  if (end < to) return refuseTooMuch(end, postingsMax);
  const places = await narrowed(manager, scope, within, today);
  const { sql, parameters } = trialBalanceQuery({ from, to, by }, places, today);
  const rows: TrialBalanceRow[] = await manager.query(sql, [...parameters]);
  return rows.map(({ lineKey, ...sum }) => ({
    key: lineKey === null ? null : String(lineKey),
    funderFen: Number(sum.funderFen),
    donorFen: Number(sum.donorFen),
    receivableFen: Number(sum.receivableFen),
    discountFen: Number(sum.discountFen),
    elderFen: Number(sum.elderFen),
    cashFen: Number(sum.cashFen),
    operatorFen: Number(sum.operatorFen),
  }));
}

/**
 * The latest end, after `from` and up to `to`, before which no more than so many postings were booked; one day is never
 * too much. A look along the index of days.
 */
async function endWithin(
  manager: EntityManager,
  { from, to }: { from: Day; to: Day },
  postingsMax: number,
): Promise<Day> {
  const rows: { day: Day }[] = await manager.query(
    `SELECT CAST(bookedOn AS CHAR) AS day FROM ledger_posting
      WHERE bookedOn >= ? AND bookedOn < ? ORDER BY bookedOn LIMIT 1 OFFSET ${postingsMax}`,
    [from, to],
  );
  const day = rows[0]?.day ?? to;
  return day > from ? day : addDays(from, 1);
}

function refuseTooMuch(end: Day, postingsMax: number): Refusal<'TOO_MUCH_BOOKED'> {
  const text = {
    zh: `所选日期内记账超过 ${postingsMax} 笔，一次无法汇总；截止日最晚可为 ${end}，其余请分段查询`,
    en: `more than ${postingsMax} postings were booked on these days; lies at latest on ${end}, and what follows is asked after it`,
  };
  return refuse('TOO_MUCH_BOOKED', text, ['to']);
}

/**
 * The LEFT JOINs keep both engines at the order written: the days first, by their index, then the entries of their
 * postings; left to themselves they begin with all accounts, or all entries, that there are. Each entry is read once, and
 * a second time where the funders of one posting are told apart.
 */
export function trialBalanceQuery(
  { from, to, by }: Omit<TrialBalanceAsked, 'within'>,
  places: Scope,
  today: Day,
): Statement {
  const beneath = places === 'everywhere' ? undefined : withBeneath(places, today);
  const lies = beneath
    ? `LEFT JOIN elder e ON chosen.canteenId IS NULL AND e.id = chosen.elderId
      WHERE chosen.canteenId IN (SELECT facilityId FROM beneath)
         OR e.homeStationId IN (SELECT facilityId FROM beneath)`
    : '';
  const ofFunders = by === 'FUNDER';
  const added = columns.map(({ name }) => `SUM(chosen.${name}) AS ${name}`);
  return {
    sql: `${beneath?.sql ?? ''}
     SELECT ${keys[by]} AS lineKey, ${(ofFunders ? sums : added).join(', ')}
       FROM (SELECT p.id, p.bookedOn,
                    MAX(CASE WHEN a.kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT', 'CANTEEN_OPERATOR')
                             THEN a.ownerId END) AS canteenId,
                    MAX(CASE WHEN a.kind = 'ELDER' THEN a.ownerId END) AS elderId${ofFunders ? '' : `, ${sums.join(', ')}`}
               FROM ledger_posting p
              ${entriesOf('p')}
              WHERE p.bookedOn >= ? AND p.bookedOn < ?
              GROUP BY p.bookedOn, p.id) chosen
       ${ofFunders ? entriesOf('chosen') : ''}
       ${lies}
      GROUP BY ${keys[by]}
      ORDER BY ${keys[by]}`,
    parameters: [...(beneath?.parameters ?? []), from, to],
  };
}

function entriesOf(posting: 'p' | 'chosen'): string {
  return `LEFT JOIN ledger_entry n ON n.postingId = ${posting}.id
              LEFT JOIN ledger_account a ON a.id = n.accountId
               LEFT JOIN funder f ON a.kind = 'FUNDER' AND f.id = a.ownerId`;
}

const columns = [
  { name: 'funderFen', condition: "a.kind = 'FUNDER' AND COALESCE(f.level, '') <> 'DONOR'" },
  { name: 'donorFen', condition: "f.level = 'DONOR'" },
  { name: 'receivableFen', condition: "a.kind = 'CANTEEN_RECEIVABLE'" },
  { name: 'discountFen', condition: "a.kind = 'CANTEEN_DISCOUNT'" },
  { name: 'elderFen', condition: "a.kind = 'ELDER'" },
  { name: 'cashFen', condition: "a.kind = 'CASH'" },
  { name: 'operatorFen', condition: "a.kind = 'CANTEEN_OPERATOR'" },
] as const;

const sums = columns.map(
  ({ name, condition }) => `SUM(CASE WHEN ${condition} THEN n.fen ELSE 0 END) AS ${name}`,
);

type TrialBalanceRow = Record<Exclude<keyof TrialBalanceLine, 'key'>, number | string> & {
  lineKey: number | string | null;
};
