import type { EntityManager } from 'typeorm';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
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
}

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
 * is taken whole, so all lines together sum to zero. Two statements, whatever the number of postings.
 */
export async function trialBalance(
  manager: EntityManager,
  { within, from, to, by }: TrialBalanceAsked,
  scope: Scope,
  today: Day,
): Promise<TrialBalanceLine[]> {
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
 * CROSS JOIN is an inner join that SQLite takes in the order written: the days first, by their index, then the
 * entries of their postings; left to itself it begins with all entries that there are.
 */
export function trialBalanceQuery(
  { from, to, by }: Omit<TrialBalanceAsked, 'within'>,
  places: Scope,
  today: Day,
): Statement {
  const beneath = places === 'everywhere' ? undefined : withBeneath(places, today);
  const lies = beneath
    ? `WHERE posted.canteenId IN (SELECT facilityId FROM beneath)
          OR (posted.canteenId IS NULL AND posted.stationId IN (SELECT facilityId FROM beneath))`
    : '';
  return {
    sql: `${beneath?.sql ?? ''}
     SELECT ${keys[by]} AS lineKey, ${sums}
       FROM (SELECT posted.id, posted.bookedOn, posted.canteenId
               FROM (SELECT p.id, p.bookedOn,
                            MAX(CASE WHEN b.kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT', 'CANTEEN_OPERATOR')
                                     THEN b.ownerId END) AS canteenId,
                            MAX(e.homeStationId) AS stationId
                       FROM ledger_posting p
                      CROSS JOIN ledger_entry m ON m.postingId = p.id
                      CROSS JOIN ledger_account b ON b.id = m.accountId
                       LEFT JOIN elder e ON e.id = CASE WHEN b.kind = 'ELDER' THEN b.ownerId END
                      WHERE p.bookedOn >= ? AND p.bookedOn < ?
                      GROUP BY p.id, p.bookedOn) posted
               ${lies}) chosen
      CROSS JOIN ledger_entry n ON n.postingId = chosen.id
      CROSS JOIN ledger_account a ON a.id = n.accountId
       LEFT JOIN funder f ON a.kind = 'FUNDER' AND f.id = a.ownerId
      GROUP BY ${keys[by]}
      ORDER BY ${keys[by]}`,
    parameters: [...(beneath?.parameters ?? []), from, to],
  };
}

const sums = [
  ["a.kind = 'FUNDER' AND COALESCE(f.level, '') <> 'DONOR'", 'funderFen'],
  ["f.level = 'DONOR'", 'donorFen'],
  ["a.kind = 'CANTEEN_RECEIVABLE'", 'receivableFen'],
  ["a.kind = 'CANTEEN_DISCOUNT'", 'discountFen'],
  ["a.kind = 'ELDER'", 'elderFen'],
  ["a.kind = 'CASH'", 'cashFen'],
  ["a.kind = 'CANTEEN_OPERATOR'", 'operatorFen'],
]
  .map(([condition, name]) => `SUM(CASE WHEN ${condition} THEN n.fen ELSE 0 END) AS ${name}`)
  .join(', ');

type TrialBalanceRow = Record<Exclude<keyof TrialBalanceLine, 'key'>, number | string> & {
  lineKey: number | string | null;
};
