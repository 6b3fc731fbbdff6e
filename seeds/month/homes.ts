import type { EntityManager } from 'typeorm';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { firstDayOf, nextMonth } from '../../src/shared/month.js';
import type { PatientClient } from '../day/patient-client.js';
import { readDocument } from './read-document.js';
import type { StatementKey } from './walk-statement.js';

/** A home whose month can be closed, and the centre of the street above it. */
export interface ChosenHome {
  homeId: string;
  streetId: string;
}

const listQuery = `query HomeDrafts($month: String!, $within: ID!) {
  statements(month: $month, within: $within, state: DRAFT, kind: HOME, first: 50) {
    nodes { canteen { id ancestors { id kind } } sums { lines } }
  }
}`;

interface Listed {
  canteen: { id: string; ancestors: { id: string; kind: string }[] };
  sums: { lines: number };
}

/** The first `count` homes of a county, beneath a street, with days to settle in the month; none where nobody lives in one. */
export async function chooseHomes(
  client: PatientClient,
  token: string,
  { countyId, month, count }: { countyId: string; month: string; count: number },
): Promise<ChosenHome[]> {
  const data = await client.ask<{ statements: { nodes: Listed[] } }>(
    listQuery,
    { month, within: countyId },
    token,
  );
  const homes = data.statements.nodes.flatMap(({ canteen, sums }) => {
    const street = canteen.ancestors.find(
      ({ kind }) => kind === 'STREET_CENTER' || kind === 'REGIONAL_CENTER',
    );
    return sums.lines > 0 && street !== undefined ? [{ homeId: canteen.id, streetId: street.id }] : [];
  });
  return homes.slice(0, count);
}

const counts = ['bedDays', 'homeLeaveDays', 'hospitalDays'] as const;
const money = ['grossFen', 'subsidyFen', 'discountFen'] as const;
type Sums = Record<(typeof counts)[number] | (typeof money)[number] | 'lines', number>;

const statementQuery = `query HomeStatement($canteenId: ID!, $month: String!, $from: Date!, $to: Date!) {
  canteenStatement(canteenId: $canteenId, month: $month) { state sums { lines ${counts.join(' ')} ${money.join(' ')} } }
  bedFigures(within: $canteenId, from: $from, to: $to) { occupiedDays leaveDays } }`;
const linesQuery = `query HomeLines($canteenId: ID!, $month: String!, $after: String) {
  statementLines(canteenId: $canteenId, month: $month, first: 200, after: $after) {
    nodes { correctsMonth grossFen stay { presentDays homeLeaveDays hospitalDays } }
    pageInfo { hasNextPage endCursor } } }`;

export interface HomeReconciled extends StatementKey {
  bedDays: number;
  grossFen: number;
  faults: string[];
}

/**
 * Holds a frozen statement of a home against its lines, its documents, the figures of occupancy, and the days of its
 * stays counted one by one.
 */
export async function reconcileHome(
  key: StatementKey,
  {
    client,
    financeToken,
    managerToken,
    manager,
  }: { client: PatientClient; financeToken: string; managerToken: string; manager: EntityManager },
): Promise<HomeReconciled> {
  const [from, to] = [firstDayOf(key.month), firstDayOf(nextMonth(key.month))];
  type Data = {
    canteenStatement: { state: string; sums: Sums };
    bedFigures: { occupiedDays: number; leaveDays: number };
  };
  const { canteenStatement, bedFigures } = await client.ask<Data>(
    statementQuery,
    { ...key, from, to },
    managerToken,
  );
  const { state, sums } = canteenStatement;
  const faults = state === 'FROZEN' ? [] : [`is ${state}, not FROZEN`];
  const hold = (way: string, found: number, against: number) => {
    if (found !== against) faults.push(`${way} ${found} against ${against}`);
  };
  const lines = await linesOf(client, key, financeToken);
  const own = lines.filter(({ correctsMonth }) => correctsMonth === null);
  const sum = (of: (line: Line) => number, among = lines) =>
    among.reduce((total, line) => total + of(line), 0);
  hold('lines', lines.length, sums.lines);
  hold(
    'lines bedDays',
    sum(({ stay }) => stay.presentDays),
    sums.bedDays,
  );
  hold(
    'lines grossFen',
    sum(({ grossFen }) => grossFen),
    sums.grossFen,
  );
  const present = sum(({ stay }) => stay.presentDays, own);
  const away = sum(({ stay }) => stay.homeLeaveDays + stay.hospitalDays, own);
  hold('figures occupiedDays', bedFigures.occupiedDays, present);
  hold('figures leaveDays', bedFigures.leaveDays, away);
  hold('days counted one by one', await daysOf(manager, key, { from, to }), present + away);
  for (const format of ['csv', 'xlsx'] as const) {
    const path = `/exports/statements/${key.canteenId}/${key.month}.${format}`;
    const document = await readDocument(format, await client.download(path, financeToken));
    faults.push(...document.faults.map((fault) => `${format} ${fault}`));
    for (const name of [...money, 'lines'] as const) hold(`${format} ${name}`, document[name], sums[name]);
  }
  return { ...key, bedDays: sums.bedDays, grossFen: sums.grossFen, faults };
}

interface Line {
  correctsMonth: string | null;
  grossFen: number;
  stay: { presentDays: number; homeLeaveDays: number; hospitalDays: number };
}

async function linesOf(client: PatientClient, key: StatementKey, token: string): Promise<Line[]> {
  type Page = { nodes: Line[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  const lines: Line[] = [];
  for (let after: string | null = null; ; ) {
    const data: { statementLines: Page } = await client.ask(linesQuery, { ...key, after }, token);
    lines.push(...data.statementLines.nodes);
    if (!data.statementLines.pageInfo.hasNextPage) return lines;
    after = data.statementLines.pageInfo.endCursor;
  }
}

/** How many days of stays there are, by looking at each day for each stay. */
async function daysOf(
  manager: EntityManager,
  { canteenId }: StatementKey,
  { from, to }: { from: Day; to: Day },
): Promise<number> {
  const stays: { fromDay: Day; toDay: Day | null }[] = await manager.query(
    `SELECT CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay FROM bed_stay
      WHERE facilityId = ? AND cancelledAt IS NULL`,
    [Number(canteenId)],
  );
  let days = 0;
  for (let day = from; day < to; day = addDays(day, 1)) {
    days += stays.filter(({ fromDay, toDay }) => fromDay <= day && (toDay === null || toDay > day)).length;
  }
  return days;
}
