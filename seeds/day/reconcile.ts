import type { EntityManager } from 'typeorm';
import type { DemoReader, Receipt } from './demo-reader.js';
import type { GraphClient } from './graph-client.js';

/** Sums over meals, in fen but for the first. */
export interface Totals {
  meals: number;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

const names = ['meals', 'grossFen', 'subsidyFen', 'discountFen', 'selfPaidFen'] as const;

/** Something that must add up, and by how much it does not. */
export interface Reconciled {
  what: string;
  faults: string[];
}

export interface ReconcileOptions {
  client: GraphClient;
  adminToken: string;
  /** For the ledger, which no operation of the graph shows. */
  manager: EntityManager;
  day: string;
  /** Meals that no reader holds, because a courier handed them over. */
  brought: { canteenId: string; receipts: readonly Receipt[] };
}

/** Compares what the readers and couriers hold with what the canteens, the city and the ledger say of that day. */
export async function reconcile(
  readers: readonly DemoReader[],
  { client, adminToken, manager, day, brought }: ReconcileOptions,
): Promise<Reconciled[]> {
  const unanswered = readers.flatMap(({ stored }) => stored.filter(({ answer }) => !answer));
  const receipts = totalsOf([...readers.flatMap(receiptsOf), ...brought.receipts]);
  const canteens: Reconciled = {
    what: "each canteen's day = its reader's receipts and what was brought, no number missing",
    faults: [],
  };
  for (const reader of readers) {
    const said = await canteenDay(client, adminToken, reader.facilityId, day);
    const fromDoors = reader.facilityId === brought.canteenId ? brought.receipts : [];
    const own = totalsOf([...receiptsOf(reader), ...fromDoors]);
    canteens.faults.push(...differences(said, own).map((fault) => `${reader.facilityId} ${fault}`));
    if (said.missing > 0) canteens.faults.push(`${reader.facilityId} misses ${said.missing} numbers`);
  }
  return [
    { what: 'sent = answered', faults: unanswered.map(({ input }) => input.swipeId) },
    { what: 'a tap sent again got its first answer', faults: faultyReplays(readers) },
    canteens,
    { what: 'the ledger = all receipts', faults: differences(await ledgerTotals(manager, day), receipts) },
    {
      what: "the city's roll-up = all receipts",
      faults: differences(await cityDay(client, adminToken, day), receipts),
    },
    { what: 'the ledger sums to zero', faults: await ledgerRemainder(manager) },
  ];
}

function receiptsOf({ stored }: DemoReader): Receipt[] {
  return stored.flatMap(({ answer }) => answer?.receipt ?? []);
}

export function totalsOf(receipts: readonly Receipt[]): Totals {
  const totals: Totals = { meals: 0, grossFen: 0, subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  for (const receipt of receipts) {
    totals.meals += 1;
    totals.grossFen += receipt.grossFen;
    totals.subsidyFen += receipt.subsidyFen;
    totals.discountFen += receipt.discountFen;
    totals.selfPaidFen += receipt.selfPaidFen;
  }
  return totals;
}

/** In which figures one side differs from the receipts; a figure that the side does not tell is not compared. */
export function differences(side: Partial<Totals>, receipts: Totals): string[] {
  return names
    .filter((name) => side[name] !== undefined && side[name] !== receipts[name])
    .map((name) => `${name} ${side[name]} against ${receipts[name]}`);
}

function faultyReplays(readers: readonly DemoReader[]): string[] {
  return readers
    .flatMap(({ repeated }) => repeated)
    .filter(
      ({ first, again }) =>
        !again.replayed || again.outcome !== first.outcome || again.receipt?.serial !== first.receipt?.serial,
    )
    .map(({ first }) => first.swipeId);
}

const canteenDayQuery = `query Day($id: ID!, $date: Date!) {
  canteenDay(canteenId: $id, date: $date) { ${names.join(' ')} missing }
}`;

async function canteenDay(client: GraphClient, token: string, id: string, date: string) {
  const data = await client.ask<{ canteenDay: Totals & { missing: number } }>(
    canteenDayQuery,
    { id, date },
    token,
  );
  return data.canteenDay;
}

const cityDayQuery = `query City($on: Date!) {
  facilities(kind: CITY_CENTER, first: 1) { nodes { rollup(on: $on) { meals subsidyFen selfPaidFen } } }
}`;

/** What the roll-up of the whole city says of a day. */
export async function cityDay(client: GraphClient, token: string, on: string): Promise<Partial<Totals>> {
  type Data = { facilities: { nodes: { rollup: Partial<Totals> }[] } };
  const data = await client.ask<Data>(cityDayQuery, { on }, token);
  const [city] = data.facilities.nodes;
  if (!city) throw new Error('There is no city centre in the network.');
  return city.rollup;
}

/** The same figures from the ledger's entries alone, of the postings of that day's swipes, or of some of them. */
export async function ledgerTotals(
  manager: EntityManager,
  day: string,
  condition = '1 = 1',
): Promise<Totals> {
  const rows: { kind: string; postings: number | string; fen: number | string }[] = await manager.query(
    `SELECT a.kind, COUNT(DISTINCT n.postingId) AS postings, SUM(n.fen) AS fen
       FROM swipe s
       JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
       JOIN ledger_entry n ON n.postingId = p.id
       JOIN ledger_account a ON a.id = n.accountId
      WHERE s.mealDate = ? AND ${condition}
      GROUP BY a.kind`,
    [day],
  );
  const of = (kind: string) => rows.find((row) => row.kind === kind);
  const fen = (kind: string) => Number(of(kind)?.fen ?? 0);
  return {
    meals: Number(of('CANTEEN_RECEIVABLE')?.postings ?? 0),
    grossFen: fen('CANTEEN_RECEIVABLE'),
    // The other sides bear what the canteens are owed, so their entries are negative.
    subsidyFen: 0 - fen('FUNDER'),
    discountFen: 0 - fen('CANTEEN_DISCOUNT'),
    selfPaidFen: 0 - fen('ELDER'),
  };
}

async function ledgerRemainder(manager: EntityManager): Promise<string[]> {
  const [row]: { fen: number | string | null }[] = await manager.query(
    'SELECT SUM(fen) AS fen FROM ledger_entry',
  );
  const fen = Number(row?.fen ?? 0);
  return fen === 0 ? [] : [`${fen} fen`];
}
