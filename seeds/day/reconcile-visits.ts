import type { EntityManager } from 'typeorm';
import { monthOf } from '../../src/shared/month.js';
import { placeholders } from '../../src/shared/statements.js';
import type { DemoVisits, PlayedVisit } from './demo-visits-day.js';
import type { Reconciled } from './reconcile.js';
import type { StationSums } from './visit-calls.js';

/** The draft of the month before the day was played, to be subtracted from the one after it. */
export async function draftOf({ game }: DemoVisits): Promise<StationSums> {
  const { calls, people, stationId, day } = game;
  return calls.sums(people.station, stationId, monthOf(day));
}

/** Compares what was booked, brought and reserved with the ledger of hours and with the draft of the month. */
export async function reconcileVisits(
  visits: DemoVisits,
  before: StationSums,
  manager: EntityManager,
): Promise<Reconciled[]> {
  const { played, faults } = visits;
  const after = await draftOf(visits);
  const count = (said: string) => played.filter((visit) => visit.said === said).length;
  const ended = count('COMPLETED') + count('CANCELLED') + count('NO_SHOW');
  return [
    {
      what: 'each visit ended as it was to, and the day was planned',
      faults: [...faults, ...played.flatMap(({ id, faults: own }) => own.map((fault) => `${id} ${fault}`))],
    },
    {
      what: 'visits booked = carried out + called off + missed',
      faults: ended === played.length ? [] : [`${ended} ended of ${played.length}`],
    },
    {
      what: 'hours reserved = used + given back + left',
      faults: await hoursFaults(played, manager),
    },
    { what: "the hours' ledger sums to zero", faults: await ledgerFaults(manager) },
    {
      what: "the draft of the station's month = the hours' ledger of the visits that are proved",
      faults: await draftFaults(visits, { before, after }, manager),
    },
  ];
}

type ByVisit = Map<number, Record<string, number>>;

/** What the ledger says of each visit: by kind of posting, its minutes and its money. */
async function ledgerByVisit(played: readonly PlayedVisit[], manager: EntityManager): Promise<ByVisit> {
  const ids = played.map(({ id }) => Number(id));
  const rows: { visitId: number; kind: string; account: string; amount: number | string }[] =
    await manager.query(
      `SELECT p.visitId, p.kind, e.account, SUM(e.minutes + e.fen) AS amount
       FROM hours_posting p JOIN hours_entry e ON e.postingId = p.id
      WHERE p.visitId IN (${placeholders(ids) || 'NULL'}) GROUP BY p.visitId, p.kind, e.account`,
      ids,
    );
  const found: ByVisit = new Map();
  for (const { visitId, kind, account, amount } of rows) {
    found.set(visitId, { ...found.get(visitId), [`${kind} ${account}`]: Number(amount) });
  }
  return found;
}

async function hoursFaults(played: readonly PlayedVisit[], manager: EntityManager): Promise<string[]> {
  const ledger = await ledgerByVisit(played, manager);
  return played.flatMap(({ id, said, hoursMinutes }) => {
    const own = ledger.get(Number(id)) ?? {};
    const reserved = own['RESERVE RESERVED'] ?? 0;
    const used = own['USE USED'] ?? 0;
    const back = own['GIVE_BACK LEFT'] ?? 0;
    const left = reserved + (own['USE RESERVED'] ?? 0) + (own['GIVE_BACK RESERVED'] ?? 0);
    return [
      ...(reserved === hoursMinutes ? [] : [`${id} reserved ${reserved} of ${hoursMinutes} minutes`]),
      ...(reserved === used + back + left ? [] : [`${id} ${reserved} <> ${used} + ${back} + ${left}`]),
      ...(said === 'COMPLETED' && used !== hoursMinutes ? [`${id} used ${used} of ${hoursMinutes}`] : []),
      ...(said === 'CANCELLED' && used !== 0 ? [`${id} was called off and used ${used}`] : []),
    ];
  });
}

async function ledgerFaults(manager: EntityManager): Promise<string[]> {
  const rows: { minutes: number | string | null; fen: number | string | null }[] = await manager.query(
    'SELECT SUM(minutes) AS minutes, SUM(fen) AS fen FROM hours_entry',
  );
  const [minutes, fen] = [Number(rows[0]?.minutes ?? 0), Number(rows[0]?.fen ?? 0)];
  return minutes === 0 && fen === 0 ? [] : [`${minutes} minutes, ${fen} fen`];
}

/** What the day added to the draft is what the ledger says of its proved visits; the others wait for a look. */
async function draftFaults(
  { game, played }: DemoVisits,
  { before, after }: { before: StationSums; after: StationSums },
  manager: EntityManager,
): Promise<string[]> {
  const { calls, people, stationId, day } = game;
  const settled = new Set(
    await calls.settledVisits(people.station, { stationId, month: monthOf(day), date: day }),
  );
  const proved = played.filter(({ story, said }) => said === 'COMPLETED' && story !== 'SHORT');
  const missing = proved.filter(({ id }) => !settled.has(id)).map(({ id }) => `${id} is missing`);
  const early = played
    .filter((visit) => !proved.includes(visit) && settled.has(visit.id))
    .map(({ id, story }) => `${id} ${story} is in the draft`);
  const ledger = await ledgerByVisit(proved, manager);
  const sum = (name: string, sign = 1) =>
    [...ledger.values()].reduce((total, own) => total + sign * (own[name] ?? 0), 0);
  const wanted = {
    visits: proved.length,
    hoursMinutes: sum('USE USED'),
    grossFen: sum('USE STATION_RECEIVABLE'),
    subsidyFen: sum('USE FUNDER', -1),
    selfPaidFen: sum('USE FAMILY', -1),
  };
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  const differing = names.filter((name) => after[name] - before[name] !== wanted[name]);
  return [
    ...missing,
    ...early,
    ...differing.map((name) => `${name} ${after[name] - before[name]} against ${wanted[name]}`),
  ];
}
