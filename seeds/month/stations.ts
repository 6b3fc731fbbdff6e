import type { EntityManager } from 'typeorm';
import { addDays } from '../../src/shared/china-time.js';
import { firstDayOf, type Month, monthOf } from '../../src/shared/month.js';
import { placeholders } from '../../src/shared/statements.js';
import type { PatientClient } from '../day/patient-client.js';
import { readDocument } from './read-document.js';
import type { StatementKey } from './walk-statement.js';

/** A home-care station whose month can be closed, and the centre of the street above it. */
export interface ChosenStation {
  stationId: string;
  streetId: string;
  month: Month;
}

const listQuery = `query StationDrafts($month: String!, $within: ID!) {
  statements(month: $month, within: $within, state: DRAFT, kind: STATION, first: 200) {
    nodes { canteen { id code ancestors { id kind } } sums { lines } }
  }
}`;

interface Listed {
  canteen: { id: string; code: string; ancestors: { id: string; kind: string }[] };
  sums: { lines: number };
}

interface StationsWanted {
  countyId: string;
  month: Month;
  leftOut: string;
  count: number;
}

/**
 * The first `count` stations of a county with visits to settle in the month, without the one that is played by hand.
 * In the first days of a month no visit of it is over, and the month before is settled instead.
 */
export async function chooseStations(
  client: PatientClient,
  token: string,
  wanted: StationsWanted,
): Promise<ChosenStation[]> {
  const chosen = await stationsOfMonth(client, token, wanted);
  if (chosen.length > 0) return chosen;
  const month = monthOf(addDays(firstDayOf(wanted.month), -1));
  return stationsOfMonth(client, token, { ...wanted, month });
}

async function stationsOfMonth(
  client: PatientClient,
  token: string,
  { countyId, month, leftOut, count }: StationsWanted,
): Promise<ChosenStation[]> {
  const data = await client.ask<{ statements: { nodes: Listed[] } }>(
    listQuery,
    { month, within: countyId },
    token,
  );
  const stations = data.statements.nodes.flatMap(({ canteen, sums }) => {
    const street = canteen.ancestors.find(
      ({ kind }) => kind === 'STREET_CENTER' || kind === 'REGIONAL_CENTER',
    );
    const isWanted = sums.lines > 0 && canteen.code !== leftOut && street !== undefined;
    return isWanted ? [{ stationId: canteen.id, streetId: street.id, month }] : [];
  });
  return stations.slice(0, count);
}

const names = ['grossFen', 'subsidyFen', 'discountFen', 'selfPaidFen'] as const;
type Money = Record<(typeof names)[number], number>;

const statementQuery = `query StationStatement($canteenId: ID!, $month: String!) {
  canteenStatement(canteenId: $canteenId, month: $month) {
    state sums { lines visits hoursMinutes ${names.join(' ')} } } }`;
const linesQuery = `query StationLines($canteenId: ID!, $month: String!, $after: String) {
  statementLines(canteenId: $canteenId, month: $month, first: 200, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } } }`;

export interface StationReconciled extends StatementKey {
  statement: Money;
  faults: string[];
}

/** Holds a frozen statement of a station against the ledger of hours, posting by posting, and its two documents. */
export async function reconcileStation(
  key: StatementKey,
  { client, financeToken, manager }: { client: PatientClient; financeToken: string; manager: EntityManager },
): Promise<StationReconciled> {
  type Sums = Money & { lines: number; visits: number; hoursMinutes: number };
  type Data = { canteenStatement: { state: string; sums: Sums } };
  const { canteenStatement } = await client.ask<Data>(statementQuery, { ...key }, financeToken);
  const { state, sums } = canteenStatement;
  const ledger = await ledgerOf(manager, await postingsOf(client, key, financeToken));
  const faults = state === 'FROZEN' ? [] : [`is ${state}, not FROZEN`];
  for (const name of [...names, 'lines', 'hoursMinutes'] as const) {
    if (ledger[name] !== sums[name]) faults.push(`ledger ${name} ${ledger[name]} against ${sums[name]}`);
  }
  const path = `/exports/statements/${key.canteenId}/${key.month}`;
  for (const format of ['csv', 'xlsx'] as const) {
    const document = await readDocument(format, await client.download(`${path}.${format}`, financeToken));
    faults.push(...document.faults.map((fault) => `${format} ${fault}`));
    for (const name of [...names, 'lines'] as const) {
      if (document[name] !== sums[name])
        faults.push(`${format} ${name} ${document[name]} against ${sums[name]}`);
    }
  }
  return { ...key, statement: sums, faults };
}

async function postingsOf(client: PatientClient, key: StatementKey, token: string): Promise<number[]> {
  type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  const ids: number[] = [];
  for (let after: string | null = null; ; ) {
    const data: { statementLines: Page } = await client.ask(linesQuery, { ...key, after }, token);
    ids.push(...data.statementLines.nodes.map(({ id }) => Number(id)));
    if (!data.statementLines.pageInfo.hasNextPage) return ids;
    after = data.statementLines.pageInfo.endCursor;
  }
}

async function ledgerOf(
  manager: EntityManager,
  postings: readonly number[],
): Promise<Money & { lines: number; hoursMinutes: number }> {
  const rows: { account: string; level: string | null; minutes: number | string; fen: number | string }[] =
    await manager.query(
      `SELECT entry.account, funder.level, SUM(entry.minutes) AS minutes, SUM(entry.fen) AS fen
         FROM hours_entry entry
         LEFT JOIN funder ON entry.account = 'FUNDER' AND funder.id = entry.ownerId
        WHERE entry.postingId IN (${placeholders(postings) || 'NULL'}) GROUP BY entry.account, funder.level`,
      [...postings],
    );
  const sum = (name: 'minutes' | 'fen', isOf: (account: string, level: string | null) => boolean) =>
    rows.reduce((total, row) => (isOf(row.account, row.level) ? total + Number(row[name]) : total), 0);
  return {
    lines: postings.length,
    grossFen: sum('fen', (account) => account === 'STATION_RECEIVABLE'),
    subsidyFen: 0 - sum('fen', (account, level) => account === 'FUNDER' && level !== 'DONOR'),
    discountFen: 0 - sum('fen', (account, level) => account === 'FUNDER' && level === 'DONOR'),
    selfPaidFen: 0 - sum('fen', (account) => account === 'FAMILY'),
    hoursMinutes: sum('minutes', (account) => account === 'USED'),
  };
}
