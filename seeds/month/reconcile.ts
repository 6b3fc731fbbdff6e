import type { EntityManager } from 'typeorm';
import { addDays } from '../../src/shared/china-time.js';
import { firstDayOf, nextMonth } from '../../src/shared/month.js';
import type { PatientClient } from '../day/patient-client.js';
import { readDocument } from './read-document.js';
import type { StatementKey } from './walk-statement.js';

/** A month's money of one canteen, or of several, in fen. */
export interface Money {
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

/** The same money by each way that leads to it, and what does not agree. */
export interface Reconciled {
  statement: Money;
  ledger: Money;
  trialBalance: Money;
  csv: Money;
  xlsx: Money;
  faults: string[];
}

export interface ReconcileOptions {
  client: PatientClient;
  /** Who may read statements and the books. */
  financeToken: string;
  /** For the ledger, which no operation of the graph shows. */
  manager: EntityManager;
}

const names = ['grossFen', 'subsidyFen', 'discountFen', 'selfPaidFen'] as const;

export async function reconcileStatement(
  key: StatementKey,
  { client, financeToken, manager }: ReconcileOptions,
): Promise<Reconciled> {
  const { sums, owedFen, state } = await statementOf(client, key, financeToken);
  const path = `/exports/statements/${key.canteenId}/${key.month}`;
  const csv = await readDocument('csv', await client.download(`${path}.csv`, financeToken));
  const xlsx = await readDocument('xlsx', await client.download(`${path}.xlsx`, financeToken));
  const ledger = await ledgerOf(manager, key);
  const trialBalance = await trialBalanceOf(client, key, financeToken);
  const faults = [
    ...(state === 'FROZEN' ? [] : [`is ${state}, not FROZEN`]),
    ...csv.faults.map((fault) => `CSV ${fault}`),
    ...xlsx.faults.map((fault) => `XLSX ${fault}`),
  ];
  for (const [way, money] of Object.entries({ ledger, trialBalance, csv, xlsx })) {
    for (const name of names) {
      if (money[name] !== sums[name]) faults.push(`${way} ${name} ${money[name]} against ${sums[name]}`);
    }
  }
  for (const [way, document] of Object.entries({ csv, xlsx })) {
    if (document.owedFen !== owedFen) faults.push(`${way} pays ${document.owedFen} against ${owedFen}`);
    if (document.lines !== sums.lines) faults.push(`${way} has ${document.lines} lines of ${sums.lines}`);
  }
  return { statement: sums, ledger, trialBalance, csv, xlsx, faults };
}

const statementQuery = `query Statement($canteenId: ID!, $month: String!) {
  canteenStatement(canteenId: $canteenId, month: $month) {
    state sums { lines ${names.join(' ')} } shares { part fen }
  }
}`;

async function statementOf(client: PatientClient, key: StatementKey, token: string) {
  type Data = {
    canteenStatement: {
      state: string;
      sums: Money & { lines: number };
      shares: { part: string; fen: number }[];
    };
  };
  const { canteenStatement } = await client.ask<Data>(statementQuery, key, token);
  const { state, sums, shares } = canteenStatement;
  const owed = shares.filter(({ part }) => part !== 'DONATION');
  return { state, sums, owedFen: owed.reduce((sum, { fen }) => sum + fen, 0) };
}

const balanceQuery = `query Books($canteenId: ID!, $from: Date!, $to: Date!) {
  trialBalance(within: $canteenId, from: $from, to: $to, by: CANTEEN) {
    lines { canteen { id } receivableFen funderFen donorFen discountFen elderFen operatorFen }
  }
}`;

async function trialBalanceOf(
  client: PatientClient,
  { canteenId, month }: StatementKey,
  token: string,
): Promise<Money> {
  type Side = 'receivableFen' | 'funderFen' | 'donorFen' | 'discountFen' | 'elderFen' | 'operatorFen';
  type Line = Record<Side, number> & { canteen: { id: string } | null };
  const days = { from: firstDayOf(month), to: firstDayOf(nextMonth(month)) };
  const data = await client.ask<{ trialBalance: { lines: Line[] } }>(
    balanceQuery,
    { canteenId, ...days },
    token,
  );
  const line = data.trialBalance.lines.find(({ canteen }) => canteen?.id === canteenId);
  // The other sides bear what the canteen is owed, so their entries are negative.
  return {
    grossFen: line?.receivableFen ?? 0,
    // What funders owe operators was booked when an earlier month was signed, and is no part of the meals.
    subsidyFen: 0 - (line?.funderFen ?? 0) - (line?.operatorFen ?? 0),
    discountFen: 0 - (line?.donorFen ?? 0) - (line?.discountFen ?? 0),
    selfPaidFen: 0 - (line?.elderFen ?? 0),
  };
}

/** From the entries alone, of every posting of the month that touches the canteen's accounts. */
async function ledgerOf(manager: EntityManager, { canteenId, month }: StatementKey): Promise<Money> {
  const rows: { kind: string; level: string | null; fen: number | string }[] = await manager.query(
    `SELECT account.kind, funder.level, SUM(entry.fen) AS fen
       FROM (SELECT DISTINCT touch.postingId AS id
               FROM ledger_account own
               JOIN ledger_entry touch ON touch.accountId = own.id
              WHERE own.kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT') AND own.ownerId = ?) touched
       JOIN ledger_posting posting ON posting.id = touched.id AND posting.bookedOn >= ? AND posting.bookedOn <= ?
       JOIN ledger_entry entry ON entry.postingId = posting.id
       JOIN ledger_account account ON account.id = entry.accountId
       LEFT JOIN funder ON account.kind = 'FUNDER' AND funder.id = account.ownerId
      GROUP BY account.kind, funder.level`,
    [canteenId, firstDayOf(month), addDays(firstDayOf(nextMonth(month)), -1)],
  );
  const sum = (isOf: (kind: string, level: string | null) => boolean) =>
    rows.reduce((total, { kind, level, fen }) => (isOf(kind, level) ? total + Number(fen) : total), 0);
  return {
    grossFen: sum((kind) => kind === 'CANTEEN_RECEIVABLE'),
    subsidyFen: 0 - sum((kind, level) => kind === 'FUNDER' && level !== 'DONOR'),
    discountFen: 0 - sum((kind, level) => kind === 'CANTEEN_DISCOUNT' || level === 'DONOR'),
    selfPaidFen: 0 - sum((kind) => kind === 'ELDER'),
  };
}

/** All of them together. */
export function sumOf(all: readonly Money[]): Money {
  const total: Money = { grossFen: 0, subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  for (const money of all) for (const name of names) total[name] += money[name];
  return total;
}
